"""Questions: asked without an account, mailed to those who answer, answered, deleted."""

import datetime
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from programs.addresses import admin_path
from tests import factories
from tests.clients import client_of
from tests.people import person_at
from tests.volunteers.applications.test_races import at_once
from volunteers.models import Enquiry, OutgoingMail
from volunteers.privacy import disclosure, erasing, retention
from volunteers.privacy.correcting import correct_person
from volunteers.reads.persons import people_at
from volunteers.services import enquiries as services

pytestmark = pytest.mark.django_db

TYPED = {
    "text": "Kann ich meine Kinder mitbringen?\n<b>Danke</b> مرحبا",
    "name": "Öznur Yılmaz",
    "email": "Oeznur@Example.org",
    "phone": "",
}
QUESTION = services.Question(text="Wann?", name="Amira", email="amira@example.org", phone="")


@pytest.fixture
def circle():
    factories.make_clearing_office()
    return factories.make_circle("Freundeskreis Süd", answer_days=5)


@pytest.fixture
def katrin(circle):
    return factories.make_member(circle).user


@pytest.fixture
def entry(circle, katrin):
    return factories.make_entry("Sprachcafé", organisation=circle)


def address(about: Any) -> str:
    return reverse("volunteers:ask", args=[about.slug])


def test_a_question_is_stored_mailed_and_thanked_for(client: Client, entry, circle, katrin):
    response = client.post(address(entry), TYPED, follow=True)
    assert response.redirect_chain == [(reverse("volunteers:ask_done"), 302)]
    assert "innerhalb von fünf Tagen" in response.text
    enquiry = Enquiry.objects.get()
    assert (enquiry.entry_id, enquiry.event, enquiry.organisation) == (entry.pk, None, circle)
    assert (enquiry.name, enquiry.email) == ("Öznur Yılmaz", "oeznur@example.org")
    (message,) = mail.outbox
    assert (message.to, message.reply_to) == ([katrin.email], ["oeznur@example.org"])
    assert "> Kann ich meine Kinder mitbringen?\n> <b>Danke</b> مرحبا" in message.body
    assert admin_path(enquiry) in message.body


def test_nothing_is_mailed_to_the_typed_address(client: Client, entry):
    client.post(address(entry), TYPED)
    assert not OutgoingMail.objects.filter(recipients__contains=["oeznur@example.org"]).exists()


def test_a_question_about_an_event_reaches_those_who_invite(client: Client, circle, katrin):
    event = factories.make_event("Fest", organisation=circle)
    client.post(reverse("volunteers:ask_about_event", args=[event.slug]), TYPED)
    enquiry = Enquiry.objects.get()
    assert (enquiry.event, enquiry.entry_id, enquiry.about) == (event, circle.pk, "Fest")
    event.delete()
    enquiry.refresh_from_db()
    assert enquiry.about == "Freundeskreis Süd"


def test_by_telephone_alone(client: Client, entry):
    client.post(address(entry), TYPED | {"email": "", "phone": "0711 216-0"})
    (message,) = mail.outbox
    assert message.reply_to == []
    assert "Bitte rufen Sie zurück: 0711 216-0." in message.body


@pytest.mark.parametrize(
    "typed",
    ["٠٧١١ ٢١٦-٠", "\u202a0711 216-0\u202c", "۰۷۱۱ ۲۱۶-۰", "0711\u00a0216–0", "０７１１ ２１６-０"],
)
def test_a_number_may_be_typed_in_the_digits_of_any_script(client: Client, entry, typed):
    client.post(address(entry), TYPED | {"email": "", "phone": typed})
    assert Enquiry.objects.get().phone == "0711 216-0"


