"""Whoever owns an account gets a mail when the way into it changes."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.management import call_command
from django.urls import reverse

from tests import factories
from volunteers.models import User

pytestmark = pytest.mark.django_db

PASSWORD, NEW = "ein-langes-passwort-2026", "ein-anderes-passwort-2027"


@pytest.fixture
def eva(client):
    user = factories.make_user("eva@example.org", password=PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    factories.make_member(factories.make_circle(), user)
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return user


def told():
    return [(message.to, message.subject) for message in mail.outbox]


def test_a_new_password_in_the_administration(client, eva):
    data = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert client.post(reverse("admin:password_change"), data).status_code == 302
    assert told() == [([eva.email], "Ihr Passwort ist geändert")]
    assert "gleich bei der Portalverwaltung" in mail.outbox[0].body
    assert NEW not in mail.outbox[0].body


def test_a_wrong_present_password_tells_nobody(client, eva):
    data = {"old_password": "falsch", "new_password1": NEW, "new_password2": NEW}
    assert client.post(reverse("admin:password_change"), data).status_code == 200
    assert told() == []


def test_a_new_password_from_the_command_line(eva, monkeypatch):
    monkeypatch.setattr("getpass.getpass", lambda prompt="": NEW)
    call_command("changepassword", eva.email, verbosity=0)
    assert told() == [([eva.email], "Ihr Passwort ist geändert")]


def test_the_first_password_of_a_new_account_is_no_change():
    User.objects.create_superuser("chef@example.org", PASSWORD)
    assert told() == []


def test_another_address_given_by_the_portalverwaltung(client, eva):
    office = factories.make_user("verwaltung@example.org", is_superuser=True)
    client.force_login(office)
    empty = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    url = reverse("admin:volunteers_user_change", args=[eva.pk])
    data = {"name": "Eva", "is_active": "on"} | empty
    client.post(url, {**data, "email": "eva@example.org"})
    assert told() == []
    client.post(url, {**data, "email": "andere@example.org"})
    assert told() == [(["eva@example.org"], "Ihr Konto hat eine neue E-Mail-Adresse")]
