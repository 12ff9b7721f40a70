"""The check of 0003, for rows that are there already; it needs no lock that anybody waits for."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('welcome_rooms', '0003_where_rooms_are'),
    ]

    operations = [
        ValidateConstraint(
            model_name='welcomeroom', name='room_lies_in_or_near_stuttgart'
        ),
    ]
