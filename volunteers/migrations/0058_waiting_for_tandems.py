from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # the index is built beside the traffic

    dependencies = [
        ('volunteers', '0057_indexes_of_figures'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='application',
            index=models.Index(condition=models.Q(('group_size__isnull', True), ('status__in', ('ready', 'placed')), ('volunteer__isnull', False)), fields=['confirmed_at', 'id'], name='application_for_tandems'),
        ),
    ]
