from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # the indexes are built beside the traffic

    dependencies = [
        ('programs', '0033_terms_updated'),
        ('volunteers', '0058_waiting_for_tandems'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='certificate',
            index=models.Index(fields=['issued_on', 'id'], name='certificate_by_day'),
        ),
        AddIndexConcurrently(
            model_name='daterequest',
            index=models.Index(fields=['starts_at', 'id'], name='date_by_time'),
        ),
        AddIndexConcurrently(
            model_name='enquiry',
            index=models.Index(fields=['asked_at', 'id'], name='enquiry_by_time'),
        ),
        AddIndexConcurrently(
            model_name='exportrecord',
            index=models.Index(fields=['at', 'id'], name='export_by_time'),
        ),
        AddIndexConcurrently(
            model_name='retentionrun',
            index=models.Index(fields=['at'], name='retention_run_by_time'),
        ),
    ]
