"""One guardian may ask for several children, one request may have several companions.

The new rules are built beside the running portal before the old ones go. For rows of the release before,
which have neither child nor asker, the new rule of requests is the old one.
"""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models

import volunteers.models.identity


def index(sql, name, state):
    """Built without a lock; what an earlier try has left is dropped first."""
    drop = f'DROP INDEX CONCURRENTLY IF EXISTS {name}'
    build = migrations.RunSQL([drop, f'CREATE {sql}'], drop)
    return migrations.SeparateDatabaseAndState([build], [state])


def without(name, state):
    """Dropped without a lock for long."""
    drop = f'DROP INDEX CONCURRENTLY IF EXISTS {name}'
    return migrations.SeparateDatabaseAndState([migrations.RunSQL(drop, migrations.RunSQL.noop)], [state])


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('volunteers', '0024_requests_for_others'),
    ]

    operations = [
        ValidateConstraint('companionrequest', 'request_confirmed_before_search'),
        ValidateConstraint('companionrequest', 'request_child_needs_guardian'),
        ValidateConstraint('companionrequest', 'request_child_has_name_and_age'),
        index(
            "UNIQUE INDEX CONCURRENTLY request_per_person_and_child ON volunteers_companionrequest (email, (person_key(name)), (person_key(child_name)), asker_id) NULLS NOT DISTINCT WHERE (((NOT (email = '') AND NOT (asked_for = 'cared')) OR asker_id IS NOT NULL) AND NOT (status IN ('closed', 'withdrawn')))",
            'request_per_person_and_child',
            migrations.AddConstraint(
                model_name='companionrequest',
                constraint=models.UniqueConstraint(models.F('email'), volunteers.models.identity.PersonKey('name'), volunteers.models.identity.PersonKey('child_name'), models.F('asker'), condition=models.Q(models.Q(models.Q(models.Q(('email', ''), _negated=True), models.Q(('asked_for', 'cared'), _negated=True)), ('asker__isnull', False), _connector='OR'), models.Q(('status__in', ['closed', 'withdrawn']), _negated=True)), name='request_per_person_and_child', nulls_distinct=False, violation_error_message='Dafür gibt es schon eine offene Suche.'),
            ),
        ),
        index(
            "UNIQUE INDEX CONCURRENTLY tandem_once_per_request_and_person ON volunteers_tandem (request_id, volunteer_id) WHERE status IN ('proposed', 'running')",
            'tandem_once_per_request_and_person',
            migrations.AddConstraint(
                model_name='tandem',
                constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['proposed', 'running'])), fields=('request', 'volunteer'), name='tandem_once_per_request_and_person', violation_error_message='Für diese beiden gibt es schon einen Vorschlag.'),
            ),
        ),
        without(
            'request_per_person',
            migrations.RemoveConstraint(
                model_name='companionrequest',
                name='request_per_person',
            ),
        ),
        without(
            'tandem_one_at_a_time_per_request',
            migrations.RemoveConstraint(
                model_name='tandem',
                name='tandem_one_at_a_time_per_request',
            ),
        ),
    ]
