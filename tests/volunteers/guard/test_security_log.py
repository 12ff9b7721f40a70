"""The security log: what happened, when and by whom, without any user input."""

import datetime
import logging
import re
import time

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib import admin
from django.core import mail
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import factories
from volunteers.admin.security import LIMITS
from volunteers.guard import security_log
from volunteers.models import ExportRecord, SecurityEvent

pytestmark = pytest.mark.django_db

PASSWORD = "ein-langes-passwort-2026"
Kind = SecurityEvent.Kind


@pytest.fixture
def eva():
    user = factories.make_user("eva@example.org", password=PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    factories.make_member(factories.make_circle(), user)
    SecurityEvent.objects.all().delete()
    return user


@pytest.fixture
def chief():
    return factories.make_user("chef@example.org", is_superuser=True)


def events():
    rows = SecurityEvent.objects.order_by("pk")
    return [(row.kind, row.by.email if row.by else None, row.about) for row in rows]


def log_in(client, password=PASSWORD, email="eva@example.org"):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def test_login_and_logout(client, eva):
    log_in(client)
    client.post(reverse("account_logout"))
    client.post(reverse("account_logout"))
    assert events() == [("login", eva.email, ""), ("logout", eva.email, "")]


@pytest.mark.slow
def test_a_failed_login_names_the_account_by_number_and_nothing_typed(client, eva):
    log_in(client, "falsch")
    log_in(client, "falsch", "EVA@example.org")
    log_in(client, "falsch", "niemand@example.org")
    log_in(client, "falsch", "a" * 300 + "@example.org")
    user = f"user {eva.pk}"
    assert events()[:3] == [("login_failed", None, user)] * 2 + [("login_failed", None, "")]
    assert "example" not in str(list(SecurityEvent.objects.values_list()))


@pytest.mark.parametrize("email", ["eva@example.org", "niemand@example.org"])
def test_a_wrong_code_from_the_mail_is_a_failed_login_known_or_not(client, eva, email):
    client.post(reverse("account_request_login_code"), {"email": email})
    client.post(reverse("account_confirm_login_code"), {"code": "falsch"})
    known = email == eva.email
    assert events() == [("login_failed", None, f"user {eva.pk}" if known else "")]


def test_login_by_code(client, eva):
    client.post(reverse("account_request_login_code"), {"email": eva.email})
    code = re.search(r"^ +([A-Z-]{4,})$", mail.outbox[-1].body, re.MULTILINE)[1]
    assert client.post(reverse("account_confirm_login_code"), {"code": code}).status_code == 302
    assert events() == [("login", eva.email, "")]


@pytest.mark.django_db(transaction=True)
def test_second_factor_set_failed_renewed_and_removed(client, eva):
    log_in(client)
    asked = client.get(reverse("mfa_activate_totp"))
    page = client.post(asked.headers["Location"], {"password": PASSWORD}, follow=True)
    secret = page.context["form"].secret
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    client.post(reverse("mfa_activate_totp"), {"code": code})
    other = Client()
    log_in(other)
    other.post(reverse("mfa_authenticate"), {"code": "000000"})
    client.post(reverse("mfa_generate_recovery_codes"))
    client.post(reverse("mfa_deactivate_totp"))

    kinds = [kind for kind, _by, _about in events()]
    assert kinds == [
        "login",
        "second_factor_set",
        "recovery_codes",
        "second_factor_failed",
        "recovery_codes",
        "second_factor_removed",
    ]
    assert events()[3] == ("second_factor_failed", None, f"user {eva.pk}")


def test_a_factor_that_the_portalverwaltung_deletes_says_who_and_whose(
    client, eva, chief, settings
):
    settings.SECOND_FACTOR_REQUIRED = False
    TOTP.activate(eva, generate_totp_secret())
    client.force_login(chief)
    SecurityEvent.objects.all().delete()
    data = {"action": "delete_second_factor", "_selected_action": [eva.pk]}
    client.post(reverse("admin:volunteers_user_changelist"), data)
    assert events() == [("second_factor_removed", chief.email, f"user {eva.pk}")]


def test_a_new_password_is_noted_however_it_was_set(eva, monkeypatch):
    eva.set_password("noch-ein-langes-passwort")
    eva.save()
    monkeypatch.setattr("getpass.getpass", lambda prompt="": "von-der-kommandozeile-2026")
    call_command("changepassword", eva.email, verbosity=0)
    assert events() == [("password_changed", None, f"user {eva.pk}")] * 2


@pytest.mark.slow
def test_logging_in_with_an_old_hash_is_no_new_password(client, eva, settings):
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        "django.contrib.auth.hashers.MD5PasswordHasher",
    ]
    log_in(client)
    eva.refresh_from_db()
    assert eva.password.startswith("pbkdf2")
    assert events() == [("login", eva.email, "")]


