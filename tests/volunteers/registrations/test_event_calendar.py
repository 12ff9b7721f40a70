"""Calendar files in mails, and mails about changed events."""

import datetime
from email import message_from_bytes, policy

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from programs.models import Event
from tests import factories
from tests.factories import BERLIN, make_event, make_registration
from tests.volunteers.applications.test_races import at_once
from volunteers.links import registrations as event_links
from volunteers.models import Registration
from volunteers.models.registrations import RegistrationStatus as S
from volunteers.notifications.finishing import as_sent
from volunteers.services import registrations as services
from volunteers.services import waiting_lists

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 3, 1, 12, tzinfo=BERLIN)
START = datetime.datetime(2026, 3, 28, 18, tzinfo=BERLIN)
QUIET = waiting_lists.QUIET


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def event(clock):
    return make_event(
        "Schulung, Teil 1; für alle",
        organisation=factories.make_clearing_office(),
        starts_at=START,
        takes_registrations=True,
        capacity=2,
        online_url="https://example.org/raum",
    )


def joined(event, email="amina@example.org"):
    services.submit_registration(
        event=event, guest=services.Guest(name="Amina Yılmaz", email=email)
    )
    found = Registration.objects.get(event=event, email=email)
    return services.confirm_registration(registration=found)


def invitation_in(message):
    """The calendar file of a received mail, and the MIME type of its part."""
    arrived = message_from_bytes(as_sent(message), policy=policy.default)
    parts = [p for p in arrived.walk() if p.get_content_type() == "text/calendar"]
    if not parts:
        return None
    (part,) = parts
    calendar = Calendar.from_ical(part.get_payload(decode=True))
    assert part.get_param("method") == calendar["METHOD"]
    assert part.get_filename() == "termin.ics"
    (entry,) = calendar.events
    return calendar["METHOD"], entry


def told(clock):
    """The mails of the job, after the quiet minutes."""
    clock.shift(QUIET)
    mail.outbox.clear()
    waiting_lists.tell_changes()
    return [(message.to[0], message.subject) for message in mail.outbox]


def change(event, **values):
    found = Event.objects.get(pk=event.pk)
    for name, value in values.items():
        setattr(found, name, value)
    found.save()
    event.refresh_from_db()


# --- The file ---------------------------------------------------------------------------------


