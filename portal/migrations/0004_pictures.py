"""Pictures that other sites show when somebody shares a page."""

from pathlib import Path

from django.db import migrations, models

PICTURES = Path(__file__).resolve().parent.parent / 'sql' / '0004_pictures.sql'


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0003_search'),
    ]

    operations = [
        migrations.CreateModel(
            name='SharePicture',
            fields=[
                ('digest', models.CharField(max_length=16, primary_key=True, serialize=False)),
                ('png', models.BinaryField(verbose_name='Bild')),
            ],
            options={
                'verbose_name': 'Bild zum Teilen',
                'verbose_name_plural': 'Bilder zum Teilen',
            },
        ),
        migrations.RunSQL(
            PICTURES.read_text(encoding='utf-8'),
            'DROP TRIGGER IF EXISTS on_public_pages ON portal_sharepicture;',
        ),
    ]
