"""A code of an authenticator app opens the portal once, whichever process is asked and however it is typed."""

import datetime
import subprocess
import sys
import time

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import factories
from volunteers.models import SecurityEvent

PASSWORD = "ein-langes-passwort-2026"
SECRET = generate_totp_secret()
PERIOD = 30
"""Seconds for which an app shows a code."""

ONE_LOGIN = """
import sys, django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from django.test import Client
visitor = Client(HTTP_HOST="localhost")
visitor.post("/konto/anmelden/", {"login": "eva@example.org", "password": sys.argv[2]})
print("ready", flush=True)
sys.stdin.readline()
visitor.post("/konto/zweiter-faktor/eingeben/", {"code": sys.argv[3]})
print("_auth_user_id" in visitor.session, flush=True)
"""


@pytest.fixture
def eva():
    user = factories.make_user("eva@example.org", password=PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    TOTP.activate(user, SECRET)
    return user


def code_at(seconds: float) -> str:
    return format_hotp_value(hotp_value(SECRET, int(seconds) // PERIOD))


def enters_with(code: str) -> bool:
    """Whether somebody in another browser, asked by a process with an empty cache, gets in."""
    cache.clear()
    visitor = Client()
    visitor.post(reverse("account_login"), {"login": "eva@example.org", "password": PASSWORD})
    visitor.post(reverse("mfa_authenticate"), {"code": code})
    return "_auth_user_id" in visitor.session


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_processes_accept_one_code_once(eva):
    name = connection.settings_dict["NAME"]
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", ONE_LOGIN, name, PASSWORD, code_at(time.time() + 5)]
    logins = [
        subprocess.Popen(command, cwd=settings.BASE_DIR, stdin=pipe, stdout=pipe, text=True)
        for _ in range(2)
    ]
    assert [login.stdout.readline() for login in logins] == ["ready\n"] * 2
    for login in logins:
        login.stdin.write("go\n")
        login.stdin.flush()
    entered = [login.communicate(timeout=60)[0] for login in logins]
    assert sorted(entered) == ["False\n", "True\n"]


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["{0}{1}", " {0} {1}", "{0}-{1}", "{0}{1}."])
def test_a_used_code_is_used_however_it_is_typed(eva, typed):
    code = code_at(time.time())
    assert enters_with(code)
    assert not enters_with(typed.format(code[:3], code[3:]))
    assert SecurityEvent.objects.filter(kind=SecurityEvent.Kind.SECOND_FACTOR_FAILED).count() == 1


@pytest.mark.slow
@pytest.mark.django_db
def test_a_used_code_stays_used_as_long_as_it_would_be_right(eva):
    """With the tolerance a code is right from 30 seconds before its own half minute until 30 after it."""
    begin = timezone.now().replace(second=0, microsecond=0)
    code = code_at(begin.timestamp() + 30)
    with time_machine.travel(begin, tick=False) as clock:
        assert enters_with(code)
        for _ in range(8):
            clock.shift(datetime.timedelta(seconds=11))
            assert not enters_with(code)
        assert enters_with(code_at(begin.timestamp() + 90)), "the next one works"


@pytest.mark.django_db(transaction=True)
def test_the_code_of_the_set_up_does_not_log_in(eva, client):
    eva.authenticator_set.all().delete()
    client.post(reverse("account_login"), {"login": eva.email, "password": PASSWORD})
    asked = client.get(reverse("mfa_activate_totp"))
    page = client.post(asked.headers["Location"], {"password": PASSWORD}, follow=True)
    secret = page.context["form"].secret
    code = format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD))
    assert client.post(reverse("mfa_activate_totp"), {"code": code}).status_code == 302
    assert not enters_with(code)