def test_mail_about_a_place_carries_the_invitation(event):
    registration = joined(event)
    method, entry = invitation_in(mail.outbox[-1])
    assert method == "REQUEST"
    assert entry["UID"] == str(event.uid)
    assert entry["SEQUENCE"] == registration.sequence > event.sequence
    assert entry["SUMMARY"] == "Schulung, Teil 1; für alle"
    assert entry["ORGANIZER"] == "mailto:portal@example.org"
    assert entry["ATTENDEE"] == "mailto:amina@example.org"
    assert entry["ATTENDEE"].params["CN"] == "Amina Yılmaz"
    assert entry["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    assert entry["DTSTART"].dt == START
    assert entry["DTSTART"].params["TZID"] == "Europe/Berlin"
    assert entry["DTSTAMP"].dt == NOON
    assert "https://example.org/raum" in entry["DESCRIPTION"]
    assert entry["STATUS"] == "CONFIRMED"


def test_hour_holds_across_the_change_to_summer_time(event, clock):
    joined(event)
    sunday = START + datetime.timedelta(days=1)  # local time 18:00, one hour less
    change(event, starts_at=sunday, ends_at=sunday + datetime.timedelta(hours=2))
    told(clock)
    _method, entry = invitation_in(mail.outbox[-1])
    assert entry["DTSTART"].dt == datetime.datetime(2026, 3, 29, 18, tzinfo=BERLIN)
    assert (entry["DTSTART"].dt.hour, entry["DTSTART"].dt.utcoffset()) == (
        18,
        datetime.timedelta(hours=2),
    )


def test_waiting_and_offers_carry_no_entry(event):
    people = [joined(event, f"{name}@example.org") for name in "abc"]
    assert invitation_in(mail.outbox[-1]) is None
    services.cancel_registration(registration=people[0])
    assert mail.outbox[-1].to == ["c@example.org"]
    assert invitation_in(mail.outbox[-1]) is None


def test_cancelling_takes_the_entry_out_and_registering_again_is_newer(event):
    registration = joined(event)
    _, first = invitation_in(mail.outbox[-1])
    services.cancel_registration(registration=registration)
    method, second = invitation_in(mail.outbox[-1])
    assert (method, second["STATUS"], second["UID"]) == ("CANCEL", "CANCELLED", first["UID"])
    services.rejoin(registration=registration, note="")
    method, third = invitation_in(mail.outbox[-1])
    assert (method, third["STATUS"]) == ("REQUEST", "CONFIRMED")
    assert first["SEQUENCE"] < second["SEQUENCE"] < third["SEQUENCE"]


def test_cancelling_a_place_on_the_waiting_list_carries_no_entry(event):
    people = [joined(event, f"{name}@example.org") for name in "abc"]
    services.cancel_registration(registration=people[2])
    assert mail.outbox[-1].to == ["c@example.org"]
    assert invitation_in(mail.outbox[-1]) is None


def test_page_of_the_registration_has_the_file_for_who_has_a_place(event):
    seat = joined(event)
    response = Client().get(event_links.path(seat, "registration_calendar"))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    (entry,) = Calendar.from_ical(response.content).events
    assert entry["SEQUENCE"] == seat.sequence
    services.cancel_registration(registration=seat)
    gone = Client().get(event_links.path(seat, "registration_calendar"))
    assert gone["Location"] == event_links.path(seat)


def test_public_file_keeps_the_link_and_people_to_itself(event):
    joined(event)
    text = Client().get(reverse("programs:event_ics", args=[event.slug])).text
    for secret in ("example.org/raum", "amina", "ATTENDEE", "ORGANIZER"):
        assert secret not in text


# --- What counts as a change ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "grows"),
    [
        ({"title": "Schulung, Teil 2"}, 1),
        ({"starts_at": START + datetime.timedelta(minutes=30)}, 1),
        ({"ends_at": START + datetime.timedelta(hours=3)}, 1),
        ({"place": "Kulturinsel"}, 1),
        ({"online_url": "https://example.org/neu"}, 1),
        ({"is_cancelled": True}, 1),
        ({"title": "Neu", "place": "Anderswo"}, 1),
        ({"description": "Mehr", "summary": "x", "access_note": "y", "capacity": 3}, 0),
        ({"registration_until": NOON, "is_published": False}, 0),
        ({}, 0),
    ],
)
def test_number_grows_for_what_stands_in_calendars_and_for_nothing_else(event, values, grows):
    change(event, **values)
    assert event.sequence == grows


def test_saving_one_column_counts_like_saving_all(event):
    event.place, event.title = "Kulturinsel", "Nicht gespeichert"
    event.save(update_fields=["place"])
    event.refresh_from_db()
    assert (event.place, event.sequence) == ("Kulturinsel", 1)
    event.title = "Nicht gespeichert"
    event.save(update_fields=["summary"])
    event.refresh_from_db()
    assert event.sequence == 1


def test_two_edits_from_the_same_old_page_count_twice(event):
    first, second = Event.objects.get(pk=event.pk), Event.objects.get(pk=event.pk)
    first.place = "Kulturinsel"
    first.save()
    second.title = "Neu"
    second.save()
    assert Event.objects.get(pk=event.pk).sequence == 2


# --- Telling people ---------------------------------------------------------------------------


def test_change_is_told_once_to_all_who_want_to_come(event, clock):
    people = [joined(event, f"{name}@example.org") for name in "abcd"]
    services.cancel_registration(registration=people[3])
    make_registration(event, status=S.LAPSED)
    change(event, place="Kulturinsel")
    assert told(clock) == [
        (f"{name}@example.org", "Geändert: Schulung, Teil 1; für alle") for name in "abc"
    ]
    method, entry = invitation_in(mail.outbox[0])
    assert (method, entry["LOCATION"]) == ("REQUEST", "Kulturinsel")
    assert entry["SEQUENCE"] > people[0].sequence
    assert invitation_in(mail.outbox[2]) is None  # no seat, so no entry
    assert "Kulturinsel" in mail.outbox[2].body
    assert told(clock) == []


def test_two_quick_edits_make_one_mail(event, clock):
    joined(event)
    change(event, place="Kulturinsl")
    clock.shift(QUIET / 2)
    mail.outbox.clear()
    waiting_lists.tell_changes()
    assert not mail.outbox
    change(event, place="Kulturinsel")
    assert len(told(clock)) == 1
    assert "Kulturinsel" in mail.outbox[0].body
    assert told(clock) == []


