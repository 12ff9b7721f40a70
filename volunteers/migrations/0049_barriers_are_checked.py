from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('volunteers', '0048_barriers'),
    ]

    operations = [
        ValidateConstraint('enquiry', 'enquiry_can_be_answered_or_is_barrier'),
    ]