def test_an_export_is_an_event(chief):
    admin.site.record_export(
        by=chief,
        what="Organisationen",
        purpose="Test",
        filter_text="",
        file_format="csv",
        rows=1,
    )
    ((kind, by, about),) = events()
    assert (kind, by) == ("export", chief.email)
    assert about == f"exportrecord {ExportRecord.objects.get().pk}"


@pytest.mark.django_db(transaction=True)
def test_each_event_is_one_line_for_the_log_of_the_city(client, eva, caplog):
    with caplog.at_level(logging.INFO, "portal.security"):
        log_in(client, "falsch\nevent=login")
        log_in(client)
        with transaction.atomic():
            security_log.record(Kind.ROLE_GIVEN, by=eva, about=eva.memberships.get())
            transaction.set_rollback(True)
    failed, login = SecurityEvent.objects.order_by("pk")
    assert [
        record.getMessage() for record in caplog.records if record.name == "portal.security"
    ] == [
        f"event=login_failed id={failed.pk} by=- about=user:{eva.pk}",
        f"event=login id={login.pk} by=user:{eva.pk} about=-",
    ]


def test_the_log_is_switched_on_in_production():
    from portal import settings

    assert settings.LOGGING["loggers"]["portal.security"]["level"] == "INFO"


def fail(number, eva):
    for _ in range(number):
        security_log.record(Kind.LOGIN_FAILED, about=eva)


def tile(client):
    return "mit vielen misslungenen Anmeldungen" in client.get("/verwaltung/").content.decode()


@pytest.mark.slow
def test_many_failed_logins_to_one_account_are_shown_to_the_portalverwaltung_alone(
    client, eva, chief
):
    for number in range(20):
        security_log.record(Kind.LOGIN_FAILED, about=f"user {number + 1000}")
    fail(9, eva)
    client.force_login(chief)
    assert not tile(client)
    fail(1, eva)
    assert tile(client)
    coordinator = Client()
    coordinator.force_login(eva)
    assert not tile(coordinator)
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=25)):
        client.force_login(chief)
        assert not tile(client)


def test_the_list_reads_well_and_nothing_in_it_can_be_changed(client, eva, chief):
    log_in(client, "falsch")
    log_in(client)
    security_log.record(Kind.LIMITED, about="sign_up address")
    security_log.record(Kind.ROLE_CHANGED, by=eva, about=eva.memberships.get())
    security_log.record(Kind.DELETION, about="volunteer 4711")
    administrator = Client()
    administrator.force_login(chief)
    url = reverse("admin:volunteers_securityevent_changelist")
    page = administrator.get(url).content.decode()
    assert "Anmeldung von einer Adresse im Netz" in page
    assert f">Konto {eva.pk}</a>" in page
    assert "Mitgliedschaft" in page
    assert administrator.get(url, {"kind__exact": "limited"}).content.decode().count("sign_up") == 0
    assert f"{eva.email}" in page
    found = administrator.get(url, {"q": f"user {eva.pk}"}).content.decode()
    assert "misslungen" in found
    assert 'name="action"' not in page
    assert administrator.get(reverse("admin:volunteers_securityevent_add")).status_code == 403


def test_the_list_makes_the_same_queries_for_one_row_and_for_thirty(
    client, chief, django_assert_num_queries
):
    client.force_login(chief)
    url = reverse("admin:volunteers_securityevent_changelist")
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    for number in range(29):
        other = factories.make_user(f"u{number}@example.org")
        security_log.record(Kind.LOGIN, by=other, about=other)
    with django_assert_num_queries(len(one)):
        client.get(url)


def test_every_limit_has_a_name_in_the_list(settings):
    assert set(LIMITS) == set(settings.RATE_LIMITS)
