"""Invented people in very large numbers, written by SQL alone.

Triggers and foreign keys are off while it writes, and indexes are made afterwards, so a million people
take minutes. Everything is plainly made up: names of syllables, addresses at example.org. Values follow
from the number of the row, so that two runs make the same rows.

A small circle keeps sixty applications however many people there are; all other organisations get more
of them, the first ones most (the clearing office about a sixth of all).
"""
# ruff: noqa: S608  all names and values come from this module

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from programs.models import Membership, Opportunity, Organisation
from volunteers.models import User

CIRCLES, OFFERS = 150, 3
SMALL = "kleiner-kreis"
OF_SMALL = 60
"""How many applications the small circle has."""


def catalogue(circles: int = CIRCLES) -> None:
    """Organisations and their offers, the same however many people there are, and one account a role."""
    office = Organisation.objects.clearing_office()
    founded = [
        Organisation.objects.create(
            title=f"Erfundener Kreis {n}", slug=f"kreis-{n}", kind="circle", type="circle",
            department=office, is_demo=True, is_published=True,
        )
        for n in range(circles)
    ]  # fmt: skip
    small = Organisation.objects.create(
        title="Kleiner Kreis", slug=SMALL, kind="circle", type="circle", department=office, is_demo=True,
    )  # fmt: skip
    for circle in [office, small, *founded]:
        for n in range(OFFERS):
            Opportunity.objects.create(
                title=f"Angebot {n} von {circle.title}", slug=f"angebot-{circle.pk}-{n}", is_demo=True,
                organisation=circle, is_published=True,
            )  # fmt: skip
    User.objects.create_superuser("verwaltung@example.org")
    for name, organisation, role in (
        ("fachstelle", office, Membership.Role.STAFF),
        ("koordination", small, Membership.Role.COORDINATOR),
    ):
        user = User.objects.create_user(f"{name}@example.org")
        Membership.objects.create(user=user, organisation=organisation, role=role)


HELPERS = f"""
CREATE FUNCTION pg_temp.draw(n bigint, salt int, most int) RETURNS int IMMUTABLE LANGUAGE sql
    AS 'SELECT (hashint8extended(n, salt) & 2147483647)::int % most';
CREATE FUNCTION pg_temp.named(n bigint) RETURNS text IMMUTABLE LANGUAGE sql AS $$
    SELECT (ARRAY['Anna','Öykü','Łucja','Şirin','Ngọc','Мария','Олександр','ليلى','علی‌رضا','Jürgen','Zoë','Ayşe',
        'Bärbel','Dragan','Émile','Fatou','Ġorġ','Hélène','Ivo','李明'])[1 + pg_temp.draw(n, 1, 20)] || ' '
        || initcap((ARRAY['ba','do','ke','li','mu','na','pe','ri','so','tu'])[1 + pg_temp.draw(n, 2, 10)]
        || (ARRAY['lan','mer','nös','pür','rak','şem','tov','vil','win','zan'])[1 + pg_temp.draw(n, 3, 10)]
        || (ARRAY['berg','dorf','eva','fels','gül','hain','ić','kova','man','ster'])[1 + pg_temp.draw(n, 4, 10)]
        || (ARRAY['','bach','er','au','ek','in','ov','us','ım','ä'])[1 + pg_temp.draw(n, 5, 10)])
        || '-' || initcap(translate(to_hex(n * 2654435761 % 4294967296), '0123456789', 'ghijklmnop'))
$$;
CREATE TEMP TABLE ranked AS
    SELECT CASE e.slug WHEN '{SMALL}' THEN -1 ELSE row_number() OVER (ORDER BY o.is_clearing_office DESC,
        e.slug = '{SMALL}', e.id) - 1 END::int AS rank, e.id, array_agg(a.id ORDER BY a.id) AS offers
    FROM programs_organisation o JOIN programs_entry e ON e.id = o.entry_ptr_id
    JOIN programs_entry a ON a.organisation_id = e.id AND a.slug LIKE 'angebot-%'
    GROUP BY e.id, o.is_clearing_office;
CREATE FUNCTION pg_temp.rank(n bigint, rows bigint) RETURNS int STABLE LANGUAGE sql AS $$
    SELECT CASE WHEN n % greatest(rows / {OF_SMALL}, 1) = 0 THEN -1
    ELSE floor(exp(pg_temp.draw(n, 6, 1000000) / 1e6 * ln((SELECT max(rank) + 2 FROM ranked))))::int - 1 END
$$;
CREATE FUNCTION pg_temp.ago(part float8) RETURNS timestamptz STABLE LANGUAGE sql
    AS $$SELECT now() - part * interval '8 years'$$;
"""

