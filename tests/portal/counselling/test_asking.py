"""„Beratung“: the four forms, confirming by link, and which department gets what."""

import datetime

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from portal.counselling import services
from portal.counselling.departments import department_for
from portal.counselling.views import SLUGS
from portal.models import CounsellingRequest
from tests import factories
from tests.volunteers.applications.test_races import at_once
from tests.volunteers.applications.test_sign_up import links_in
from volunteers.privacy import retention

pytestmark = pytest.mark.django_db

TYPED = {
    "text": "Wie gehe ich mit\r\nStreit um?",
    "way": "mail",
    "name": "Nora Neu",
    "email": "Nora@Example.org",
}
NAMED = {"organisationen": "Verein am Markt", "unternehmen": "Werkzeugbau Neckar"}


def ask(client, slug="engagierte", **typed):
    besides = {"on_behalf_of": NAMED[slug]} if slug in NAMED else {}
    return client.post(reverse("portal:counselling_ask", args=[slug]), TYPED | besides | typed)


def answers(**typed):
    return {
        "text": "Wie?", "way": "mail", "name": "Nora Neu", "email": "nora@example.org", "phone": ""
    } | typed  # fmt: skip


@pytest.mark.parametrize("slug", SLUGS)
def test_each_audience_asks_on_a_page_of_its_own(client, office, omar, slug):
    page = client.get(reverse("portal:counselling"))
    address = reverse("portal:counselling_ask", args=[slug])
    assert address in page.text
    assert "0711 216" in page.text
    assert client.get(address).status_code == 200
    assert ask(client, slug)["Location"] == reverse("portal:counselling_done")
    asked = CounsellingRequest.objects.get()
    assert asked.audience == SLUGS[slug]
    assert asked.on_behalf_of == NAMED.get(slug, "")
    assert (asked.status, asked.email) == ("unconfirmed", "nora@example.org")
    assert asked.text == "Wie gehe ich mit\nStreit um?"


def test_other_pages_lead_there(client, office):
    assert reverse("portal:counselling") in client.get(reverse("portal:home")).text
    assert client.get("/beratung/unsinn/").status_code == 404


def test_only_organisations_and_companies_name_themselves(client, office):
    for slug, is_asked in (("engagierte", 0), ("interessierte", 0), *((one, 1) for one in NAMED)):
        form = client.get(reverse("portal:counselling_ask", args=[slug])).context["form"]
        assert ("on_behalf_of" in form.fields) == is_asked, slug
    refused = ask(client, "unternehmen", on_behalf_of=" ")
    assert refused.status_code == 422
    assert "Bitte schreiben Sie den Namen Ihres Unternehmens." in refused.text
    assert "Nora@Example.org" in refused.text  # what was typed stays


def test_it_counts_once_it_is_confirmed_by_the_mailed_link(client, office, omar):
    ask(client)
    asked = CounsellingRequest.objects.get()
    assert not CounsellingRequest.objects.visible_to(omar).exists()
    (message,) = mail.outbox
    assert message.to == ["nora@example.org"]
    assert "Nora" not in message.body + message.subject  # anybody may have typed it
    assert "Streit" not in message.body
    (path,) = links_in(message)
    assert "Ja, ich möchte Beratung" in client.get(path, follow=True).text
    asked.refresh_from_db()
    assert asked.is_unconfirmed  # a GET confirms nothing

    there = client.post(path, follow=True)

    asked.refresh_from_db()
    assert asked.status == "new"
    assert asked.answer_by == timezone.localdate() + datetime.timedelta(days=5)
    assert asked.answer_by.strftime("%Y") in there.text
    assert "Es antwortet: Sozialamt" in there.text
    assert CounsellingRequest.objects.visible_to(omar).get() == asked
    (told,) = mail.outbox[1:]
    assert told.to == [omar.email]
    assert "Nora" not in told.body
    again = client.post(path, follow=True)  # a second click leads to the page
    assert "Ihre Anfrage ist da" in again.text
    assert len(mail.outbox) == 2


def test_more_work_makes_a_later_promise(office, omar, settings):
    settings.PROMISE_CASES = 2
    first = [services.promised(office).answer_by]
    for number in range(4):
        factories.make_counselling(office, f"Person {number}")
    first.append(services.promised(office).answer_by)
    assert first[0] < first[1]


def test_who_gives_a_telephone_only_is_called_without_a_link(client, office, omar):
    sent = ask(client, email="", phone="0711 1234567", way="phone")
    ask(client, email="", phone="0711 1234567", way="phone")  # a double click
    asked = CounsellingRequest.objects.get()
    assert (asked.status, asked.phone) == ("new", "0711 1234567")
    assert asked.answer_by is not None
    assert [one.to for one in mail.outbox] == [[omar.email]]
    page = client.get(sent["Location"]).text
    assert "Ein Mensch ruft Sie an: 0711 1234567" in page
    assert "Postfach" not in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"email": ""}, "eines genügt"),
        ({"email": "nora@"}, "stimmt nicht"),
        ({"email": "", "phone": "0711 1234567"}, "Für Nachrichten hier im Portal"),
        ({"way": "phone"}, "Unter welcher Nummer"),
        ({"way": "taube"}, "taube"),
        ({"text": " "}, "worum es geht"),
        ({"text": "x" * 2001}, "2000"),
        ({"text": "a\0b"}, ""),
        ({"name": ""}, "ansprechen"),
        ({"entry": "4711"}, ""),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(client, office, typed, words):
    refused = ask(client, **typed)
    assert refused.status_code == 422
    assert words in refused.text
    assert not CounsellingRequest.objects.exists()


