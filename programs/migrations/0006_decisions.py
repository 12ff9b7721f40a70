"""What a person has said about rows of a list that look like a record."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('programs', '0005_imports'),
    ]

    operations = [
        migrations.AddField(
            model_name='listimport',
            name='decisions',
            field=models.JSONField(default=None, null=True, verbose_name='Entscheidungen'),
        ),
    ]
