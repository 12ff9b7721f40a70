from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

import volunteers.models.identity


class Migration(migrations.Migration):

    atomic = False  # the indexes are built beside the traffic

    dependencies = [
        ('volunteers', '0054_seen_without_reading'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='volunteer',
            index=models.Index(volunteers.models.identity.PersonKey('name'), include=('name',), name='volunteer_same_name'),
        ),
        AddIndexConcurrently(
            model_name='volunteer',
            index=models.Index(fields=['phone'], name='volunteer_phone'),
        ),
    ]
