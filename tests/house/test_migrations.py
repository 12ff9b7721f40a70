"""The release before this one still runs on the new schema, and no migration holds or waits for a lock for long."""

import gc
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.contrib.postgres import operations as postgres
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, models, transaction
from django.db.migrations import Migration, operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState
from django.db.models.functions import Now, Random
from django.utils import timezone

from portal.management.commands import migrate
from tests import everything, factories
from tests.migration_rules import Checker, last_release, since
from tests.release import releases

LOADER = MigrationLoader(None)
LAST = last_release(LOADER)
BEFORE: ProjectState = LOADER.project_state(list(LAST.items()))
"""The models of the release before this one."""
UNIQUE = (psycopg.errors.UniqueViolation, psycopg.errors.ExclusionViolation)


@pytest.mark.slow
def test_migrations_since_the_last_release_are_safe_for_it():
    checker = Checker(BEFORE.clone())
    found = [one for migration in since(LOADER, LAST) for one in checker.findings(migration)]
    assert found == []


def test_every_release_names_migrations_that_are_there():
    assert releases()
    for version, last in releases().items():
        assert set(last) == {"portal", "programs", "volunteers", "welcome_rooms"}, version
        for node in last.items():
            assert node in LOADER.disk_migrations, version


ENTRY = ("app", "entry")
FIELDS = {
    "id": models.BigAutoField(primary_key=True),
    "title": models.CharField(max_length=20),
    "note": models.CharField(max_length=20, null=True),
    "kept": models.CharField(max_length=20, db_default=""),
}
TEXT = models.CharField(max_length=20, db_default="")
OVER_TWO = models.CheckConstraint(condition=models.Q(id__gt=2), name="over_two")
INDEX = models.Index(fields=["title"], name="by_title")


def found_in(*listed: Operation, **attributes: Any) -> list[str]:
    """What the rules say to a migration with these operations, for an app with one model that is released."""
    state = ProjectState()
    state.add_model(ModelState("app", "Entry", list(FIELDS.items())))
    migration = Migration("0002_more", "app")
    migration.operations = list(listed)
    vars(migration).update(attributes)
    return list(Checker(state).findings(migration))


@pytest.mark.parametrize(
    "operation",
    [
        operations.AddField("entry", "more", TEXT),
        operations.AddField("entry", "more", models.DateField(null=True)),
        operations.AddField("entry", "more", models.DateTimeField(db_default=Now())),
        operations.AddField("entry", "more", models.ManyToManyField("app.Entry")),
        operations.AlterField("entry", "title", models.CharField(max_length=40)),
        operations.AlterField("entry", "title", models.TextField()),
        operations.AlterField("entry", "title", models.CharField("Titel", max_length=20)),
        operations.CreateModel("Other", [("id", models.BigAutoField(primary_key=True))]),
        operations.RunSQL("CREATE OR REPLACE FUNCTION one() RETURNS int RETURN 1"),
        operations.RunSQL("CREATE INDEX CONCURRENTLY by_title ON app_entry (title)"),
        operations.SeparateDatabaseAndState(
            state_operations=[operations.RemoveField("entry", "note")]
        ),
        postgres.AddIndexConcurrently("entry", INDEX),
        postgres.AddConstraintNotValid("entry", OVER_TWO),
    ],
    ids=lambda operation: operation.describe(),
)
def test_operation_that_the_release_before_survives(operation):
    assert found_in(operation) == []


