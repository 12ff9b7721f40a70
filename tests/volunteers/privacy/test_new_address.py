"""A new e-mail address on „Meine Daten“: what moves, who gets a mail, who may do it, what is refused."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests import everything, factories
from tests.clients import client_of
from tests.people import mailbox, my_page_of, person_at
from tests.volunteers.applications.test_races import at_once
from volunteers.links import applications as application_links
from volunteers.links import my_data as my_data_links
from volunteers.links import people as person_links
from volunteers.links import signing
from volunteers.models import (
    Application,
    CompanionRequest,
    Invitation,
    OutgoingMail,
    Registration,
    SecurityEvent,
    User,
    Volunteer,
)
from volunteers.privacy import erasing, readdressing
from volunteers.privacy.scope import scope_of
from volunteers.reads.persons import Person

pytestmark = pytest.mark.django_db

OLD, NEW = "amira@example.org", "amira.neu@example.org"
ANYBODY = User()


@pytest.fixture
def circle():
    factories.make_clearing_office()
    return factories.make_circle("Freundeskreis Feuerbach")


@pytest.fixture
def amira(circle):
    return factories.make_application(circle, "Amira Haddad", email=OLD)


def page(*emails):
    return reverse(
        "volunteers:my_data_address", args=[my_data_links.token_for(mailbox(*(emails or [OLD])))]
    )


def asked(new=NEW, client=None, emails=(OLD,)):
    """Ask for the change; returns the path of the link in the mail to the new mailbox."""
    mail.outbox.clear()
    response = (client or Client()).post(page(*emails), {"email": new, "again": new})
    assert response.status_code == 302
    [message] = mail.outbox
    assert message.to == [new.strip().lower()]
    return re.search(r"https?://[^/]+(/neue-adresse/\S+/)", message.body)[1]


def account(email=OLD, **fields):
    user = factories.make_user(email, **fields)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


@pytest.mark.slow
def test_new_address_is_asked_for_confirmed_and_holds_for_everything(amira, circle):
    closed = factories.make_application(
        circle, "Amira", volunteer=amira.volunteer, email=OLD, status="withdrawn"
    )
    registration = factories.make_registration(factories.make_event(), email=OLD)
    request = factories.make_request("Amira Haddad", organisation=circle, email=OLD)
    user = account()
    path = asked(f" {NEW.upper()} ")
    shown = Client().get(path)
    assert NEW in shown.text
    assert OLD not in shown.text
    assert Volunteer.objects.get().email == OLD, "a mail scanner opens links, too"
    mail.outbox.clear()
    done = Client().post(path)
    assert "Ihre neue Adresse gilt" in Client().get(done.url).text
    for one in (amira, amira.volunteer, closed, registration, request, user):
        one.refresh_from_db()
        assert one.email == NEW
    [address] = EmailAddress.objects.filter(user=user)
    assert (address.email, address.verified, address.primary) == (NEW, True, True)
    [told] = mail.outbox
    assert told.to == [OLD]
    assert "geändert" in told.subject
    assert NEW not in told.body
    [event] = SecurityEvent.objects.filter(kind="address_changed")
    assert event.about == f"volunteer {amira.volunteer.pk}"


@pytest.mark.slow
def test_old_links_to_records_stay_and_those_to_the_person_find_nothing(amira):
    status, my_page = (
        application_links.status_path(amira),
        my_page_of(OLD),
    )
    my_data = signing.path_of("my_data_by_link", my_data_links.token_for(mailbox(OLD)))
    assert Client().post(asked()).status_code == 302
    answers = [Client().get(one).status_code for one in (status, my_page, my_data)]
    assert answers == [200, 410, 410]
    assert Client().get(my_page_of(NEW)).status_code == 200


@pytest.mark.slow
def test_nothing_but_mails_and_the_unconfirmed_keeps_the_old_address():
    built = everything.build()
    confirmed = {"confirmed_at__isnull": False}
    person = Person((everything.EMAIL,), everything.NAME)
    readdressing.change(person=person, new=NEW, by=built.user)
    left = scope_of(person, accounts=False)
    assert not Volunteer.objects.filter(pk__in=left.volunteers).exists()
    for model in (Application, Registration, CompanionRequest):
        assert not model.objects.filter(email=everything.EMAIL, **confirmed).exists()
    assert not User.objects.filter(email=everything.EMAIL).exists()
    assert not EmailAddress.objects.filter(email=everything.EMAIL).exists()


def test_answer_and_mail_are_the_same_for_a_known_and_an_unknown_address(amira, circle):
    factories.make_application(circle, "Ben Weber", email="ben@example.org")
    bodies, answers = [], []
    for new in ("ben@example.org", "niemand@example.org"):
        mail.outbox.clear()
        response = Client().post(page(), {"email": new, "again": new})
        answers.append((response.status_code, response.url.split("?")[1]))
        [message] = mail.outbox
        bodies.append((message.subject, re.sub(r"neue-adresse/\S+", "", message.body)))
    assert answers[0] == answers[1] == (302, "adresse=verschickt")
    assert bodies[0] == bodies[1]


def test_mail_to_the_new_address_says_nothing_of_whose_it_is(amira):
    path = asked()
    token = path.split("/")[-2]
    read = signing.read(my_data_links.NEW_ADDRESS, token)
    for secret in (OLD, "Amira", "Haddad"):
        assert secret not in mail.outbox[0].body
        assert secret not in read


@pytest.mark.parametrize(
    "typed", ["", "kein-at", "a" * 10000 + "@example.org", "x\x00@example.org", OLD.upper()]
)
def test_nonsense_and_the_address_one_has_are_told_and_mail_nobody(amira, typed):
    response = Client().post(page(), {"email": typed, "again": typed})
    assert response.status_code == 422
    assert "Bitte prüfen Sie Ihre Angaben" in response.text
    assert mail.outbox == []


def test_two_different_addresses_mail_nobody(amira):
    response = Client().post(page(), {"email": NEW, "again": "neu@exampel.org"})
    assert response.status_code == 422
    assert "Die beiden Adressen sind verschieden." in response.text
    assert f'value="{NEW}"' in response.text
    assert mail.outbox == []


@pytest.mark.slow
def test_one_mailbox_is_not_flooded(amira, real_limits):
    times, _seconds = real_limits["own_link"]["pair"]
    answers = [
        Client().post(page(), {"email": NEW, "again": NEW}).status_code for _ in range(times + 1)
    ]
    assert answers == [302] * times + [429]
    assert len(mail.outbox) == times


# --- The link -----------------------------------------------------------------------------------


def test_link_is_over_after_its_hours(amira, time_machine, settings):
    time_machine.move_to("2026-11-22 12:00:00+01:00")
    path = asked()
    time_machine.shift(settings.MY_DATA_LINK_HOURS * 3600 + 1)
    for answer in (Client().get(path), Client().post(path)):
        assert answer.status_code == 410
        assert "einmal" in answer.text
    assert Volunteer.objects.get().email == OLD


@pytest.mark.parametrize("token", ["erfunden", "a" * 3000])
def test_inventions_and_other_links_are_not_found(amira, token):
    for one in (
        token,
        my_data_links.token_for(mailbox(OLD)),
        person_links.person_token(mailbox(OLD)),
    ):
        path = reverse("volunteers:new_address", args=[one])
        assert Client().get(path).status_code == 404
        assert Client().post(path).status_code == 404


@pytest.mark.slow
def test_link_works_once_even_if_the_old_address_comes_back(amira, circle):
    path = asked()
    assert Client().post(path).status_code == 302
    factories.make_application(circle, "Andere", email=OLD)
    assert Client().get(path).status_code == 410
    assert Client().post(path).status_code == 410
    assert Volunteer.objects.filter(email=OLD).count() == 1


def test_link_is_worthless_once_the_data_are_deleted(amira):
    path = asked()
    erasing.erase_person(person=person_at(OLD))
    assert Client().post(path).status_code == 410


# --- What is refused ----------------------------------------------------------------------------


def collide_volunteer(circle):
    factories.make_volunteer("amira haddad", email=NEW)


def collide_application(circle):
    """Unconfirmed; but if it were confirmed, there would be two."""
    unsure = {"status": "unconfirmed", "confirmed_at": None}
    other = factories.make_application(circle, "Amira Haddad", email=NEW, **unsure)
    Application.objects.filter(pk=other.pk).update(volunteer=None)
    other.volunteer.delete()


def collide_registration(circle):
    event = factories.make_event()
    factories.make_registration(event, email=OLD)
    factories.make_registration(event, email=NEW)


def collide_request(circle):
    factories.make_request("Amira Haddad", organisation=circle, email=OLD)
    factories.make_request("AMIRA HADDAD", organisation=circle, email=NEW)


def collide_account(circle):
    account(OLD)
    account(NEW)


def collide_second_address(circle):
    account(OLD)
    EmailAddress.objects.create(
        user=account("dritte@example.org"), email=NEW, verified=True, primary=False
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "collide",
    [
        collide_volunteer,
        collide_application,
        collide_registration,
        collide_request,
        collide_account,
        collide_second_address,
    ],
)
def test_what_would_be_there_twice_changes_nothing_and_is_told_after_the_click(
    amira, circle, collide
):
    collide(circle)
    path = asked()
    assert "schon Daten" not in Client().get(path).text
    mail.outbox.clear()
    response = Client().post(path)
    assert response.status_code == 422
    assert "schon Daten" in response.text
    assert reverse("volunteers:my_data") in response.text
    amira.refresh_from_db()
    assert amira.email == amira.volunteer.email == OLD
    assert Application.objects.filter(email=OLD).count() == 1
    assert mail.outbox == []
    assert not SecurityEvent.objects.filter(kind="address_changed").exists()


@pytest.mark.slow
def test_two_volunteers_of_one_login_are_not_thrown_together(amira, circle):
    second = "zweite@example.org"
    factories.make_application(circle, "Amira Haddad", email=second)
    user = account()
    EmailAddress.objects.create(user=user, email=second, verified=True)
    response = Client().post(asked(emails=(OLD, second)))
    assert response.status_code == 422
    assert "mehreren Adressen" in response.text
    assert set(Volunteer.objects.values_list("email", flat=True)) == {OLD, second}


@pytest.mark.slow
def test_account_of_the_administration_changes_by_login_alone(circle):
    user = factories.make_member(circle).user
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    by_link = Client()
    refused = by_link.post(page(user.email), {"email": NEW, "again": NEW})
    assert refused.status_code == 422
    assert "ein Link allein genügt dafür nicht" in by_link.get(page(user.email)).text
    assert mail.outbox == []
    logged_in = client_of(user)
    path = asked(client=logged_in, emails=(user.email,))
    assert "ein Link allein genügt dafür nicht" in by_link.get(path).text
    assert by_link.post(path).status_code == 422
    assert User.objects.filter(email=NEW).exists() is False
    assert logged_in.post(path).status_code == 302
    user.refresh_from_db()
    assert user.email == NEW
    assert user.is_staff


@pytest.mark.slow
def test_second_address_of_an_account_leaves_the_login_as_it_is(amira):
    user = account("login@example.org")
    EmailAddress.objects.create(user=user, email=OLD, verified=True)
    assert Client().post(asked()).status_code == 302
    user.refresh_from_db()
    assert user.email == "login@example.org"
    addresses = EmailAddress.objects.filter(user=user).values_list("email", "primary", "verified")
    assert set(addresses) == {("login@example.org", True, True), (NEW, False, True)}


@pytest.mark.slow
def test_password_from_before_any_proof_goes(amira):
    """Somebody else may have made the account with this address, and waited."""
    user = factories.make_user(OLD, password="ein-langes-passwort-2026")
    EmailAddress.objects.create(user=user, email=OLD, verified=False, primary=True)
    Client().post(asked())
    user.refresh_from_db()
    assert user.email == NEW
    assert not user.has_usable_password()


def test_password_of_a_proven_account_stays(amira):
    user = account(password="ein-langes-passwort-2026")
    Client().post(asked())
    user.refresh_from_db()
    assert user.has_usable_password()


def test_unconfirmed_and_invitations_stay_where_they_are(amira, circle):
    unsure = factories.make_registration(
        factories.make_event(), email=OLD, status="unconfirmed", confirmed_at=None
    )
    coordinator = factories.make_member(circle).user
    invitation = factories.make_invitation(
        circle, invited_by=coordinator, name="Amira Haddad", email=OLD
    )
    Client().post(asked())
    unsure.refresh_from_db()
    assert unsure.email == OLD
    assert Invitation.objects.get(pk=invitation.pk).email == OLD


def test_mails_that_wait_keep_their_address(amira, queued_mail):
    mail.EmailMessage("Hallo", "Text", to=[OLD]).send()
    readdressing.change(person=person_at(OLD), new=NEW, by=ANYBODY)
    assert [one.recipients for one in OutgoingMail.objects.filter(subject="Hallo")] == [[OLD]]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_change_it_once():
    factories.make_clearing_office()
    circle = factories.make_circle()
    for round_ in range(5):
        old, new = f"alt{round_}@example.org", f"neu{round_}@example.org"
        factories.make_application(circle, "Amira", email=old)
        account(old)
        path = asked(new, emails=(old,))
        mail.outbox.clear()
        answers = at_once(*[lambda path=path: Client().post(path).status_code] * 3)
        assert sorted(answers) == [302, 410, 410]
        assert Application.objects.get(email=new).volunteer.email == new
        assert [message.to for message in mail.outbox] == [[old]]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_people_who_want_one_address_at_once_do_not_both_get_it():
    factories.make_clearing_office()
    circle = factories.make_circle()
    for round_ in range(5):
        new = f"neu{round_}@example.org"
        olds = [f"{name}{round_}@example.org" for name in "ab"]
        for old in olds:
            factories.make_application(circle, "Amira", email=old)
        paths = [asked(new, emails=(old,)) for old in olds]
        answers = at_once(*[lambda p=p: Client().post(p).status_code for p in paths])
        assert sorted(answers) == [302, 422]
        assert Volunteer.objects.filter(email=new).count() == 1
        assert Application.objects.filter(email__in=olds).count() == 1
