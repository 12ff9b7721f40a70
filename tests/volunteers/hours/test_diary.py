"""The diary: what was good on a day and a question about it, beside the hours of that day."""

from decimal import Decimal

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from tests import factories
from volunteers.errors import TooManyMessages
from volunteers.links import applications as application_links
from volunteers.models import HoursEntry, Message
from volunteers.privacy.traces import TEXTS
from volunteers.services import hours as services
from volunteers.services.hours import Work
from volunteers.services.messages import write_message

pytestmark = pytest.mark.django_db

GOOD = "Wir haben das Formular verstanden."
ASKED = "Wer hilft beim Wohnberechtigungsschein?"


@pytest.fixture
def organisation():
    return factories.make_circle()


@pytest.fixture
def application(organisation):
    return factories.make_engaged(organisation)


@pytest.fixture
def coordinator(organisation):
    return factories.make_member(organisation).user


def page(application, name="hours", *args):
    return reverse(f"volunteers:{name}", args=[application_links.status_token(application), *args])


def typed(**changes):
    return {"on": timezone.localdate().isoformat(), "hours": "1,5", "what": "Begleitet"} | changes


@pytest.mark.slow
def test_meeting_is_noted_with_what_was_good_and_a_question(client, application, coordinator):
    with_both = typed(went_well=GOOD, question=ASKED)
    assert client.post(page(application), with_both).status_code == 302
    entry, message = application.hours.get(), application.messages.get()
    assert (entry.went_well, entry.is_confirmed) == (GOOD, False)
    assert message.text == f"Zum {date_format(timezone.localdate())}: {ASKED}"
    assert GOOD in client.get(page(application)).text
    client.force_login(coordinator)
    shown = client.get(reverse("admin:volunteers_application_change", args=[application.pk])).text
    assert GOOD in shown
    assert ASKED in shown


def test_question_is_answered_like_every_message(client, application, coordinator):
    client.post(page(application), typed(question=ASKED))
    assert application.messages.unhandled().count() == 1
    write_message(application=application, text="Das Amt für Wohnungswesen.", by=coordinator)
    assert not application.messages.unhandled().exists()
    assert "Das Amt für Wohnungswesen." in client.get(page(application, "status")).text


def test_mails_do_not_carry_the_diary(client, application, coordinator):
    client.post(page(application), typed(went_well=GOOD, question=ASKED))
    assert mail.outbox
    assert not [sent for sent in mail.outbox if GOOD in sent.body]


def test_double_click_makes_one_entry_and_one_message(client, application):
    for _ in range(2):
        client.post(page(application), typed(went_well=GOOD, question=ASKED))
    assert (application.hours.count(), application.messages.count()) == (1, 1)


def test_words_that_come_later_are_added_to_the_same_entry(client, application, coordinator):
    client.post(page(application), typed())
    client.post(page(application), typed(went_well=GOOD))
    entry = application.hours.get()
    assert entry.went_well == GOOD
    services.confirm_hours(application=application, by=coordinator, seen=[entry.seen])
    client.post(page(application), typed(went_well="Anders"))
    assert application.hours.get().went_well == GOOD


def test_refused_day_sends_no_question(client, application):
    answer = client.post(page(application), typed(hours="1,1", question=ASKED))
    assert answer.status_code == 422
    assert ASKED in answer.text
    assert not Message.objects.exists()


def test_refused_question_notes_no_day(client, application, settings):
    settings.MESSAGES_A_DAY = 0
    answer = client.post(page(application), typed(went_well=GOOD, question=ASKED))
    assert answer.status_code == 422
    assert str(TooManyMessages()) in answer.text
    assert GOOD in answer.text
    assert not HoursEntry.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"went_well": "x" * 501}, "Das ist zu lang"),
        ({"went_well": "a\u202eb"}, "Steuerzeichen"),
        ({"question": "x" * 1001}, "Das ist zu lang"),
        ({"question": "a\x07b"}, "Steuerzeichen"),
    ],
)
def test_unfriendly_words_get_a_sentence(client, application, changes, sentence):
    answer = client.post(page(application), typed(**changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert not HoursEntry.objects.exists()


def test_person_changes_what_was_noted_and_asks_nothing_there(client, application):
    client.post(page(application), typed(went_well=GOOD))
    address = page(application, "change_hours", application.hours.get().pk)
    shown = client.get(address).text
    assert GOOD in shown
    assert 'name="question"' not in shown
    client.post(address, typed(went_well=""))
    assert application.hours.get().went_well == ""


def test_correction_by_the_coordinator_leaves_the_diary_alone(application, coordinator):
    noted = Work(on=timezone.localdate(), hours=Decimal(2), what="Begleitet", went_well=GOOD)
    entry = services.note_hours(application=application, work=noted)
    corrected = Work(on=noted.on, hours=Decimal(3), what="Begleitet")
    services.change_hours(entry=entry, work=corrected, by=coordinator)
    entry.refresh_from_db()
    assert (entry.hours, entry.went_well) == (3, GOOD)


def test_words_of_the_diary_are_searched_for_names_when_a_person_is_erased():
    assert "went_well" in TEXTS[HoursEntry]