LANGUAGES = (
    "ARRAY['de', (ARRAY['ar','uk','en','fa','tr','ru','fr','ro'])[1 + pg_temp.draw(n, 7, 8)]]"
)
SPOKEN = "(ARRAY['de','de','de','de','de','de','en','uk','ar','tr'])[1 + pg_temp.draw(n, 8, 10)]"
DISTRICT = "(SELECT lpad((1 + pg_temp.draw(n, 9, 23))::text, 2, '0'))"
ACCOUNT = "(SELECT min(id) FROM volunteers_user)"
APPLICATION_OF = "(2 * {people} - n + 1)"


def tables(people: int) -> list[tuple[str, int, dict[str, str]]]:
    """Table, number of rows, and column → SQL of the values that differ from the column's neutral one."""
    all_ = 2 * people
    person = f"CASE WHEN n > {people} THEN n - {people} ELSE n END"
    age = f"(1 - n / {all_}::float8)"
    status = (
        f"CASE WHEN {age} < 0.004 AND pg_temp.draw(n, 10, 10) < 7 THEN 'new' ELSE "
        f"(ARRAY['in_contact','in_training','ready','ready','placed','placed','placed','placed','placed',"
        f"'completed','completed','completed','paused','waiting',"
        f"CASE WHEN {age} < 0.06 THEN 'declined' ELSE 'placed' END,"
        f"CASE WHEN {age} < 0.06 THEN 'withdrawn' ELSE 'completed' END])[1 + pg_temp.draw(n, 11, 16)] END"
    )
    offer = f"CASE WHEN n > {people} THEN 2 ELSE 1 + 2 * pg_temp.draw(n, 12, 2) END"
    asked = {
        "languages": LANGUAGES,
        "weekdays": "ARRAY[pg_temp.draw(n, 13, 7)]",
        "preferred_language": SPOKEN,
    }
    who = {
        "name": f"pg_temp.named({person})",
        "email": f"'person-' || ({person}) || '@example.org'",
        "phone": "'0711 000000'",
        "is_demo": "true",
    }
    app = f"(SELECT id FROM volunteers_application WHERE id = {all_} - (n * 3) % {all_})"
    answered = (
        f"(SELECT organisation_id FROM volunteers_application WHERE id = {all_} - (n * 3) % {all_})"
    )
    helper = (
        f"(SELECT volunteer_id FROM volunteers_application WHERE id = {all_} - (n * 3) % {all_})"
    )
    called = f"pg_temp.named((SELECT volunteer_id FROM volunteers_application WHERE id = {all_} - (n * 3) % {all_}))"
    requests, events = people // 10, 200 + people // 1000
    return [
        ("volunteers_volunteer", people, {**asked, **who, "created_at": f"pg_temp.ago(1 - n / {people}::float8)",
            "tandem_limit": "1"}),
        ("volunteers_volunteer_districts", people, {"volunteer_id": "n", "district_id": DISTRICT}),
        ("volunteers_application", all_, {**asked, **who, "volunteer_id": person,
            "organisation_id": "org.id", "entry_id": f"org.offers[{offer}]", "status": status,
            "submitted_at": f"pg_temp.ago({age})", "confirmed_at": f"pg_temp.ago({age})", "age": "'adult'",
            "decline_reason": "'Kein Platz'", "tandem_limit": "1",
            "answer_by": f"(pg_temp.ago({age}) + interval '7 days')::date"}),
        ("volunteers_application_districts", all_, {"application_id": "n", "district_id": DISTRICT}),
        ("volunteers_application_fields", all_, {"application_id": "n",
            "field_id": "(SELECT min(id) FROM programs_field) + pg_temp.draw(n, 14, 15)"}),
        ("volunteers_statuschange", all_, {"application_id": "n", "at": f"pg_temp.ago({age})", "actor": "'applicant'",
            "status": "(SELECT status FROM volunteers_application WHERE id = n)"}),
        ("volunteers_applicationhistory", 5 * people, {"pgh_created_at": f"pg_temp.ago(1 - n / {5 * people}::float8)",
            "pgh_label": "'update'", "id": f"1 + n % {all_}", "pgh_obj_id": f"1 + n % {all_}", "status": "'ready'",
            "organisation_id": "1"}),
        ("volunteers_message", people // 10, {"application_id": app, "sender": "'applicant'", "text": "'Guten Tag'",
            "at": "pg_temp.ago(0.01)", "handled_at": "CASE WHEN pg_temp.draw(n, 15, 50) > 0 THEN now() END"}),
        ("volunteers_companionrequest", requests, {**asked, **who, "email": "'suche-' || n || '@example.org'",
            "name": "left(pg_temp.named(n), 60)", "organisation_id": "org.id", "district_id": DISTRICT,
            "age_group": "'adult'",
            "status": "(ARRAY['open','matched','matched','closed'])[1 + pg_temp.draw(n, 16, 4)]",
            "submitted_at": f"pg_temp.ago((1 - n / {requests}::float8) / 4)",
            "confirmed_at": f"pg_temp.ago((1 - n / {requests}::float8) / 4)",
            "closed_at": "pg_temp.ago(0.05)"}),
        ("volunteers_tandem", people // 20, {"application_id": app, "request_id": "n", "volunteer_id": helper,
            "organisation_id": answered, "volunteer_answer": "'yes'", "newcomer_answer": "'yes'",
            "status": "(ARRAY['running','running','running','ended'])[1 + pg_temp.draw(n, 17, 4)]",
            "proposed_at": "pg_temp.ago(0.1)", "started_on": "pg_temp.ago(0.1)::date", "ended_on": "CASE WHEN "
            "pg_temp.draw(n, 17, 4) = 3 THEN pg_temp.ago(0.05)::date END", "end_reason": "'reached'",
            "volunteer_answered_at": "pg_temp.ago(0.1)", "newcomer_answered_at": "pg_temp.ago(0.1)"}),
        ("programs_event", events, {
            "title": "'Erfundener Termin ' || n", "slug": "'termin-' || n", "kind": "'training'",
            "organisation_id": "org.id", "starts_at": f"pg_temp.ago(n / {events}::float8 / 8) + interval '60 days'",
            "ends_at": f"pg_temp.ago(n / {events}::float8 / 8) + interval '60 days 2 hours'", "is_published": "true",
            "takes_registrations": "true", "is_demo": "true"}),
        ("volunteers_registration", people // 2, {"event_id": f"1 + n % {events}", "volunteer_id": "n",
            "organisation_id": f"(SELECT organisation_id FROM programs_event WHERE id = 1 + n % {events})",
            "name": "pg_temp.named(n)", "email": "'person-' || n || '@example.org'", "is_demo": "true",
            "status": "'registered'", "submitted_at": f"pg_temp.ago((1 - n / {people / 2}) / 8)",
            "confirmed_at": "now()", "preferred_language": SPOKEN}),
        ("volunteers_hoursentry", people // 2, {
            "application_id": app, "\"on\"": f"pg_temp.ago(1 - n / {people / 2})::date",
            "hours": "1.5 + pg_temp.draw(n, 18, 4)", "what": "'Begleitung'", "district_id": DISTRICT,
            "entered_at": f"pg_temp.ago(1 - n / {people / 2})", "is_demo": "true",
            "confirmed_at": "CASE WHEN pg_temp.draw(n, 19, 30) > 0 THEN now() END"}),
        ("volunteers_outgoingmail", people // 2, {"sender": "'portal@example.org'",
            "recipients": "ARRAY['person-' || n || '@example.org']", "subject": "'Ihre Anmeldung'",
            "content": "'x'::bytea", "sent_at": "now()", "created_at": f"pg_temp.ago(1 - n / {people / 2})",
            "failed_at": f"CASE WHEN pg_temp.draw(n, 20, 10) = 0 THEN pg_temp.ago(1 - n / {people / 2}) END"}),
        ("volunteers_securityevent", people, {"kind": "(ARRAY['login','login','login_failed','export','limited'])"
            "[1 + pg_temp.draw(n, 21, 5)]", "at": f"pg_temp.ago((1 - n / {people}::float8) / 8)",
            "about": "'application ' || n", "by_id": ACCOUNT}),
        ("volunteers_expense", people // 20, {"application_id": app, "status": "(ARRAY['submitted','paid'])"
            "[1 + (pg_temp.draw(n, 22, 9) > 0)::int]", "kind": "'ticket'", "\"on\"": "pg_temp.ago(0.02)::date",
            "amount": "3.2", "closed_at": "CASE WHEN pg_temp.draw(n, 22, 9) > 0 THEN now() END",
            "submitted_at": f"pg_temp.ago((1 - n / {people / 20}) / 8)"}),
        ("volunteers_certificate", people // 20, {"code": "to_char(n, 'FM0000000000')", "name": called,
            "what": "'Begleitung'", "since": "pg_temp.ago(0.2)::date", "until": "pg_temp.ago(0.1)::date",
            "issued_on": f"pg_temp.ago(1 - n / {people / 20})::date", "application_id": app,
            "organisation_id": answered, "volunteer_id": helper, "is_demo": "true", "issuer": "'Stadt'"}),
        ("volunteers_enquiry", people // 20, {"text": "'Wann ist der Treff?'", "name": "pg_temp.named(n)",
            "email": "'frage-' || n || '@example.org'", "asked_at": f"pg_temp.ago((1 - n / {people / 20}) / 8)",
            "answered_at": "CASE WHEN pg_temp.draw(n, 23, 40) > 0 THEN now() END", "answer_by": "current_date + 3",
            "organisation_id": "org.id", "entry_id": "1", "is_demo": "true"}),
        ("volunteers_conductcheck", people // 20, {"organisation_id": answered, "volunteer_id": "n", "is_clear": "true",
            "seen_on": "pg_temp.ago(0.1)::date", "issued_on": f"pg_temp.ago(0.1 + n / {people}::float8)::date"}),
        ("portal_subscription", people // 10, {"email": "'brief-' || n || '@example.org'", "status": "'active'",
            "topics": "ARRAY['volunteering']", "confirmed_at": f"pg_temp.ago(1 - n / {people / 10})",
            "language": "'de'",
            "submitted_at": f"pg_temp.ago(1 - n / {people / 10})", "is_demo": "true", "preferred_language": SPOKEN}),
        ("portal_counsellingrequest", people // 50, {
            "name": "pg_temp.named(n)", "email": "'rat-' || n || '@example.org'",
            "status": "(ARRAY['new','done','done','done'])[1 + pg_temp.draw(n, 24, 4)]", "audience": "'volunteers'",
            "closed_at": "CASE WHEN pg_temp.draw(n, 24, 4) > 0 THEN now() END", "organisation_id": "1",
            "answer_by": "current_date + 2", "confirmed_at": "now()", "is_demo": "true", "text": "'Frage'",
            "submitted_at": f"pg_temp.ago((1 - n / {people / 50}) / 16)"}),
        ("volunteers_exportrecord", people // 100, {
            "at": f"pg_temp.ago(1 - n / {people / 100})", "what": "'Anmeldungen'",
            "format": "'xlsx'", "rows": "n", "by_id": ACCOUNT, "purpose": "'Bericht'"}),
    ]  # fmt: skip


