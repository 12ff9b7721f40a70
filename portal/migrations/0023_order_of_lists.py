from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # the indexes are built beside the traffic

    dependencies = [
        ('portal', '0022_counselling_is_found'),
        ('programs', '0033_terms_updated'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='counsellingrequest',
            index=models.Index(fields=['submitted_at', 'id'], name='counselling_by_time'),
        ),
        AddIndexConcurrently(
            model_name='savedsearch',
            index=models.Index(fields=['confirmed_at', 'id'], name='saved_search_by_time'),
        ),
        AddIndexConcurrently(
            model_name='subscription',
            index=models.Index(fields=['confirmed_at', 'id'], name='subscription_by_time'),
        ),
    ]
