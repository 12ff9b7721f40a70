"""Companies and foundations offer something, beside what organisations need, and what came of it."""

import datetime

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.cooperation import services
from portal.models import CooperationOffer, Need
from portal.worklist import open_points
from programs.addresses import admin_path
from tests import factories
from tests.clients import client_of
from tests.volunteers.applications.test_races import at_once
from volunteers.privacy import retention
from volunteers.reads.load import loads

pytestmark = pytest.mark.django_db

PAGE = reverse("portal:cooperation")
TYPED = {
    "by": "company",
    "company": "Werkzeugbau Neckar",
    "kinds": ["time", "rooms"],
    "text": "Zwölf Menschen\r\nfür einen Tag",
    "name": "Kerstin Krämer",
    "email": "Kerstin@Example.org",
}


@pytest.fixture
def office():
    return factories.make_clearing_office(answer_days=5, phone="0711 216")


@pytest.fixture
def omar(office):
    return factories.make_member(office, role="staff").user


@pytest.fixture
def circle(office):
    return factories.make_circle("Freundeskreis Feuerbach", department=office)


@pytest.fixture
def katrin(circle):
    return factories.make_member(circle).user


def waiting(user):
    return [one.count for one in open_points(user) if "Unternehmen" in one.label]


def save(client, offer, **changes):
    form = client.get(admin_path(offer)).context["adminform"].form
    data = {one.html_name: one.value() or "" for one in form}
    return client.post(admin_path(offer), data | changes)


# --- offering -------------------------------------------------------------------------------------


def test_an_offer_is_mailed_to_those_who_answer_and_stands_on_their_start_page(
    client, office, omar
):
    assert "0711 216" in client.get(PAGE).text
    sent = client.post(PAGE, TYPED)
    offer = CooperationOffer.objects.get()
    assert (offer.organisation, offer.status) == (office, "new")
    assert (offer.kinds, offer.email) == (["time", "rooms"], "kerstin@example.org")
    assert offer.answer_by == timezone.localdate() + datetime.timedelta(days=5)
    (told,) = mail.outbox
    assert (told.to, told.reply_to) == ([omar.email], ["kerstin@example.org"])
    assert "Zeit, Räume" in told.body
    assert "> Zwölf Menschen" in told.body
    assert waiting(omar) == [1]
    assert "meldet sich innerhalb von fünf Tagen" in client.get(sent["Location"]).text


def test_nobody_else_sees_it(client, office, katrin):
    client.post(PAGE, TYPED)
    assert not CooperationOffer.objects.visible_to(katrin).exists()
    assert waiting(katrin) == []


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"email": ""}, "eines genügt"),
        ({"email": "kerstin@"}, "stimmt nicht"),
        ({"kinds": []}, "was Sie geben möchten"),
        ({"kinds": ["gold"]}, "gold"),
        ({"company": " "}, "für wen Sie etwas anbieten"),
        ({"text": ""}, "was Sie anbieten"),
        ({"text": "x" * 2001}, "2000"),
        ({"company": "a\0b"}, ""),
        ({"name": ""}, "ansprechen"),
        ({"by": "verein"}, ""),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(client, office, typed, words):
    refused = client.post(PAGE, TYPED | typed)
    assert refused.status_code == 422
    assert words in refused.text
    assert not CooperationOffer.objects.exists()


def test_the_form_of_a_bot_is_thanked_and_not_stored(client, office):
    assert client.post(PAGE, TYPED | {"website": "x"}).status_code == 302
    assert not CooperationOffer.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_offer(office):
    answers = TYPED | {"phone": "", "text": "Ein Tag"}
    at_once(lambda: services.offer(answers=answers), lambda: services.offer(answers=answers))
    assert CooperationOffer.objects.count() == 1


# --- what organisations need ----------------------------------------------------------------------


