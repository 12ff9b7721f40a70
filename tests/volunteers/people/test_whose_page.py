"""„Meine Seite“, „Meine Daten“ and deleting say which of the people at a mailbox is meant."""

import datetime
import io
import re
import zipfile

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.clients import client_of
from tests.people import ANNA, BERND, PAIR, mailbox
from volunteers import matching
from volunteers.links import my_data as my_data_links
from volunteers.links import people as person_links
from volunteers.links import signing
from volunteers.links.whose import Whose, whose
from volunteers.models import (
    Application,
    Certificate,
    CompanionRequest,
    HoursEntry,
    OutgoingMail,
    Registration,
    Tandem,
    User,
    Volunteer,
)
from volunteers.privacy import retention, silence
from volunteers.privacy.erasing import erase_person
from volunteers.reads import honours, persons
from volunteers.reads.persons import Person
from volunteers.services import attendance

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(circle, katrin):
    """She has a tandem, hours, a certificate and a place at an event."""
    application = factories.make_engaged(circle, ANNA, email=PAIR)
    factories.make_tandem(factories.make_request("Samira", organisation=circle), application)
    factories.make_hours(application, "3", by=katrin)
    factories.make_certificate(application)
    factories.make_registration(
        factories.make_event("Abend", organisation=circle), ANNA, email=PAIR
    )
    return application


@pytest.fixture
def bernd(circle, anna):
    """He has an application, and a place at another event without being linked to a record."""
    application = factories.make_application(circle, BERND, email=PAIR, phone="0711 222333")
    event = factories.make_event("Fest", organisation=circle)
    factories.make_registration(event, BERND, email=PAIR)
    return application


def my_page(record):
    return person_links.person_path(record)


def my_data(record_or_whose, view="my_data_by_link"):
    wanted = record_or_whose if isinstance(record_or_whose, Whose) else whose(record_or_whose)
    return signing.path_of(view, my_data_links.token_for(wanted))


def links_in(html):
    return re.findall(r'href="(/mein[^"]+)"', html)


# --- Pages --------------------------------------------------------------------------------------


@pytest.mark.slow
def test_my_page_shows_one_person_and_says_that_others_share_the_address(anna, bernd):
    pages = {one.name: Client().get(my_page(one)).text for one in (anna, bernd)}
    assert f"Guten Tag, <bdi>{ANNA}</bdi>" in pages[ANNA]
    assert "Samira" in pages[ANNA]
    assert "Samira" not in pages[BERND]
    assert "Abend" in pages[ANNA]
    assert "Abend" not in pages[BERND]
    assert "Fest" in pages[BERND]
    assert "Fest" not in pages[ANNA]
    for page, other in ((pages[ANNA], BERND), (pages[BERND], ANNA)):
        assert "teilen sich mehrere" in page
        assert other not in page, "a status page leads here, and may have been passed on"


@pytest.mark.slow
def test_my_data_names_the_others_without_a_way_to_their_data(anna, bernd):
    html = Client().get(my_data(anna)).text
    assert f"<bdi>{ANNA}</bdi></h1>" in html
    assert f"<bdi>{BERND}</bdi>" in html
    signed = {one.name: my_data(one).split("/")[-2].partition(":")[0] for one in (anna, bernd)}
    assert signed[ANNA] in html
    assert signed[BERND] not in html


@pytest.mark.slow
def test_person_alone_at_an_address_reads_nothing_about_others(anna):
    for path in (my_page(anna), my_data(anna)):
        assert "teilen sich mehrere" not in Client().get(path).text


@pytest.mark.parametrize("view", ["my_data_by_link", "my_data_correct", "my_data_erase"])
def test_link_that_does_not_say_who_is_meant_opens_nothing_and_offers_a_mail(anna, bernd, view):
    response = Client().get(my_data(mailbox(PAIR), view))
    assert response.status_code == 410
    assert "Link für jeden Namen" in response.text
    assert ANNA not in response.text
    page = signing.path_of("my_page_by_link", person_links.person_token(mailbox(PAIR)))
    again = Client().get(page)
    assert again.status_code == 410
    new = re.search(
        r'action="([^"]+)"', again.text.partition("Neuen Link schicken")[0].rpartition("<form")[2]
    )
    assert Client().post(new[1], follow=True).status_code == 200
    [message] = mail.outbox
    assert ANNA in message.body
    assert BERND in message.body
    assert Application.objects.filter(email=PAIR).count() == 2


