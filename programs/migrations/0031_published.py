"""An entry knows when it was first published."""

from pathlib import Path

from django.db import migrations, models

PUBLISHED = Path(__file__).resolve().parent.parent / 'sql' / '0031_published.sql'


class Migration(migrations.Migration):

    dependencies = [
        ('programs', '0030_translated_parts'),
    ]

    operations = [
        migrations.AddField(
            model_name='entry',
            name='published_at',
            field=models.DateTimeField(blank=True, editable=False, help_text='Leer, wenn es war, bevor das Portal diese Zeit aufschrieb.', null=True, verbose_name='zuerst veröffentlicht'),
        ),
        migrations.RunSQL(
            PUBLISHED.read_text(encoding='utf-8'),
            'DROP TRIGGER IF EXISTS programs_entry_published ON programs_entry;'
            ' DROP FUNCTION IF EXISTS programs_entry_published;',
        ),
    ]
