"""Triggers that note each change of what public pages show of this app."""

from pathlib import Path

from django.db import migrations

VERSIONS = Path(__file__).resolve().parent.parent / 'sql' / '0002_versions.sql'
TABLES = 'portal_keyfigure portal_page'.split()


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0001_initial'),
        ('programs', '0003_versions'),
    ]

    operations = [
        migrations.RunSQL(
            VERSIONS.read_text(encoding='utf-8'),
            [f'DROP TRIGGER IF EXISTS on_public_pages ON {table};' for table in TABLES],
        ),
    ]
