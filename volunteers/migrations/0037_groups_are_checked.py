from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('volunteers', '0036_groups'),
    ]

    operations = [
        ValidateConstraint('application', 'application_group_has_name_and_size'),
    ]