def test_needs_of_organisations_stand_beside_the_form_and_the_list(client, office, omar, circle):
    factories.make_need(circle, "Zehn Laptops")
    factories.make_need(circle, "Erfüllte Sache", is_met=True)
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    factories.make_need(circle, "Vorbei seit gestern", until=yesterday)
    factories.make_need(circle, "Heute noch", until=timezone.localdate())
    factories.make_need(factories.make_circle("Versteckt", is_published=False), "Geheimes")
    offer = factories.make_cooperation(office, kinds=["money"])
    staff = client_of(omar)
    for page in (client.get(PAGE).text, staff.get(admin_path(CooperationOffer)).text):
        assert "Zehn Laptops" in page
        assert "Heute noch" in page
        for hidden in ("Erfüllte Sache", "Vorbei seit gestern", "Geheimes"):
            assert hidden not in page
    assert "Zehn Laptops" not in staff.get(admin_path(offer)).text  # they need no money
    CooperationOffer.objects.update(kinds=["money", "things"])
    assert "Zehn Laptops" in staff.get(admin_path(offer)).text


def test_an_organisation_states_its_own_needs_and_no_others(circle, katrin):
    other = factories.make_circle("Anderer")
    page, address = client_of(katrin), reverse("admin:portal_need_add")
    typed = {"kind": "rooms", "text": "Ein Raum am Mittwoch", "until": ""}
    assert page.post(address, typed | {"organisation": other.pk}).status_code in {200, 403}
    assert not Need.objects.exists()
    assert page.post(address, typed | {"organisation": circle.pk}).status_code == 302
    assert Need.objects.get().organisation == circle
    factories.make_need(other, "Fremdes")
    assert "Fremdes" not in page.get(admin_path(Need)).text


# --- what came of it ------------------------------------------------------------------------------


def test_staff_note_what_came_of_it(office, omar, circle):
    offer = factories.make_cooperation(office)
    staff = client_of(omar)
    refused = save(staff, offer, status="agreed")
    assert refused.status_code == 200
    assert "was daraus wurde" in refused.text
    text = "Zehn Laptops übergeben"
    assert save(staff, offer, status="agreed", outcome=text, benefits=circle.pk).status_code == 302
    offer.refresh_from_db()
    assert (offer.status, offer.benefits) == ("agreed", circle)
    assert offer.settled_on == timezone.localdate()
    assert text in staff.get(admin_path(CooperationOffer)).text
    assert waiting(omar) == []
    save(staff, offer, status="in_contact")
    offer.refresh_from_db()
    assert offer.settled_on is None


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"email": ""}, "cooperation_can_be_answered"),
        ({"kinds": []}, "cooperation_offers_something"),
        ({"status": "agreed"}, "cooperation_says_what_came_of_it"),
    ],
)
def test_constraints(office, wrong, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        factories.make_cooperation(office, **wrong)


def test_the_load_counts_offers_that_wait(office, omar):
    factories.make_cooperation(office)
    factories.make_cooperation(office, status="in_contact")
    (load,) = loads(type(office).objects.filter(pk=office.pk))
    assert load.questions == 1


def test_list_makes_the_same_queries_for_many(office, omar, circle):
    staff, address = client_of(omar), admin_path(CooperationOffer)

    def count():
        with CaptureQueriesContext(connection) as context:
            assert staff.get(address).status_code == 200
        return len(context)

    factories.make_cooperation(office, benefits=circle)
    factories.make_need(circle)
    count()
    once = count()
    for number in range(30):
        factories.make_cooperation(office, f"Firma {number}", benefits=circle)
        factories.make_need(circle, f"Bedarf {number}")
    assert count() == once


def test_page_makes_the_same_queries_for_many_needs(client, office, circle):
    def count():
        with CaptureQueriesContext(connection) as context:
            assert client.get(PAGE).status_code == 200
        return len(context)

    factories.make_need(circle)
    count()
    once = count()
    for number in range(30):
        factories.make_need(factories.make_circle(f"Kreis {number}"), f"Bedarf {number}")
    assert count() == once
    assert once <= 10


def test_offers_go_on_time(office, time_machine):
    today = timezone.localdate()
    factories.make_cooperation(office, "Offen")
    settled = {"status": "nothing", "outcome": "Kein Ort gefunden", "settled_on": today}
    factories.make_cooperation(office, "Entschieden", **settled)
    for days, left in ((31 * 35, 2), (31 * 36 + 5, 0)):
        time_machine.move_to(timezone.now() + datetime.timedelta(days=days))
        retention.run()
        assert CooperationOffer.objects.count() == left
        time_machine.move_to(timezone.now() - datetime.timedelta(days=days))
