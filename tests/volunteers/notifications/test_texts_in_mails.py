"""Titles of records in a mail: translated where they are, else marked as German; so is what staff wrote."""

import re

import pytest
from django.urls import reverse
from django.utils import translation
from icalendar import Calendar

from programs.texts import keep, translation_of
from tests import factories
from tests.volunteers.notifications.test_every_mail import as_received, part
from volunteers.models import Message, OutgoingMail
from volunteers.notifications import applications, in_german, messages, registrations

pytestmark = pytest.mark.django_db
TITLE, UKRAINIAN = "Begleitung zum Amt", "Супровід до установи"


def translate(record, **texts):
    keep(record, "uk", {name: translation_of(record, name, text) for name, text in texts.items()})


@pytest.fixture
def application(queued_mail):
    circle = factories.make_circle(department=factories.make_clearing_office())
    entry = factories.make_entry(TITLE, organisation=circle)
    return factories.make_application(circle, entry=entry, preferred_language="uk")


def sent():
    return as_received(OutgoingMail.objects.latest("pk"))


def test_a_translated_title_stands_in_subject_and_text(application):
    translate(application.entry, title=UKRAINIAN)
    applications.withdrawn(application)
    mail = sent()
    assert UKRAINIAN in mail["Subject"]
    assert UKRAINIAN in part(mail, "plain")
    assert TITLE not in str(mail["Subject"]) + part(mail, "plain") + part(mail, "html")


def test_a_title_without_a_translation_is_marked_as_german(application):
    applications.withdrawn(application)
    mail = sent()
    assert f'<span lang="de" dir="auto">{TITLE}</span>' in part(mail, "html")
    assert TITLE in part(mail, "plain")
    assert not in_german.MARKS.search(str(mail["Subject"]) + part(mail, "plain"))


@pytest.mark.parametrize("language", ["de", "leichte-sprache"])
def test_a_german_mail_marks_nothing(application, language):
    application.preferred_language = language
    applications.withdrawn(application)
    assert '<span lang="de"' not in part(sent(), "html")


def test_a_reason_is_said_to_be_german_and_marked(application):
    application.status, application.decline_reason = (
        "declined",
        "Der Kurs <b>ist</b> voll.\nLeider.",
    )
    applications.status_changed(application, was="new")
    mail = sent()
    html, text = part(mail, "html"), part(mail, "plain")
    assert '<span lang="de" dir="auto">Der Kurs &lt;b&gt;ist&lt;/b&gt; voll.</span>' in html
    assert '<span lang="de" dir="auto">Leider.</span>' in html
    assert re.search(r"\([^)]+\) Der Kurs <b>ist</b> voll.\nLeider.", text)


def test_marks_that_somebody_typed_are_no_marks(application):
    text = f"a{in_german.END}b{in_german.BEGIN}<i>c"
    with translation.override("uk"):
        assert in_german.unmarked(in_german.marked(text)) == "ab<i>c"
        assert in_german.html(text) == "ab&lt;i&gt;c"
    assert in_german.html(f"{in_german.BEGIN}x") == "x"


def test_a_message_says_that_it_is_german(application):
    translate(application.entry, title=UKRAINIAN)
    written = Message.objects.create(application=application, text="Bis Montag!", sender="staff")
    messages.to_person(written)
    before, _quote = part(sent(), "plain").split("> Bis Montag!")
    last_line = before.rstrip().rpartition("\n")[2]
    assert last_line.endswith(":")
    assert UKRAINIAN in before


def test_mail_and_calendar_file_of_an_event_speak_the_persons_language(queued_mail):
    event = factories.make_event("Schulung", summary="Ein Abend.", access_note="Mit Aufzug.")
    translate(event, title="Навчання", summary="Один вечір.", access_note="Є ліфт.")
    registrations.registered(factories.make_registration(event, preferred_language="uk"))
    mail = sent()
    text = part(mail, "plain")
    assert "Навчання" in mail["Subject"]
    assert "Є ліфт." in text
    assert "Schulung" not in text
    (attached,) = mail.iter_attachments()
    content = attached.get_content()
    entry = Calendar.from_ical(content if isinstance(content, str) else content.decode()).events[0]
    assert (entry["SUMMARY"], entry["SUMMARY"].params["LANGUAGE"]) == ("Навчання", "uk")
    assert entry["DESCRIPTION"].startswith("Один вечір.")
    assert event.organisation.title in part(mail, "html").split('<span lang="de" dir="auto">', 1)[1]


def test_a_calendar_file_says_which_text_stayed_german(client):
    event = factories.make_event("Schulung", summary="Ein Abend.")
    translate(event, title="Навчання")
    with translation.override("uk"):
        path = reverse("programs:event_ics", args=[event.slug])
    entry = Calendar.from_ical(client.get(path).content.decode()).events[0]
    assert entry["SUMMARY"].params["LANGUAGE"] == "uk"
    assert (entry["DESCRIPTION"], entry["DESCRIPTION"].params["LANGUAGE"]) == ("Ein Abend.", "de")
