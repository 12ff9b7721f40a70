"""Triggers that note each change of what public pages show of this app."""

from pathlib import Path

from django.db import migrations

VERSIONS = Path(__file__).resolve().parent.parent / 'sql' / '0004_versions.sql'
TABLES = 'volunteers_application volunteers_registration volunteers_user'.split()


class Migration(migrations.Migration):

    dependencies = [
        ('volunteers', '0003_mail_that_is_given_up'),
        ('programs', '0003_versions'),
    ]

    operations = [
        migrations.RunSQL(
            VERSIONS.read_text(encoding='utf-8'),
            [f'DROP TRIGGER IF EXISTS on_public_pages ON {table};' for table in TABLES],
        ),
    ]
