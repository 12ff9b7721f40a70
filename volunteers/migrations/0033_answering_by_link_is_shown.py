"""The trigger that notes who begins or ends to answer by link, for the kept public pages."""

from pathlib import Path

from django.db import migrations

VERSIONS = Path(__file__).resolve().parent.parent / 'sql' / '0033_versions.sql'


class Migration(migrations.Migration):

    dependencies = [
        ('volunteers', '0032_expenses'),
    ]

    operations = [
        migrations.RunSQL(
            VERSIONS.read_text(encoding='utf-8'),
            'DROP TRIGGER IF EXISTS on_public_pages ON volunteers_linkanswering;',
        ),
    ]
