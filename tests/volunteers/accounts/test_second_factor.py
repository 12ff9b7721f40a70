"""The admin requires a second factor where the settings say so."""

import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import is_mfa_enabled
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests import factories
from volunteers.accounts import login
from volunteers.models import User

pytestmark = pytest.mark.django_db

PASSWORD = "ein-langes-passwort-2026"
START = "/verwaltung/"


@pytest.fixture(autouse=True)
def _required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def coordinator():
    user = factories.make_user("eva@example.org", password=PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    factories.make_member(factories.make_circle(), user)
    return user


def log_in(client: Client):
    data = {"login": "eva@example.org", "password": PASSWORD}
    return client.post(reverse("account_login"), data, follow=True)


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def open_set_up(client: Client):
    """The page to set it up, after the password was asked for again."""
    asked = client.get(reverse("mfa_activate_totp"))
    if asked.status_code == 200:
        return asked
    return client.post(asked.headers["Location"], {"password": PASSWORD}, follow=True)


def set_up(client: Client) -> str:
    """Set up the authenticator app as a coordinator would; returns its secret."""
    page = open_set_up(client)
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    return secret


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_administration_leads_to_the_set_up_and_opens_after_it(client, coordinator):
    log_in(client)

    closed = client.get(START, follow=True)
    assert reverse("mfa_activate_totp") in [url.split("?")[0] for url, _ in closed.redirect_chain]
    assert "nur mit einem zweiten Faktor" in open_set_up(client).content.decode()

    set_up(client)
    assert client.get(START).status_code == 200
    assert mail.outbox[-1].subject == "Zweiter Faktor eingerichtet"
    codes = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    assert len(codes) == 10


@pytest.mark.slow
def test_spare_codes_follow_at_once_without_a_password_too(client, coordinator, settings):
    """Staff log in by a code from the mailbox; another browser, or the same one later, has to prove the factor."""
    coordinator.set_unusable_password()
    coordinator.save()
    client.force_login(coordinator)
    other = Client()
    other.force_login(coordinator)
    page = client.get(reverse("mfa_activate_totp"))
    data = {"code": code_for(page.context["form"].secret)}

    wrong = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert "Dieser Code stimmt nicht" in wrong.content.decode()
    assert login.FACTOR_SET_UP not in client.session
    shown = client.post(reverse("mfa_activate_totp"), data, follow=True)

    assert [url for url, _status in shown.redirect_chain] == [reverse("mfa_view_recovery_codes")]
    assert len(shown.context["unused_codes"]) == 10
    asked = reverse("mfa_reauthenticate")
    for name in ("mfa_view_recovery_codes", "mfa_deactivate_totp"):
        assert other.get(reverse(name), follow=True).redirect_chain[-1][0].startswith(asked)
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    again = client.get(reverse("mfa_view_recovery_codes"), follow=True)
    assert again.redirect_chain[-1][0].startswith(asked)


def test_every_page_of_the_administration_is_closed_without_one(client, coordinator):
    client.force_login(coordinator)
    for name in ("volunteers_application", "programs_event", "programs_entry"):
        assert client.get(reverse(f"admin:{name}_changelist")).status_code == 302


@pytest.mark.slow
def test_wrong_code_sets_nothing_up(client, coordinator):
    log_in(client)
    page = open_set_up(client)
    answer = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert "Dieser Code stimmt nicht" in answer.content.decode()
    assert page.status_code == 200
    assert not Authenticator.objects.exists()


@pytest.mark.slow
def test_login_asks_for_the_code_and_takes_each_recovery_code_once(client, coordinator):
    log_in(client)
    set_up(client)
    spare = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"][0]

    other = Client()
    assert log_in(other).redirect_chain[-1][0] == reverse("mfa_authenticate")
    assert other.get(START).status_code == 302, "the password alone opens nothing"
    wrong = other.post(reverse("mfa_authenticate"), {"code": "123456"})
    assert "Dieser Code stimmt nicht" in wrong.content.decode()
    other.post(reverse("mfa_authenticate"), {"code": spare})
    assert other.get(START).status_code == 200

    third = Client()
    log_in(third)
    third.post(reverse("mfa_authenticate"), {"code": spare})
    assert third.get(START).status_code == 302, "a recovery code works once"


@pytest.mark.slow
def test_switching_it_off_closes_the_administration_at_once(client, coordinator):
    log_in(client)
    set_up(client)
    second_window = Client()
    second_window.cookies = client.cookies.copy()
    assert second_window.get(START).status_code == 200

    client.post(reverse("mfa_deactivate_totp"), follow=True)

    assert mail.outbox[-1].subject == "Zweiter Faktor abgeschaltet"
    assert second_window.get(START).status_code == 302


@pytest.mark.slow
def test_volunteers_need_none(client):
    client.force_login(factories.make_user("mira@example.org"))
    assert client.get(reverse("volunteers:my_page")).status_code == 200


@pytest.mark.slow
def test_portalverwaltung_deletes_a_lost_factor_and_the_person_is_told(client, coordinator):
    log_in(client)
    set_up(client)
    administrator = Client()
    administrator.force_login(factories.make_user("chef@example.org", is_superuser=True))
    data = {"action": "delete_second_factor", "_selected_action": [coordinator.pk]}
    url = reverse("admin:volunteers_user_changelist")

    administrator.post(url, data)
    assert is_mfa_enabled(coordinator), "who has no second factor changes nothing"

    TOTP.activate(User.objects.get(email="chef@example.org"), generate_totp_secret())
    answer = administrator.post(url, data, follow=True)

    assert "1 Konto hat keinen zweiten Faktor mehr" in answer.content.decode()
    assert not Authenticator.objects.filter(user=coordinator).exists()
    assert mail.outbox[-1].to == ["eva@example.org"]
    assert client.get(START).status_code == 302


def test_who_works_here_finds_the_page_and_the_way_back(client, coordinator, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    client.force_login(coordinator)
    page = reverse("mfa_index")
    assert f'<a href="{page}">Zweiter Faktor</a>' in client.get(START).text
    assert f'<a href="{reverse("admin:index")}">Zur Verwaltung</a>' in client.get(page).text
