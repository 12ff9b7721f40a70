"""Triggers that note each change of what public pages show."""

from pathlib import Path

from django.db import migrations, models

VERSIONS = Path(__file__).resolve().parent.parent / 'sql' / '0003_versions.sql'
UNDO = 'DROP FUNCTION programs_note_change CASCADE;'


class Migration(migrations.Migration):

    dependencies = [
        ('programs', '0002_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ContentChange',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
            ],
        ),
        migrations.RunSQL(VERSIONS.read_text(encoding='utf-8'), UNDO),
    ]