def test_one_of_address_and_number_is_needed_and_both_say_so(client: Client, entry):
    page = client.get(address(entry)).text
    assert "E-Mail oder Telefon, eines genügt" in page
    assert page.count("(freiwillig)") == 1  # the field that people do not see
    form = client.post(address(entry), TYPED | {"email": "", "phone": ""}).context["form"]
    assert set(form.errors) == {"email", "phone"}


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"phone": ""}, "per E-Mail an Oeznur@Example.org."),
        ({"email": "", "phone": "0711 216-0"}, "ruft Sie an: 0711 216-0."),
        ({"phone": "0711 216-0"}, "an Oeznur@Example.org oder am Telefon: 0711 216-0."),
    ],
)
def test_the_thanks_repeat_by_which_way_the_answer_comes(client: Client, entry, typed, says):
    page = client.post(address(entry), TYPED | typed, follow=True)
    assert says in page.text
    again = f"{address(entry)}?aendern"
    assert again in page.text
    assert client.get(again).context["form"]["text"].value() == TYPED["text"]
    assert says not in Client().get(reverse("volunteers:ask_done")).text


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"email": "", "phone": ""}, "E-Mail oder Telefon an, eines genügt"),
        ({"phone": "0711 555"}, "zu kurz"),
        ({"phone": "473051"}, "die Vorwahl"),
        ({"email": "oeznur"}, "E-Mail-Adresse stimmt nicht"),
        ({"email": "", "phone": "morgens"}, "nur mit Ziffern"),
        ({"text": ""}, "was Sie wissen möchten"),
        ({"text": "ü" * 2001}, "höchstens 2000 Zeichen, es sind 2001"),
        ({"text": "\x00"}, "Steuerzeichen"),
        ({"text": "a\u202eb"}, "Steuerzeichen"),
        ({"name": ""}, "wie wir Sie ansprechen"),
        ({"name": "a\nb"}, "Steuerzeichen"),
    ],
)
def test_a_mistake_is_explained_and_what_was_typed_stays(client: Client, entry, wrong, says):
    response = client.post(address(entry), TYPED | wrong)
    assert response.status_code == 422
    assert says in response.text
    assert "<title>Fehler:" in response.text
    for name in set(TYPED) - set(wrong):
        kept = response.context["form"][name].value()
        assert kept == TYPED[name]
    assert "<b>Danke" not in response.text
    assert not Enquiry.objects.exists()


def test_only_what_is_public_can_be_asked_about(client: Client, circle):
    hidden = factories.make_entry(organisation=circle, is_published=False)
    event = factories.make_event(organisation=circle, is_published=False)
    assert client.get(address(hidden)).status_code == 404
    url = reverse("volunteers:ask_about_event", args=[event.slug])
    assert client.post(url, TYPED).status_code == 404
    ended = factories.make_entry(organisation=circle, status="ended")
    assert client.get(address(ended)).status_code == 200


def test_the_same_again_is_one_question_and_later_a_new_one(entry):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        first = services.ask(about=entry, question=QUESTION)
        assert services.ask(about=entry, question=QUESTION) == first
        assert len(mail.outbox) == 1
        clock.shift(services.SAME_QUESTION + datetime.timedelta(seconds=1))
        assert services.ask(about=entry, question=QUESTION) != first
    other = factories.make_entry("Anderes", organisation=entry.organisation)
    services.ask(about=other, question=QUESTION)
    assert Enquiry.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_clicks_at_once_make_one_question(circle):
    event = factories.make_event(organisation=circle)
    for about in (factories.make_entry(organisation=circle), event):
        Enquiry.objects.all().delete()
        found = at_once(*[lambda a=about: services.ask(about=a, question=QUESTION)] * 4)
        assert len({one.pk for one in found}) == 1
        assert Enquiry.objects.count() == 1


def test_a_question_that_cannot_be_answered_is_refused_by_the_database(entry):
    with pytest.raises(IntegrityError, match="enquiry_can_be_answered"), transaction.atomic():
        factories.make_enquiry(entry, email="", phone="")


# --- those who answer ----------------------------------------------------------------------------


def test_only_the_people_of_the_organisation_see_it(entry, circle, katrin):
    enquiry = factories.make_enquiry(entry)
    other = factories.make_member(factories.make_circle("Freundeskreis West")).user
    rooms = factories.make_member(circle, role="room_staff").user
    seen = {user: list(Enquiry.objects.visible_to(user)) for user in (katrin, other, rooms)}
    assert seen == {katrin: [enquiry], other: [], rooms: []}
    assert not Enquiry.objects.visible_to(AnonymousUser()).exists()


@pytest.mark.slow
def test_the_worklist_counts_what_waits_and_leads_there(entry, katrin):
    open_one = factories.make_enquiry(entry, "Amira")
    factories.make_enquiry(entry, "Ben", answered_at=timezone.now())
    client = client_of(katrin)
    page = client.get(reverse("admin:index")).text
    link = admin_path(Enquiry, beantwortet="nein")
    assert f'href="{link}"' in page
    assert "Frage wartet auf Antwort" in page
    listed = client.get(link).context["cl"].result_list
    assert list(listed) == [open_one]