@pytest.mark.parametrize(
    ("values", "back"),
    [
        ({"is_cancelled": True}, {"is_cancelled": False}),
        ({"place": "Kulturinsel"}, {"place": "Rathaus Stuttgart"}),
        ({"starts_at": START - datetime.timedelta(hours=1)}, {"starts_at": START}),
    ],
)
def test_what_is_changed_back_within_a_minute_is_told_to_nobody(event, clock, values, back):
    registration = joined(event)
    change(event, **values)
    clock.shift(datetime.timedelta(minutes=1))
    mail.outbox.clear()
    waiting_lists.tell_changes()
    assert not mail.outbox
    change(event, **back)
    assert told(clock) == []
    change(event, title="Schulung, Teil 2")
    assert told(clock) == [("amina@example.org", "Geändert: Schulung, Teil 2")]
    _method, entry = invitation_in(mail.outbox[0])
    assert entry["SEQUENCE"] > registration.sequence + 2


def test_cancelled_told_and_taken_back_is_told_again(event, clock):
    joined(event)
    change(event, is_cancelled=True)
    assert len(told(clock)) == 1
    change(event, is_cancelled=False)
    assert len(told(clock)) == 1
    assert told(clock) == []


def test_other_edits_are_no_news(event, clock):
    joined(event)
    change(event, description="Mehr dazu", capacity=5)
    assert told(clock) == []


def test_who_registers_after_the_change_is_not_told_of_it(event, clock):
    change(event, place="Kulturinsel")
    joined(event)
    assert told(clock) == []


def test_cancelled_event_is_told_to_seats_offers_and_the_waiting(event, clock):
    people = [joined(event, f"{name}@example.org") for name in "abcd"]
    services.cancel_registration(registration=people[0])
    change(event, is_cancelled=True)
    subject = "Abgesagt: Schulung, Teil 1; für alle"
    assert told(clock) == [(f"{name}@example.org", subject) for name in "bcd"]
    method, entry = invitation_in(mail.outbox[0])
    assert (method, entry["STATUS"]) == ("CANCEL", "CANCELLED")
    assert invitation_in(mail.outbox[1]) is None
    change(event, title="Abgesagt!", place="")
    assert told(clock) == []
    page = Client().get(event_links.path(people[1])).text
    assert "Dieser Termin findet nicht statt" in page


def test_event_that_takes_place_after_all_comes_back_into_the_calendar(event, clock):
    joined(event)
    change(event, is_cancelled=True)
    told(clock)
    _, cancelled = invitation_in(mail.outbox[0])
    change(event, is_cancelled=False)
    assert len(told(clock)) == 1
    method, entry = invitation_in(mail.outbox[0])
    assert (method, entry["STATUS"]) == ("REQUEST", "CONFIRMED")
    assert entry["SEQUENCE"] > cancelled["SEQUENCE"]


def test_nobody_is_told_of_changes_to_what_is_over(event, clock):
    joined(event)
    clock.move_to(event.ends_at)
    change(event, place="Kulturinsel")
    assert told(clock) == []


def test_moved_event_tells_and_does_not_remind_the_same_minute(event, clock):
    from volunteers import reminders

    joined(event)
    change(
        event,
        starts_at=NOON + datetime.timedelta(days=2),
        ends_at=NOON + datetime.timedelta(days=2, hours=2),
    )
    assert len(told(clock)) == 1
    mail.outbox.clear()
    reminders.send_due()
    assert not mail.outbox
    clock.shift(datetime.timedelta(days=1))
    reminders.send_due()
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_tell_a_change_once():
    event = make_event(organisation=factories.make_clearing_office(), takes_registrations=True)
    for name in "abc":
        make_registration(event, name)
    change(event, place="Kulturinsel")
    Event.objects.filter(pk=event.pk).update(updated_at=event.updated_at - QUIET)
    mail.outbox.clear()
    done = at_once(*[waiting_lists.tell_changes] * 3)
    assert sum(done) == len(mail.outbox) == 3


@pytest.mark.django_db(transaction=True)
def test_two_edits_at_once_count_twice():
    event = make_event(organisation=factories.make_clearing_office())

    def edit(**values):
        change(Event.objects.get(pk=event.pk), **values)

    for round_ in range(1, 5):
        at_once(lambda n=round_: edit(place=f"Ort {n}"), lambda n=round_: edit(title=f"Titel {n}"))
        assert Event.objects.get(pk=event.pk).sequence >= round_ * 2
