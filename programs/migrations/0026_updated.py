"""The time of the last change is right after bulk updates and changes of lists, too."""

from pathlib import Path

from django.db import migrations

UPDATED = Path(__file__).resolve().parent.parent / 'sql' / '0026_updated.sql'


class Migration(migrations.Migration):

    dependencies = [
        ('programs', '0025_translations'),
    ]

    operations = [
        migrations.RunSQL(
            UPDATED.read_text(encoding='utf-8'),
            'DROP TRIGGER IF EXISTS programs_entry_updated ON programs_entry;'
            ' DROP FUNCTION IF EXISTS programs_entry_updated;',
        ),
    ]