@pytest.mark.parametrize(
    ("operation", "why"),
    [
        (operations.AddField("entry", "more", models.CharField(default="")), "no db_default"),
        (operations.AddField("entry", "more", models.FloatField(db_default=Random())), "rewrites"),
        (
            operations.AddField(
                "entry",
                "more",
                models.GeneratedField(
                    expression=models.F("id") + 1,
                    output_field=models.IntegerField(),
                    db_persist=True,
                ),
            ),
            "rewrites",
        ),
        (operations.AddField("entry", "more", models.IntegerField(null=True, unique=True)), "lock"),
        (operations.AlterField("entry", "note", models.CharField(max_length=20)), "null"),
        (operations.AlterField("entry", "kept", models.CharField(max_length=20)), "db_default"),
        (operations.AlterField("entry", "title", models.CharField(max_length=10)), "rewrites"),
        (operations.AlterField("entry", "title", models.IntegerField()), "rewrites"),
        (
            operations.AlterField("entry", "title", models.CharField(max_length=20, db_index=True)),
            "lock",
        ),
        (operations.RemoveField("entry", "note"), "needs it"),
        (operations.RenameField("entry", "note", "notes"), "needs it"),
        (operations.DeleteModel("Entry"), "needs it"),
        (operations.RenameModel("Entry", "Offer"), "needs it"),
        (operations.AlterModelTable("entry", "offers"), "needs it"),
        (operations.AddIndex("entry", INDEX), "AddIndexConcurrently"),
        (operations.AddConstraint("entry", OVER_TWO), "AddConstraintNotValid"),
        (operations.RunPython(operations.RunPython.noop), "nobody can see"),
        (operations.RunSQL("ALTER TABLE app_entry DROP COLUMN note"), "DROP COLUMN"),
        (operations.RunSQL("ALTER TABLE app_entry ALTER COLUMN note TYPE text"), "TYPE"),
        (operations.RunSQL("CREATE INDEX by_title ON app_entry (title)"), "INDEX"),
        (operations.RunSQL("UPDATE app_entry SET note = ''"), "UPDATE"),
        (operations.RunSQL("ALTER TABLE app_entry ADD CONSTRAINT a CHECK (id > 2)"), "CONSTRAINT"),
        (
            operations.SeparateDatabaseAndState(
                database_operations=[operations.RemoveField("entry", "note")]
            ),
            "needs it",
        ),
    ],
    ids=lambda value: value.describe() if isinstance(value, Operation) else "",
)
def test_operation_that_breaks_the_release_before_or_holds_a_lock(operation, why):
    (found,) = found_in(operation)
    assert found.startswith("app.0002_more: ")
    assert why in found
    assert found_in(operation, safe_because="Somebody looked.") == []


def test_what_is_new_since_the_release_may_still_change():
    other = operations.CreateModel("Other", [("id", models.BigAutoField(primary_key=True))])
    more = operations.AddField("entry", "more", TEXT)
    assert found_in(other, operations.AddField("other", "name", models.TextField())) == []
    assert found_in(more, operations.RemoveField("entry", "more")) == []


def released_models() -> list[type[models.Model]]:
    """Those of the portal, with tables of relations and of the history."""
    every = BEFORE.apps.get_models(include_auto_created=True)
    return [m for m in every if m._meta.app_label in LAST and m._meta.managed]


def columns(model: type[models.Model]) -> list[str]:
    return [f.column for f in model._meta.local_concrete_fields if not f.generated]


@pytest.mark.django_db
def test_every_column_of_the_release_before_is_there_and_every_other_one_has_a_default():
    assert len(released_models()) > 60
    with connection.cursor() as cursor:
        for model in released_models():
            cursor.execute(
                "SELECT column_name, is_nullable = 'YES' OR column_default IS NOT NULL"
                " OR is_identity = 'YES' OR is_generated = 'ALWAYS'"
                " FROM information_schema.columns WHERE table_name = %s",
                [model._meta.db_table],
            )
            there = dict(cursor.fetchall())
            assert set(columns(model)) - set(there) == set(), model
            fills_itself = {name for name, fills in there.items() if fills}
            assert set(there) - set(columns(model)) - fills_itself == set(), model


@pytest.mark.slow
@pytest.mark.django_db
def test_every_row_can_be_written_with_the_columns_of_the_release_before(queued_mail):
    """Written again, it is refused as a double at most: no later column or constraint is in the way."""
    everything.build()
    written = set()
    for model in released_models():
        table = connection.ops.quote_name(model._meta.db_table)
        names = ", ".join(map(connection.ops.quote_name, columns(model)))
        again = f"INSERT INTO {table} ({names}) SELECT {names} FROM {table} LIMIT 1"  # noqa: S608
        refusal = None
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(again)
                rows = cursor.rowcount
        except DatabaseError as error:
            refusal, rows = error.__cause__, 1
        assert refusal is None or isinstance(refusal, UNIQUE), model
        written |= {model._meta.model_name} if rows else set()
    assert {"application", "consent", "statuschange", "outgoingmail", "registration"} <= written
    assert len(written) > 25