@pytest.mark.slow
def test_link_to_somebody_who_is_gone_does_not_open_the_page_of_the_other(anna, bernd):
    paths = my_page(anna), my_data(anna), my_data(anna, "my_data_erase")
    erase_person(person=Person((PAIR,), ANNA))
    for path in paths:
        response = Client().get(path)
        assert response.status_code == 410
        assert BERND not in response.text
    assert Client().post(paths[-1]).status_code == 410
    assert Volunteer.objects.get().name == BERND


@pytest.mark.slow
def test_mail_with_the_link_has_one_for_each_and_names_them(anna, bernd):
    Client().post(reverse("volunteers:my_data"), {"email": PAIR.upper()})
    [message] = mail.outbox
    assert message.to == [PAIR]
    found = dict(re.findall(r"^(.+):\nhttps?://[^/]+(\S+)$", message.body, re.MULTILINE))
    assert set(found) == {ANNA, BERND}
    for name, path in found.items():
        assert f"<bdi>{name}</bdi></h1>" in Client().get(path).text


def test_mail_repeats_no_name_that_nobody_has_confirmed(anna, circle):
    Application.objects.create(organisation=circle, name="KAUFT JETZT spam.example", email=PAIR)
    Client().post(reverse("volunteers:my_data"), {"email": PAIR})
    [message] = mail.outbox
    assert "KAUFT" not in message.body
    assert message.body.count("/meine-daten/") == 2
    assert "Noch nicht bestätigte Angaben" in message.body


@pytest.mark.slow
def test_login_shows_the_people_of_the_mailbox_one_by_one(anna, bernd):
    user = factories.make_user(PAIR)
    EmailAddress.objects.create(user=user, email=PAIR, verified=True, primary=True)
    client = client_of(user)
    for name in ("my_page", "my_data"):
        html = client.get(reverse(f"volunteers:{name}")).text
        assert "Um wen geht es?" in html
        pages = [client.get(path).text for path in links_in(html) if len(path) > 40]
        assert len(pages) == 2
        assert sum("Samira" in page for page in pages) == (1 if name == "my_page" else 0)


@pytest.mark.slow
def test_login_whose_address_is_not_confirmed_shows_nobodys_data_and_nobodys_mails(
    anna, queued_mail
):
    mail.EmailMessage("Zu Ihrer Anmeldung", "willkommen", to=[PAIR]).send()
    user = factories.make_user("neu@example.org")
    html = client_of(user).get(reverse("volunteers:my_data")).text
    assert "nichts gespeichert" in html


@pytest.mark.slow
def test_download_holds_one_person_only(anna, bernd):
    response = Client().post(my_data(bernd, "my_data_download"))
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        text = archive.read("meine-daten.json").decode() + archive.read("meine-daten.html").decode()
        assert not [name for name in archive.namelist() if name.startswith("nachweise/")]
    assert BERND in text
    assert "0711 222333" in text
    assert ANNA not in text
    assert "Samira" not in text


# --- Tandem, hours, certificate -----------------------------------------------------------------


def test_hours_and_card_are_those_of_one_person(anna, bernd, katrin, settings):
    settings.HONOUR_CARD_HOURS = 5
    settings.HONOUR_CARD_UNTIL = "2099-12-31"
    factories.begin(bernd)
    factories.make_hours(bernd, "3", by=katrin)
    assert honours.card_shown_to(anna) is None
    assert honours.card_known_to(bernd) is None
    html = Client().get(my_page(bernd)).text
    assert "3" in html
    factories.make_hours(anna, "3", by=katrin)
    assert honours.card_shown_to(anna) is not None
    assert honours.card_shown_to(bernd) is None