def test_the_form_of_a_bot_is_thanked_and_not_stored(client, office):
    assert ask(client, website="x")["Location"] == reverse("portal:counselling_done")
    assert not CounsellingRequest.objects.exists()


def test_a_form_sent_again_before_the_click_replaces_the_first(client, office):
    ask(client)
    ask(client, text="Doch etwas anderes")
    asked = CounsellingRequest.objects.get()
    assert asked.text == "Doch etwas anderes"
    assert len(mail.outbox) == 1


def test_a_second_question_of_somebody_who_has_confirmed_is_another_request(client, office, omar):
    ask(client)
    services.confirm_counselling(asked=CounsellingRequest.objects.get())
    ask(client, text="Und noch etwas")
    texts = set(CounsellingRequest.objects.values_list("text", flat=True))
    assert texts == {"Wie gehe ich mit\nStreit um?", "Und noch etwas"}


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_request(office):
    def send():
        services.submit_counselling(audience="volunteers", answers=answers())

    at_once(send, send)
    assert CounsellingRequest.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_calls_wanted_at_once_are_one(office):
    def send():
        typed = answers(email="", phone="0711 1234567", way="phone")
        services.submit_counselling(audience="volunteers", answers=typed)

    at_once(send, send)
    assert CounsellingRequest.objects.count() == 1


# --- which department -------------------------------------------------------------------------------


def test_the_department_in_charge_of_what_it_is_about_gives_counselling(office, department, ines):
    circle = factories.make_circle(department=department)
    programme = factories.make_programme(organisation=department)
    theirs = factories.make_programme(organisation=circle)
    other = factories.make_programme(organisation=circle, department=office)
    factories.make_member(office)
    found = [department_for(one) for one in (circle, programme, theirs, other, None)]
    assert found == [department, department, department, office, office]


def test_without_anybody_there_it_is_the_clearing_office(office, department):
    assert department_for(factories.make_circle(department=department)) == office


def test_an_organisation_does_not_counsel_itself(office):
    circle = factories.make_circle()
    factories.make_member(circle)
    assert department_for(circle) == office


def test_what_a_volunteer_chooses_decides_who_reads_it(client, office, department, ines, omar):
    circle = factories.make_circle(department=department)
    ask(client, entry=circle.pk)
    services.confirm_counselling(asked=CounsellingRequest.objects.get())
    assert CounsellingRequest.objects.visible_to(ines).exists()
    assert not CounsellingRequest.objects.visible_to(omar).exists()


def test_what_is_not_public_or_over_cannot_be_chosen(client, office):
    factories.make_circle("Versteckt", is_published=False)
    factories.make_circle("Vorbei", status="ended")
    factories.make_circle("Da")
    page = client.get(reverse("portal:counselling_ask", args=["engagierte"])).text
    assert "Da</option>" in page
    assert "Versteckt" not in page
    assert "Vorbei" not in page


# --- the database ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        ({"email": "", "phone": ""}, "counselling_can_be_answered"),
        ({"answer_by": None}, "counselling_has_a_promise"),
        ({"status": "done"}, "counselling_closed_since"),
        ({"closed_at": timezone.now()}, "counselling_closed_since"),
    ],
)
def test_constraints(office, wrong, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        factories.make_counselling(office, **wrong)


def test_one_unconfirmed_request_of_a_person_for_an_audience(office):
    same = {"email": "nora@example.org", "status": "unconfirmed"}
    factories.make_counselling(office, "Nora Neu", **same)
    factories.make_counselling(office, "Bernd Neu", **same)
    with (
        pytest.raises(IntegrityError, match="counselling_once_until_confirmed"),
        transaction.atomic(),
    ):
        factories.make_counselling(office, "nora  neu", **same)


# --- deleting on time --------------------------------------------------------------------------------


def test_what_nobody_confirms_or_what_is_over_goes(office, time_machine, settings):
    factories.make_counselling(office, "Unbestätigt", status="unconfirmed", answer_by=None)
    factories.make_counselling(office, "Offen")
    factories.make_counselling(office, "Beendet", status="done", closed_at=timezone.now())
    left = []
    for days in (6, 8, 31 * 6 - 10, 31 * 6 + 5, 31 * 24 + 5):
        time_machine.move_to(timezone.now() + datetime.timedelta(days=days))
        retention.run()
        left.append(set(CounsellingRequest.objects.values_list("name", flat=True)))
        time_machine.move_to(timezone.now() - datetime.timedelta(days=days))
    everybody = {"Unbestätigt", "Offen", "Beendet"}
    assert left == [
        everybody,
        everybody - {"Unbestätigt"},
        everybody - {"Unbestätigt"},
        {"Offen"},
        set(),
    ]