@pytest.mark.django_db
def test_somebody_signs_up_with_the_release_before():
    """What its form writes and its confirmation changes, by its own models."""
    office = factories.make_clearing_office()
    old = BEFORE.apps.get_model
    application = old("volunteers", "Application").objects.create(
        name="Amina Yılmaz", email="amina@example.org", age="adult", organisation_id=office.pk
    )
    old("volunteers", "Consent").objects.create(
        application=application, purpose="application", text_version="1"
    )
    change = old("volunteers", "StatusChange").objects.create
    change(application=application, status="unconfirmed", actor="person")
    old("volunteers", "OutgoingMail").objects.create(
        sender="portal@example.org", recipients=["amina@example.org"], subject="x", content=b"x"
    )
    volunteer = old("volunteers", "Volunteer").objects.create(
        name="Amina Yılmaz", email="amina@example.org"
    )
    application.status, application.volunteer = "new", volunteer
    application.confirmed_at = timezone.now()
    application.save()
    change(application=application, status="new", actor="person")
    application.refresh_from_db()
    assert application.status == "new"
    assert (
        old("volunteers", "ApplicationHistory").objects.filter(pgh_obj_id=application.pk).exists()
    )


ROOM_OF_TEST = {"humanize": "tests.house.migrations"}
"""``humanize`` has no models, so a migration of this test can have its name."""


@pytest.fixture
def waiting_table(transactional_db: None, settings: Any) -> Iterator[None]:
    """A table that the migration of this test alters."""
    settings.MIGRATION_MODULES = ROOM_OF_TEST
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE of_test (id integer)")
        yield
        cursor.execute("DROP TABLE of_test")
        cursor.execute("DELETE FROM django_migrations WHERE app = 'humanize'")


@contextmanager
def read_by_somebody() -> Iterator[psycopg.Connection[Any]]:
    """A long transaction that has read the table."""
    params = connection.get_connection_params()
    for name in ("cursor_factory", "context", "pool"):
        params.pop(name, None)
    with psycopg.connect(**params) as other:
        other.execute("SELECT * FROM of_test")
        yield other


def migrate_in_a_thread() -> None:
    call_command("migrate", "humanize", verbosity=0)
    connection.close()


@pytest.mark.slow
def test_migrate_waits_a_second_for_a_lock_lets_others_pass_and_tries_again(
    waiting_table, monkeypatch
):
    monkeypatch.setattr(migrate, "PAUSE_SECONDS", 0.5)
    waits: list[float] = []
    with read_by_somebody() as reader:
        at_work = threading.Thread(target=migrate_in_a_thread)
        at_work.start()
        # Twice somebody waits behind the migration and passes, although the reader is still there.
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = '60s'")
            while len([wait for wait in waits if wait > 0.5]) < 2 and at_work.is_alive():
                began = time.monotonic()
                cursor.execute("SELECT * FROM of_test")
                waits.append(time.monotonic() - began)
                time.sleep(0.05)
            cursor.execute("RESET statement_timeout")
        assert at_work.is_alive(), "it waits for the reader, and lets others pass"
        reader.rollback()
        at_work.join(60)
    with connection.cursor() as cursor:
        cursor.execute("SELECT more FROM of_test")
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("1min",)


@pytest.mark.slow
def test_migrate_gives_up_with_a_sentence(waiting_table, monkeypatch):
    monkeypatch.setattr(migrate, "PAUSE_SECONDS", 0)
    monkeypatch.setattr(migrate, "TRIES", 2)
    with read_by_somebody(), pytest.raises(CommandError, match="noch einmal"):
        call_command("migrate", "humanize", verbosity=0)
    assert gc.isenabled(), "it rests only while migrations run"
