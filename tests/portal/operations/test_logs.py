"""Logs never hold what people typed: in web requests, in jobs, in commands, whatever fails."""

import datetime
import http.client
import json
import logging
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app

from portal.operations import logs
from tests import factories
from tests.mailserver import free_port
from volunteers.links import applications as application_links
from volunteers.models import User, Volunteer

NAME, EMAIL = "Xanthippe Quäckenbüsch", "xanthippe.q@zwiebelturm.example"
SECRETS = ("Xanthippe", "Quäckenb", "zwiebelturm", "xanthippe.q", "Failing row")
LATER = "ADD COLUMN of_a_later_release integer NOT NULL CHECK (of_a_later_release > 0)"


@contextmanager
def altered(table: str, how: str, back: str) -> Iterator[None]:
    """Meanwhile the table is one that this code does not know."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} {how}")
        yield
        cursor.execute(f"ALTER TABLE {table} {back}")


def environment(tmp_path: Path) -> dict[str, str]:
    """For a process that uses the database of this test."""
    database = connection.settings_dict
    return {
        "PATH": os.environ["PATH"],
        "PORTAL_MODE": "demo",
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": f"postgres:///{database['NAME']}",
        "FORM_MIN_SECONDS": "0",
        **{f"PG{name}": str(database[name]) for name in ("HOST", "PORT", "USER")},
    }


def assert_tells_the_fault_without_content(log: str, fault: str) -> None:
    assert fault in log
    assert "Traceback" in log
    assert [secret for secret in SECRETS if secret in log] == []


@pytest.fixture
def served(transactional_db: None, tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """The port of a real web server, and the file with all that it says."""
    with connection.cursor():  # starts the server of this test run
        given = environment(tmp_path)
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--no-input", "-v0"],
        cwd=settings.BASE_DIR,
        env=given,
        check=True,
    )
    port, log = free_port(), tmp_path / "web.log"
    command = [sys.executable, "-m", "gunicorn", "--config", "portal/gunicorn.py", "portal.wsgi"]
    with log.open("wb") as output:
        server = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env={**given, "PORT": str(port)},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    end = time.monotonic() + 60
    while ask("GET", port, "/healthz")[0] == 0:
        assert time.monotonic() < end, log.read_text()
        time.sleep(0.1)
    yield port, log
    server.terminate()
    server.wait(30)


def ask(method: str, port: int, path: str, body: str = "", **headers: str) -> tuple[int, str, str]:
    """Status, text and cookies; status 0 without a response."""
    server = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        server.request(method, path, body, headers)
        response = server.getresponse()
        return response.status, response.read().decode(), response.headers["Set-Cookie"] or ""
    except ConnectionError:
        return 0, "", ""
    finally:
        server.close()


@pytest.mark.slow
def test_a_request_that_fails_on_a_newer_schema(served):
    port, log = served
    factories.make_clearing_office()
    _status, page, cookie = ask("GET", port, "/anmelden/")
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    data = dict(hidden) | {"name": NAME, "email": EMAIL, "age": "adult", "consent": "on"}
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    with altered("volunteers_application", LATER, "DROP COLUMN of_a_later_release"):
        status, _page, _cookie = ask("POST", port, "/anmelden/", urlencode(data), **headers)
    assert status == 500
    told = log.read_text()
    assert_tells_the_fault_without_content(told, 'null value in column "of_a_later_release"')
    assert "Internal Server Error: /anmelden/" in told


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_job_that_fails_on_a_newer_schema(tmp_path):
    office = factories.make_clearing_office()
    factories.make_member(office, factories.make_user(EMAIL, name=NAME))
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    factories.make_application(office, NAME, entry=None, answer_by=tomorrow)
    app.configure_task("chores").defer(timestamp=0)
    command = [sys.executable, "manage.py", "procrastinate", "worker", "--one-shot"]
    with altered("volunteers_outgoingmail", LATER, "DROP COLUMN of_a_later_release"):
        done = subprocess.run(
            command,
            cwd=settings.BASE_DIR,
            env=environment(tmp_path),
            capture_output=True,
            text=True,
            timeout=120,
        )
    told = done.stdout + done.stderr
    assert_tells_the_fault_without_content(told, 'null value in column "of_a_later_release"')


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_command_that_fails_on_a_newer_schema(tmp_path):
    command = [sys.executable, "manage.py", "createsuperuser", "--no-input", "--email", EMAIL]
    with altered("volunteers_user", LATER, "DROP COLUMN of_a_later_release"):
        done = subprocess.run(
            command,
            cwd=settings.BASE_DIR,
            env=environment(tmp_path),
            capture_output=True,
            text=True,
            timeout=120,
        )
    assert done.returncode == 1
    assert_tells_the_fault_without_content(
        done.stdout + done.stderr, 'null value in column "of_a_later_release"'
    )


def logged(
    error: BaseException | None = None, message: str = "Nanu", *args: object, **extra: object
) -> str:
    """What one line of the log says."""
    exc_info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("portal", logging.ERROR, "x.py", 1, message, args, exc_info)
    vars(record).update(extra)
    return logs.Formatter("%(levelname)s %(message)s").format(record)


def of_database(statement: str, *values: object) -> DatabaseError:
    with pytest.raises(DatabaseError) as found, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
    return found.value


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "kept"),
    [
        ("SELECT %s::integer", "InvalidTextRepresentation"),
        ("SELECT %s::date", "InvalidDatetimeFormat"),
        ("SELECT %s || 1 / 0 || no_such_column", 'column "no_such_column" does not exist'),
        ('SELECT %s FROM nowhere WHERE "Xanthippe 7', "ProgrammingError: unterminated quoted"),
        ("DO $do$ BEGIN RAISE EXCEPTION 'no „%%“', %s; END $do$", "RaiseException"),
    ],
)
def test_what_postgresql_quotes_is_left_out(statement, kept):
    told = logged(of_database(statement, f"{NAME}\nsecond line"))
    assert_tells_the_fault_without_content(told, kept)
    assert "second line" not in told


@pytest.mark.django_db
def test_the_key_of_a_double_is_left_out_and_its_constraint_stays():
    factories.make_volunteer(NAME, email=EMAIL)
    with pytest.raises(IntegrityError) as found, transaction.atomic():
        User.objects.bulk_create([User(email=EMAIL), User(email=EMAIL)])
    told = logged(found.value, f"Failed for {EMAIL}: %s", found.value)
    assert_tells_the_fault_without_content(told, "volunteers_user_email")
    assert "Key (" not in told
    assert Volunteer.objects.get().email == EMAIL


@pytest.mark.parametrize("marks", ["''", '""', "«»", "„“"])
def test_what_a_sentence_quotes_is_left_out(marks):
    told = logged(ValueError(f"{marks[0]}{NAME} 7{marks[1]} ist keine Zahl."))
    assert_tells_the_fault_without_content(told, "ValueError: … ist keine Zahl.")


def chain() -> BaseException:
    try:
        try:
            raise ValueError(f"'{NAME} 7' is none of 'adult'")
        except ValueError as error:
            raise LookupError(EMAIL) from error
    except LookupError as error:
        return ExceptionGroup("Two", [error, KeyError("consent")])


def test_every_error_of_a_chain_and_of_a_group_is_told_without_what_was_typed():
    told = logged(chain())
    assert_tells_the_fault_without_content(told, "builtins.ValueError: … is none of 'adult'")
    assert "builtins.KeyError: 'consent'" in told
    assert "direct cause" in told
    assert told.count("def chain") == 0
    assert "in chain" in told


@pytest.mark.django_db(transaction=True)
@pytest.mark.logs_errors("Internal Server Error")
def test_the_secret_link_of_a_request_is_left_out(client, caplog):
    application = factories.make_application(factories.make_circle())
    token = application_links.status_token(application)
    client.raise_request_exception = False
    with altered("volunteers_message", "RENAME text TO words", "RENAME words TO text"):
        assert client.get(reverse("volunteers:status", args=[token])).status_code == 500
    (record,) = [one for one in caplog.records if one.name == "django.request"]
    told = logs.Formatter("%(message)s").format(record)
    assert token in record.getMessage()
    assert token not in told
    assert "Internal Server Error: /" in told
    assert "token>" in told
    assert token not in logged(None, "Gone: %s", f"/bewerbung/{token}/")
    assert "Vgjv1ywNy" not in logged(None, "Gone: %s", "/l/Vgjv1ywNy--mUqsWGLi4Lw/")


@pytest.mark.parametrize(
    ("chosen", "made"), [("plain", logs.Formatter), ("json", logs.JsonFormatter)]
)
def test_everything_uses_the_formatter_that_is_chosen(settings, monkeypatch, chosen, made):
    """The portal with its worker and commands, and gunicorn."""
    monkeypatch.setenv("PORTAL_PROCESS", "web")  # importing it would set that for good
    from gunicorn.config import Config

    from portal import gunicorn
    from portal import settings as in_use

    settings.LOG_FORMAT = chosen
    (formatter,) = in_use.LOGGING["formatters"].values()
    assert type(import_string(formatter["()"])()) is made
    assert {handler["formatter"] for handler in in_use.LOGGING["handlers"].values()} == {"portal"}
    handlers = gunicorn.Lines(Config()).error_log.handlers
    assert {type(handler.formatter) for handler in handlers} == {made}


def test_an_object_a_line_with_the_traceback_in_it(monkeypatch):
    monkeypatch.setattr(logs, "_process", "worker")
    try:
        raise ValueError(f"'{NAME}' at {EMAIL}")
    except ValueError as error:
        record = logging.LogRecord(
            "portal.x", logging.ERROR, "", 0, "Failed:\n%s", (error,), sys.exc_info()
        )
    line = logs.JsonFormatter().format(record)
    assert "\n" not in line
    told = json.loads(line)
    assert (told["level"], told["logger"], told["process"]) == ("ERROR", "portal.x", "worker")
    assert datetime.datetime.fromisoformat(told["time"]).utcoffset() == datetime.timedelta(0)
    assert_tells_the_fault_without_content(told["error"], "builtins.ValueError")
    assert [secret for secret in SECRETS if secret in line] == []


def test_what_ends_a_process_is_one_object_too(settings, capsys):
    settings.LOG_FORMAT = "json"
    error = ValueError(f"'{NAME}'")
    logs._print(ValueError, error, None)
    told = json.loads(capsys.readouterr().err)
    assert told["level"] == "CRITICAL"
    assert NAME not in told["error"]
