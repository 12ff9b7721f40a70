import programs.models.entries
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # the index is built beside the traffic

    dependencies = [
        ('volunteers', '0059_order_of_lists'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='volunteer',
            index=models.Index(programs.models.entries.Fold('name'), models.F('id'), name='volunteer_by_name'),
        ),
    ]
