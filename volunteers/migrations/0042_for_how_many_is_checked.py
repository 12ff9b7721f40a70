from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('volunteers', '0041_for_how_many'),
    ]

    operations = [
        ValidateConstraint('companionrequest', 'request_people_one_to_thirty'),
    ]
