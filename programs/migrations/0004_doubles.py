"""Organisations entered twice: how names are compared, where merged ones went, which pairs are not the same."""

from pathlib import Path

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

NAMES = Path(__file__).resolve().parent.parent / 'sql' / '0004_names.sql'

UNDO = 'DROP FUNCTION name_likeness, name_in_brackets, name_core, name_key;'


class Migration(migrations.Migration):

    dependencies = [
        ('programs', '0003_versions'),
    ]

    operations = [
        migrations.RunSQL(NAMES.read_text(encoding='utf-8'), UNDO),
        migrations.CreateModel(
            name='FormerOrganisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.BigIntegerField(unique=True, verbose_name='Nummer')),
                ('slug', models.SlugField(max_length=160, unique=True, verbose_name='Adresse')),
                ('title', models.CharField(max_length=160, verbose_name='Name')),
                ('merged_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='zusammengeführt')),
                ('kept', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former', to='programs.organisation', verbose_name='gehört jetzt zu')),
            ],
            options={
                'verbose_name': 'zusammengeführte Organisation',
                'verbose_name_plural': 'zusammengeführte Organisationen',
                'ordering': ['-merged_at'],
            },
        ),
        migrations.CreateModel(
            name='DifferentPair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('noted_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='vermerkt')),
                ('one', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programs.organisation')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programs.organisation')),
            ],
            options={
                'verbose_name': 'verschiedene Organisationen',
                'verbose_name_plural': 'verschiedene Organisationen',
                'constraints': [models.UniqueConstraint(fields=('one', 'other'), name='different_pair_once', violation_error_message='Diese zwei sind schon als verschieden vermerkt.')],
            },
        ),
    ]
