import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations

import programs.models.entries


class Migration(migrations.Migration):

    atomic = False  # the index is built beside the traffic

    dependencies = [
        ('portal', '0021_backups'),
        ('programs', '0033_terms_updated'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='counsellingrequest',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(programs.models.entries.Fold('name'), name='gin_trgm_ops'), django.contrib.postgres.indexes.OpClass(programs.models.entries.Fold('email'), name='gin_trgm_ops'), django.contrib.postgres.indexes.OpClass(programs.models.entries.Fold('phone'), name='gin_trgm_ops'), django.contrib.postgres.indexes.OpClass(programs.models.entries.Fold('text'), name='gin_trgm_ops'), django.contrib.postgres.indexes.OpClass(programs.models.entries.Fold('on_behalf_of'), name='gin_trgm_ops'), name='counselling_found_by'),
        ),
    ]
