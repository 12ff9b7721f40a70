"""Login, codes and account pages: how often they may be tried, per network and per account."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests import factories
from volunteers.links import applications as application_links
from volunteers.links import tandems as tandem_links
from volunteers.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("real_limits")]

PASSWORD = "ein-langes-passwort-2026"


@pytest.fixture
def eva():
    user = factories.make_user("eva@example.org", password=PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    factories.make_member(factories.make_circle(), user)
    return user


def statuses(name, number, data, client=None, **ways):
    client = client or Client()
    made = [client.post(reverse(name), data, **ways) for _ in range(number)]
    return [answer.status_code for answer in made]


def test_passwords_are_tried_ten_times_for_one_account_whoever_tries(eva):
    wrong = {"login": "eva@example.org", "password": "falsch"}
    made = [
        Client().post(reverse("account_login"), wrong, REMOTE_ADDR=f"198.51.100.{number}")
        for number in range(12)
    ]
    assert [answer.status_code for answer in made] == [200] * 10 + [429] * 2
    assert int(made[-1]["Retry-After"]) <= 900

    right = {"login": "EVA@example.org", "password": PASSWORD}
    assert statuses("account_login", 1, right, REMOTE_ADDR="203.0.113.1") == [429]


@pytest.mark.slow
def test_passwords_are_tried_thirty_times_from_one_address_whomever_for():
    tried = [
        Client().post(
            reverse("account_login"), {"login": f"a{number}@example.org", "password": "x"}
        )
        for number in range(32)
    ]
    assert [answer.status_code for answer in tried] == [200] * 30 + [429] * 2


def code_in_mail():
    return re.search(r"^ +([A-Z-]{4,})$", mail.outbox[-1].body, re.MULTILINE)[1]


@pytest.mark.slow
def test_right_passwords_do_not_use_up_the_tries(eva):
    right = {"login": "eva@example.org", "password": PASSWORD}
    wrong = {**right, "password": "falsch"}
    made = [statuses("account_login", 1, right)[0] for _ in range(35)]
    assert made == [302] * 35
    made = [statuses("account_login", 1, data)[0] for data in [wrong, right] * 6 + [wrong] * 2]
    assert made == [200, 302] * 6 + [200, 429], "seven wrong ones from one address"


@pytest.mark.slow
def test_right_codes_do_not_use_up_the_tries_nor_the_mails(eva):
    made = []
    for _ in range(25):
        visitor = Client()
        made += statuses("account_request_login_code", 1, {"email": eva.email}, visitor)
        made += statuses("account_confirm_login_code", 1, {"code": code_in_mail()}, visitor)
        assert visitor.session["_auth_user_id"] == str(eva.pk)
    assert made == [302] * 50


@pytest.mark.slow
def test_right_second_factors_do_not_use_up_the_tries(eva):
    TOTP.activate(eva, generate_totp_secret())
    spare = RecoveryCodes.activate(eva)
    for code in spare.generate_codes():
        visitor = Client()
        statuses("account_login", 1, {"login": eva.email, "password": PASSWORD}, visitor)
        assert statuses("mfa_authenticate", 1, {"code": code}, visitor) == [302]
    statuses("account_login", 1, {"login": eva.email, "password": PASSWORD}, visitor := Client())
    made = statuses("mfa_authenticate", 11, {"code": "000000"}, visitor)
    assert made == [200] * 10 + [429]


@pytest.mark.slow
def test_present_password_is_guessed_ten_times_and_the_right_one_costs_no_try(client, eva):
    client.force_login(eva)
    new = {"new_password1": "ein-anderes-passwort-2026", "new_password2": "passt-nicht-dazu-2026"}
    right = {"old_password": PASSWORD, **new, "new_password2": new["new_password1"]}
    assert statuses("admin:password_change", 1, right, client) == [302]
    made = statuses("admin:password_change", 11, {"old_password": "falsch", **new}, client)
    assert made == [200] * 10 + [429]
    assert statuses("admin:password_change", 1, right, client) == [429]


@pytest.mark.slow
@pytest.mark.parametrize("email", ["eva@example.org", "niemand@example.org"])
def test_one_mailbox_gets_five_codes_in_a_quarter_of_an_hour_known_or_not(eva, email):
    made = [statuses("account_request_login_code", 1, {"email": email})[0] for _ in range(7)]
    assert made == [302] * 5 + [429] * 2
    assert len(mail.outbox) == 5


@pytest.mark.slow
def test_the_page_for_an_account_counts_with_the_codes(client, eva):
    application = factories.make_application(factories.make_circle("F2"), email="eva@example.org")
    url = reverse("volunteers:open_account", args=[application_links.status_token(application)])
    made = [client.post(url, {"email": "eva@example.org"}).status_code for _ in range(7)]
    assert made == [302] * 5 + [429] * 2


@pytest.mark.slow
def test_accounts_are_made_five_times_for_one_address_and_ten_times_from_one():
    assert statuses("account_signup", 6, {"email": "neu@example.org"}) == [302] * 5 + [429]
    others = [
        statuses("account_signup", 1, {"email": f"neu{number}@example.org"})[0]
        for number in range(6)
    ]
    assert others == [302] * 4 + [429] * 2, "six were counted before"
    assert User.objects.count() == 5


@pytest.mark.slow
@pytest.mark.parametrize("email", ["eva@example.org", "niemand@example.org"])
def test_codes_are_tried_ten_times_for_one_address_though_each_mail_brings_a_new_one(eva, email):
    made = []
    for number in range(4):
        visitor = Client(REMOTE_ADDR=f"198.51.100.{number}")
        visitor.post(reverse("account_request_login_code"), {"email": email})
        made += statuses("account_confirm_login_code", 3, {"code": "AAAAAA"}, visitor)
    assert made[-3:] == [302, 429, 429]
    assert 429 not in made[:-2]


@pytest.mark.slow
def test_a_second_factor_is_tried_ten_times_in_an_hour(eva):
    TOTP.activate(eva, generate_totp_secret())
    made = []
    for number in range(11):
        visitor = Client(REMOTE_ADDR=f"198.51.100.{number}")
        if number < 9:  # the password itself may be tried ten times
            visitor.post(reverse("account_login"), {"login": eva.email, "password": PASSWORD})
            last = visitor
        made += statuses("mfa_authenticate", 1, {"code": "000000"}, last)
    assert made == [200] * 10 + [429]


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_generate_recovery_codes",
    ],
)
def test_who_is_logged_in_may_try_ten_times_in_an_hour(client, eva, name):
    client.force_login(eva)
    made = statuses(name, 12, {"code": "000000", "password": "falsch"}, client)
    assert 429 not in made[:10]
    assert made[10:] == [429, 429]


@pytest.mark.slow
def test_certificates_are_not_found_by_trying(client):
    certificate = factories.make_certificate(factories.make_engaged(factories.make_circle()))
    url = reverse("volunteers:verify", args=[certificate.printed_code])
    assert {client.get(url).status_code for _ in range(40)} == {200}

    wrong = reverse("volunteers:verify", args=["ABCDE-FGHJK"])
    typed = reverse("volunteers:enter_code")
    made = [client.get(wrong).status_code for _ in range(20)]
    made += [client.get(typed, {"code": "nein"}).status_code for _ in range(11)]
    assert made == [404] * 30 + [429]
    assert client.get(url).status_code == 429
    assert Client(REMOTE_ADDR="198.51.100.1").get(url).status_code == 200


@pytest.mark.slow
def test_wrong_links_are_refused_in_the_end_and_right_ones_still_open(client):
    application = factories.make_application(factories.make_circle())
    wrong = reverse("volunteers:status", args=["abc:def"])
    assert [client.get(wrong).status_code for _ in range(62)] == [404] * 60 + [429] * 2
    assert client.get(application_links.status_path(application)).status_code == 200


@pytest.mark.slow
def test_every_page_that_a_link_opens_counts_its_steps(client):
    url = tandem_links.status_path(factories.make_request()) + "aendern/"
    made = [client.post(url, {}).status_code for _ in range(62)]
    assert made == [422] * 60 + [429] * 2


@pytest.mark.slow
def test_a_message_too_many_comes_back_as_typed(client, settings):
    application = factories.make_application(factories.make_circle())
    url = reverse("volunteers:message", args=[application_links.status_token(application)])
    settings.MESSAGES_A_DAY = 100
    for number in range(10):
        assert client.post(url, {"text": f"Nachricht {number}"}).status_code == 302
    over = client.post(url, {"text": "Und noch etwas"})
    assert over.status_code == 429
    assert int(over["Retry-After"]) <= 3600
    assert "Und noch etwas" in over.content.decode()
    assert re.search(r"Ab (\d+\. \w+, )?\d\d:\d\d Uhr geht es wieder", over.content.decode())
    assert application.messages.count() == 10


def test_nothing_was_set_up_by_trying(client, eva):
    client.force_login(eva)
    statuses("mfa_activate_totp", 12, {"code": "000000"}, client)
    assert not Authenticator.objects.exists()


def test_former_mailbox_of_an_account_gets_no_codes(client):
    """The Portalverwaltung changes the address when the mailbox now belongs to somebody else."""
    user = factories.make_user("alt@example.org", name="Katrin")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    office = Client()
    office.force_login(factories.make_user("verwaltung@example.org", is_superuser=True))
    empty = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    data = {"email": "neu@example.org", "name": "Katrin", "is_active": "on"} | empty
    url = reverse("admin:volunteers_user_change", args=[user.pk])
    assert office.post(url, data).status_code == 302
    client.post(reverse("account_request_login_code"), {"email": "alt@example.org"})
    told, answer = mail.outbox
    assert told.subject == "Ihr Konto hat eine neue E-Mail-Adresse"
    assert "mit diesem Code melden Sie sich an" not in answer.body
