"""One mailbox may belong to several people: unique is the name at an address.

The indexes are built beside the running portal; the next migration drops those by address alone.
"""

from pathlib import Path

from django.db import migrations, models

import volunteers.models.identity

PERSON_KEY = Path(__file__).resolve().parent.parent / 'sql' / '0008_person_key.sql'


def index(sql, name, state):
    """Built without a lock; what an earlier try has left is dropped first."""
    drop = f'DROP INDEX CONCURRENTLY IF EXISTS {name}'
    build = migrations.RunSQL([drop, f'CREATE {sql}'], drop)
    return migrations.SeparateDatabaseAndState([build], [state])


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('volunteers', '0007_mails_that_are_stopped'),
    ]

    operations = [
        migrations.RunSQL(PERSON_KEY.read_text(encoding='utf-8'), 'DROP FUNCTION person_key;'),
        index(
            "INDEX CONCURRENTLY volunteer_email ON volunteers_volunteer (email)",
            'volunteer_email',
            migrations.AddIndex(
                model_name='volunteer',
                index=models.Index(fields=['email'], name='volunteer_email'),
            ),
        ),
        index(
            "UNIQUE INDEX CONCURRENTLY application_per_person_and_entry ON volunteers_application (entry_id, email, (person_key(name))) NULLS NOT DISTINCT WHERE (NOT (email = '') AND NOT (status IN ('completed', 'declined', 'withdrawn')))",
            'application_per_person_and_entry',
            migrations.AddConstraint(
                model_name='application',
                constraint=models.UniqueConstraint(models.F('entry'), models.F('email'), volunteers.models.identity.PersonKey('name'), condition=models.Q(models.Q(('email', ''), _negated=True), models.Q(('status__in', ['completed', 'declined', 'withdrawn']), _negated=True)), name='application_per_person_and_entry', nulls_distinct=False, violation_error_message='Diese Person ist dafür schon angemeldet.'),
            ),
        ),
        index(
            "UNIQUE INDEX CONCURRENTLY application_per_person_without_address ON volunteers_application (entry_id, (person_key(name)), phone) NULLS NOT DISTINCT WHERE (email = '' AND NOT (status IN ('completed', 'declined', 'withdrawn')))",
            'application_per_person_without_address',
            migrations.AddConstraint(
                model_name='application',
                constraint=models.UniqueConstraint(models.F('entry'), volunteers.models.identity.PersonKey('name'), models.F('phone'), condition=models.Q(('email', ''), models.Q(('status__in', ['completed', 'declined', 'withdrawn']), _negated=True)), name='application_per_person_without_address', nulls_distinct=False, violation_error_message='Diese Person ist dafür schon angemeldet.'),
            ),
        ),
        index(
            "UNIQUE INDEX CONCURRENTLY request_per_person ON volunteers_companionrequest (email, (person_key(name))) WHERE (NOT (email = '') AND NOT (status IN ('closed', 'withdrawn')))",
            'request_per_person',
            migrations.AddConstraint(
                model_name='companionrequest',
                constraint=models.UniqueConstraint(models.F('email'), volunteers.models.identity.PersonKey('name'), condition=models.Q(models.Q(('email', ''), _negated=True), models.Q(('status__in', ['closed', 'withdrawn']), _negated=True)), name='request_per_person', violation_error_message='Für diese Person gibt es schon eine offene Suche.'),
            ),
        ),
        index(
            "UNIQUE INDEX CONCURRENTLY registration_per_person_and_event ON volunteers_registration (event_id, email, (person_key(name)))",
            'registration_per_person_and_event',
            migrations.AddConstraint(
                model_name='registration',
                constraint=models.UniqueConstraint(models.F('event'), models.F('email'), volunteers.models.identity.PersonKey('name'), name='registration_per_person_and_event', violation_error_message='Diese Person ist für den Termin schon angemeldet.'),
            ),
        ),
        index(
            "UNIQUE INDEX CONCURRENTLY volunteer_per_person ON volunteers_volunteer (email, (person_key(name))) WHERE NOT (email = '')",
            'volunteer_per_person',
            migrations.AddConstraint(
                model_name='volunteer',
                constraint=models.UniqueConstraint(models.F('email'), volunteers.models.identity.PersonKey('name'), condition=models.Q(('email', ''), _negated=True), name='volunteer_per_person', violation_error_message='Unter dieser Adresse gibt es schon jemanden mit diesem Namen.'),
            ),
        ),
    ]