def test_tandem_and_certificate_name_the_person(anna, bernd):
    [tandem] = Tandem.objects.all()
    assert tandem.volunteer.name == ANNA
    assert str(tandem).startswith(ANNA)
    assert Certificate.objects.get().volunteer.name == ANNA


def test_pair_is_not_proposed_to_each_other_and_the_sentence_fits_both(circle, anna):
    ready = factories.make_ready(circle, BERND, email=PAIR)
    request = factories.make_request(ANNA, email=PAIR, organisation=circle)
    texts = [str(one.text) for one in matching.obstacles(request, ready)]
    assert [text for text in texts if "dieselbe E-Mail-Adresse" in text]


def test_training_and_qualification_go_to_who_was_there(circle, katrin):
    event = factories.make_event(
        "Schulung",
        organisation=circle,
        starts_at=timezone.now() - datetime.timedelta(hours=3),
        qualification="Grundschulung",
    )
    seats = {name: factories.make_registration(event, name, email=PAIR) for name in (ANNA, BERND)}
    volunteers = {name: factories.make_volunteer(name, email=PAIR) for name in (ANNA, BERND)}
    ticked = {seats[ANNA].pk: True}
    attendance.record_attendance(event=event, ticked=ticked, by=katrin)
    assert volunteers[ANNA].qualifications.count() == 1
    assert volunteers[BERND].qualifications.count() == 0
    both = {seats[BERND].pk: True}
    attendance.record_attendance(event=event, ticked=both, by=katrin)
    attendance.record_attendance(event=event, ticked={seats[ANNA].pk: False}, by=katrin)
    assert volunteers[ANNA].qualifications.count() == 0
    assert volunteers[BERND].qualifications.count() == 1


# --- Deleting -----------------------------------------------------------------------------------


@pytest.mark.slow
def test_deleting_one_leaves_everything_of_the_other(anna, bernd, queued_mail):
    user = factories.make_user(PAIR)
    mail.EmailMessage("Zu Ihrer Anmeldung", f"Guten Tag {BERND},\nwillkommen", to=[PAIR]).send()
    mail.EmailMessage("Ihr Nachweis", f"Guten Tag {ANNA},\nhier ist er", to=[PAIR]).send()
    OutgoingMail.objects.update(sent_at=timezone.now())
    mail.EmailMessage("Wartet noch", f"Guten Tag {BERND}", to=[PAIR]).send()
    note = bernd.messages.create(sender="staff", text=f"Bitte an {PAIR}, auch für {ANNA}")
    page = Client().get(my_data(anna, "my_data_erase"))
    assert f"Daten von <bdi>{ANNA}</bdi> löschen?" in page.text
    assert f"Was {BERND} unter derselben Adresse angemeldet hat" in page.text
    assert Client().post(my_data(anna, "my_data_erase")).status_code == 302
    assert not Tandem.objects.exists()
    assert not HoursEntry.objects.exists()
    for model in (Volunteer, Application, Registration):
        assert set(model.objects.values_list("name", flat=True)) == {BERND}
    assert User.objects.filter(pk=user.pk).exists(), "it is the mailbox's, not hers"
    subjects = set(OutgoingMail.objects.filter(recipients=[PAIR]).values_list("subject", flat=True))
    assert subjects >= {"Zu Ihrer Anmeldung", "Wartet noch", "Ihre Daten sind gelöscht"}
    assert "Ihr Nachweis" not in subjects
    note.refresh_from_db()
    assert note.text == f"Bitte an {PAIR}, auch für (gelöscht)"
    told = OutgoingMail.objects.get(subject="Ihre Daten sind gelöscht")
    assert ANNA in bytes(told.content).decode()
    assert told.forget
    assert Client().post(my_data(bernd, "my_data_erase")).status_code == 302
    assert not Volunteer.objects.filter(email=PAIR).exists()
    assert not User.objects.filter(pk=user.pk).exists()