def test_answered_is_noted_once_and_can_be_taken_back(entry, katrin):
    enquiry = factories.make_enquiry(entry)
    client, url = client_of(katrin), admin_path(enquiry)
    assert "Kann ich einfach dazukommen?" in client.get(url).text
    client.post(url, {"answered": "on"})
    enquiry.refresh_from_db()
    assert enquiry.is_answered
    assert enquiry.answered_by == katrin
    at, second = enquiry.answered_at, factories.make_member(enquiry.organisation).user
    services.note_answer(enquiry=enquiry, by=second)
    enquiry.refresh_from_db()
    assert (enquiry.answered_at, enquiry.answered_by) == (at, katrin)
    client.post(url, {})
    enquiry.refresh_from_db()
    assert (enquiry.answered_at, enquiry.answered_by) == (None, None)


def test_several_are_noted_in_the_list(entry, katrin):
    factories.make_enquiry(entry, "Amira")
    factories.make_enquiry(entry, "Ben")
    numbers = list(Enquiry.objects.values_list("pk", flat=True))
    data = {"action": "note_answers", "_selected_action": numbers}
    page = client_of(katrin).post(admin_path(Enquiry), data, follow=True).text
    assert "2 Fragen beantwortet." in page
    assert not Enquiry.objects.unanswered().exists()


def test_the_list_asks_as_often_for_one_as_for_thirty(entry, katrin, django_assert_max_num_queries):
    client = client_of(katrin)
    counts = []
    for names in (["Amira"], [f"Person {n}" for n in range(29)]):
        for name in names:
            factories.make_enquiry(entry, name)
        with django_assert_max_num_queries(100) as queries:
            client.get(admin_path(Enquiry))
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- the person ----------------------------------------------------------------------------------


@pytest.mark.slow
def test_my_data_shows_and_deletes_it(entry):
    enquiry = factories.make_enquiry(entry, "Amira Haddad", email="amira@example.org")
    factories.make_enquiry(entry, "Bernd Haddad", email="amira@example.org")
    amira = next(
        one for one in people_at(["amira@example.org"], everything=True) if one.name[0] == "A"
    )
    tables = {t.model: t for one in disclosure.disclose(amira) for t in one.tables}
    assert len(tables["volunteers.Enquiry"].rows) == 1
    erasing.erase_person(person=amira)
    assert not Enquiry.objects.filter(pk=enquiry.pk).exists()
    assert Enquiry.objects.get().name == "Bernd Haddad"


@pytest.mark.slow
def test_the_page_of_my_data_opens_for_who_has_only_asked(client: Client, entry, settings):
    factories.make_enquiry(entry, email="amira@example.org")
    client.post(reverse("volunteers:my_data"), {"email": "amira@example.org"})
    (message,) = mail.outbox
    link = next(
        line for line in message.body.splitlines() if "/l/" in line or "/meine-daten/" in line
    )
    page = client.get(link.removeprefix(settings.SITE_URL), follow=True)
    assert next(one.about.key for one in page.context["activities"]) == "enquiries"
    assert "<strong>Fragen</strong>" in page.text


def test_a_corrected_name_stays_one_person(entry):
    factories.make_application(entry.organisation, "Amira Haddad", email="amira@example.org")
    factories.make_enquiry(entry, "Amira Haddad", email="amira@example.org")
    amira = person_at("amira@example.org")
    answers = {"name": "Amira Haddad-Weber", "languages": [], "fields": [], "districts": []}
    correct_person(person=amira, answers=answers)
    assert Enquiry.objects.get().name == "Amira Haddad-Weber"


def test_questions_are_deleted_on_time(entry, settings):
    settings.KEEP_ANSWERED_ENQUIRIES_MONTHS, settings.KEEP_ENQUIRIES_MONTHS = 3, 12
    with time_machine.travel(datetime.datetime(2026, 6, 15, 3, tzinfo=factories.BERLIN)):
        now = timezone.now()
        for name, asked, answered in (
            ("bleibt", 80, 10),
            ("bleibt auch", 300, None),
            ("geht", 95, 94),
            ("geht auch", 370, None),
        ):
            factories.make_enquiry(
                entry,
                name,
                asked_at=now - datetime.timedelta(days=asked),
                answered_at=answered and now - datetime.timedelta(days=answered),
            )
        retention.run()
    assert set(Enquiry.objects.values_list("name", flat=True)) == {"bleibt", "bleibt auch"}
