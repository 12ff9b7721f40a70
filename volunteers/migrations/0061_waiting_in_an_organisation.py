from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False  # the index is built beside the traffic

    dependencies = [
        ('volunteers', '0060_people_by_name'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='application',
            index=models.Index(
                condition=models.Q(('group_size__isnull', True), ('status__in', ('ready', 'placed')), ('volunteer__isnull', False)),
                fields=['organisation', 'confirmed_at', 'id'],
                include=['status', 'entry', 'submitted_at'],
                name='application_for_own_tandems',
            ),
        ),
    ]