NEUTRAL = {
    "boolean": "false", "uuid": "gen_random_uuid()", "timestamp with time zone": "now()", "date": "current_date",
    "ARRAY": "'{}'", "text": "''", "character varying": "''", "jsonb": "'{}'", "tsvector": "''::tsvector",
}  # fmt: skip
"""Type → value of a column that must not be empty; every other type is a number."""


def people(number: int) -> None:
    """Add ``number`` people and everything that grows with them."""
    for table, rows, values in tables(number):
        _fill(table, rows, values)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.in_atomic_block else "VACUUM (ANALYZE)")


def _fill(table: str, rows: int, values: dict[str, str]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute(
            "DROP FUNCTION IF EXISTS pg_temp.rank; DROP FUNCTION IF EXISTS pg_temp.named"
        )
        cursor.execute(
            "DROP TABLE IF EXISTS ranked; DROP FUNCTION IF EXISTS pg_temp.ago, pg_temp.draw"
        )
        cursor.execute(HELPERS)
        with _without_indexes(cursor, table):
            full = {**_needed(cursor, table, values), **values}
            key = "pgh_id" if "pgh_label" in values else "id"
            source = f"generate_series(1, {rows}) AS n"
            if "org.id" in values.values():
                source += f" JOIN ranked AS org ON org.rank = pg_temp.rank(n, {rows})"
            chosen = ", ".join(full.values())
            cursor.execute(
                f"INSERT INTO {table} ({key}, {', '.join(full)}) SELECT n, {chosen} FROM {source} ORDER BY 1"
            )
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', '{key}'), {rows})")


def _needed(cursor: Any, table: str, values: dict[str, str]) -> dict[str, str]:
    cursor.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s AND is_nullable = 'NO'"
        " AND column_default IS NULL AND is_identity = 'NO'",
        [table],
    )
    return {
        f'"{name}"': NEUTRAL.get(kind, "0")
        for name, kind in cursor.fetchall()
        if name not in values and f'"{name}"' not in values
    }


@contextmanager
def _without_indexes(cursor: Any, table: str) -> Iterator[None]:
    """Takes away the indexes that no constraint of the table rests on, and makes them again."""
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = %s::regclass"
        " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)",
        [table],
    )
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(f"DROP INDEX {name}")
    yield
    for _name, definition in found:
        cursor.execute(definition)