@pytest.mark.slow
def test_account_with_a_name_goes_with_that_person(anna, bernd):
    user = factories.make_user(PAIR, name=ANNA)
    erase_person(person=Person((PAIR,), BERND))
    assert User.objects.filter(pk=user.pk).exists()
    erase_person(person=Person((PAIR,), "anna import"))
    assert not User.objects.filter(pk=user.pk).exists()


@pytest.mark.slow
def test_administration_deletes_the_one_it_chose(anna, bernd):
    boss = factories.make_user("chef@example.org", is_superuser=True)
    path = reverse("admin:volunteers_volunteer_delete", args=[anna.volunteer.pk])
    assert client_of(boss).post(path).status_code == 302
    assert set(Volunteer.objects.values_list("name", flat=True)) == {BERND}
    assert set(Application.objects.values_list("name", flat=True)) == {BERND}


@pytest.mark.slow
def test_retention_asks_and_deletes_each_on_their_own(circle, time_machine):
    time_machine.move_to("2026-03-10 12:00:00+01:00", tick=False)
    silent = factories.make_application(circle, ANNA, email=PAIR, status="paused")
    time_machine.move_to("2028-03-01 12:00:00+01:00", tick=False)
    active = factories.make_application(circle, BERND, email=PAIR, status="paused")
    factories.make_request(BERND, email=PAIR, organisation=circle)
    time_machine.move_to("2028-03-12 12:00:00+01:00", tick=False)
    assert list(silence.to_ask()) == [silent.volunteer]
    retention.run()
    assert [message.to for message in mail.outbox] == [[PAIR]]
    time_machine.move_to("2028-05-12 12:00:00+02:00", tick=False)
    retention.run()
    assert set(Volunteer.objects.values_list("pk", flat=True)) == {active.volunteer.pk}
    assert CompanionRequest.objects.filter(email=PAIR).count() == 1


# --- Name and address ---------------------------------------------------------------------------


@pytest.mark.slow
def test_correcting_the_name_keeps_one_person_and_old_links(anna, bernd):
    page = my_page(anna)
    path = my_data(anna, "my_data_correct")
    data = {"name": "Anna Export", "tandem_limit": "1"}
    assert Client().post(path, data).status_code == 302
    names = [one.name for one in persons.people_at([PAIR], everything=True)]
    assert names == ["Anna Export", BERND]
    assert "Guten Tag, <bdi>Anna Export</bdi>" in Client().get(page).text
    assert Registration.objects.filter(name="Anna Export").count() == 1
    refused = Client().post(path, data | {"name": BERND.lower()})
    assert refused.status_code == 422
    assert "gibt es schon jemanden mit diesem Namen" in refused.text
    assert Volunteer.objects.filter(name="Anna Export").exists()


def test_name_that_an_organisation_corrects_moves_nobody(anna, bernd):
    Application.objects.filter(pk=anna.pk).update(name="Anna Imports")
    names = [one.name for one in persons.people_at([PAIR], everything=True)]
    assert names == [ANNA, BERND]
    assert "Samira" in Client().get(my_page(anna)).text


def test_new_address_of_one_leaves_the_other_and_the_account(anna, bernd):
    user = factories.make_user(PAIR)
    new = "anna@example.org"
    Client().post(my_data(anna, "my_data_address"), {"email": new, "again": new})
    path = re.search(r"https?://[^/]+(/neue-adresse/\S+/)", mail.outbox[-1].body)[1]
    assert Client().post(path).status_code == 302
    assert dict(Volunteer.objects.values_list("name", "email")) == {ANNA: new, BERND: PAIR}
    assert dict(Registration.objects.values_list("name", "email")) == {ANNA: new, BERND: PAIR}
    user.refresh_from_db()
    assert user.email == PAIR
    assert ANNA in mail.outbox[-1].body


@pytest.mark.slow
def test_page_asks_as_often_for_thirty_people_as_for_two(anna, bernd, circle):
    def count():
        with CaptureQueriesContext(connection) as queries:
            Client().get(my_data(anna))
        return len(queries)

    once = count()
    for number in range(28):
        factories.make_application(circle, f"Person {number}", email=PAIR)
    assert count() == once
