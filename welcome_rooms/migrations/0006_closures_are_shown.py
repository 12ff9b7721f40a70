"""The trigger for public pages, and the checks of 0005 for rows that are there already."""

from pathlib import Path

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations

CLOSURES = Path(__file__).resolve().parent.parent / 'sql' / '0006_closures.sql'


class Migration(migrations.Migration):

    dependencies = [
        ('welcome_rooms', '0005_visits_and_closures'),
    ]

    operations = [
        migrations.RunSQL(
            CLOSURES.read_text(encoding='utf-8'),
            'DROP TRIGGER IF EXISTS on_public_pages ON welcome_rooms_closure;',
        ),
        ValidateConstraint(model_name='roomoffer', name='room_offer_ends_after_start'),
        ValidateConstraint(
            model_name='roomoffer', name='room_offer_with_a_time_has_a_weekday'
        ),
    ]
