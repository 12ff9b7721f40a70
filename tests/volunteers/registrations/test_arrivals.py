"""„Bleibt es dabei?“ before an event, and „Ich bin da“ at its entrance."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.urls import reverse

from programs.models import Event
from tests import factories
from tests.factories import BERLIN
from tests.volunteers.papers.test_papers import read, text_of
from volunteers import papers, reminders
from volunteers.errors import NotAtTheDoor
from volunteers.links import registrations as event_links
from volunteers.models import Qualification, Registration
from volunteers.models.registrations import RegistrationStatus as S
from volunteers.services import arrivals
from volunteers.services import registrations as services
from volunteers.services.registrations import Guest

pytestmark = pytest.mark.django_db

EVENING = datetime.datetime(2026, 3, 30, 18, tzinfo=BERLIN).astimezone(datetime.UTC)
"""The day after the change to summer time: 48 hours before it was 17:00 on the clocks."""
HOUR = datetime.timedelta(hours=1)
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def clock():
    with time_machine.travel(EVENING - 240 * HOUR, tick=False) as traveller:
        yield traveller


@pytest.fixture
def office(clock):
    return factories.make_clearing_office()


@pytest.fixture
def event(office):
    return evening(office)


def evening(office, **fields):
    defaults = {"starts_at": EVENING, "takes_registrations": True, "asks_again": True}
    return factories.make_event("Danke-Abend", organisation=office, **(defaults | fields))


@pytest.fixture
def amina(event):
    return factories.make_registration(event, "Amina", email="amina@example.org")


def path(registration, view="registration"):
    return event_links.path(registration, view)


def asked():
    return [message for message in mail.outbox if "Bleibt es dabei?" in message.subject]


# --- Bleibt es dabei? -------------------------------------------------------------------------


def test_who_has_a_seat_is_asked_once_48_hours_before(event, amina, clock):
    factories.make_registration(event, "Wartend", status=S.WAITING)
    factories.make_registration(event, "Abgemeldet", status=S.CANCELLED)
    clock.move_to(EVENING - 48 * HOUR - MINUTE)
    reminders.send_due()
    assert asked() == []
    clock.move_to(EVENING - 48 * HOUR)
    for _ in range(2):
        reminders.send_due()
    (message,) = asked()
    assert message.to == ["amina@example.org"]
    assert "Ja, ich komme:" in message.body
    assert "Absagen:" in message.body


def test_question_stands_for_the_reminder_after_it(amina, clock):
    clock.move_to(EVENING - 48 * HOUR)
    reminders.send_due()
    mail.outbox.clear()
    clock.move_to(EVENING - 12 * HOUR)
    reminders.send_due()
    assert mail.outbox == []


def test_event_that_does_not_ask_again_reminds_as_before(office, clock):
    factories.make_registration(evening(office, asks_again=False), "Amina")
    clock.move_to(EVENING - 12 * HOUR)
    reminders.send_due()
    assert asked() == []
    assert len(mail.outbox) == 1


def test_worker_that_slept_asks_late_but_not_after_the_beginning(amina, clock):
    clock.move_to(EVENING + MINUTE)
    reminders.send_due()
    assert mail.outbox == []
    clock.move_to(EVENING - MINUTE)
    reminders.send_due()
    assert len(asked()) == 1


def test_who_registers_in_the_last_hours_is_not_asked(event, clock):
    clock.move_to(EVENING - 47 * HOUR)
    services.add_registration(event=event, guest=Guest(name="Bela", email="bela@example.org"))
    reminders.send_due()
    assert asked() == []


def test_cancelled_event_asks_nobody(amina, clock):
    Event.objects.update(is_cancelled=True)
    clock.move_to(EVENING - 24 * HOUR)
    reminders.send_due()
    assert asked() == []


def test_yes_is_noted_by_a_click_not_by_opening(amina, clock, client):
    clock.move_to(EVENING - 24 * HOUR)
    link = path(amina, "registration_reconfirm")
    assert "Bleibt es dabei?" in client.get(link).text
    amina.refresh_from_db()
    assert amina.reconfirmed_at is None
    for _ in range(2):
        page = client.post(link, follow=True).text
        assert "Danke, dass Sie es noch einmal bestätigt haben." in page
    amina.refresh_from_db()
    assert amina.reconfirmed_at == EVENING - 24 * HOUR
    reminders.send_due()
    assert asked() == []


def test_yes_before_anybody_asks_notes_nothing(amina, client):
    client.post(path(amina, "registration_reconfirm"))
    amina.refresh_from_db()
    assert amina.reconfirmed_at is None


def test_no_gives_the_seat_to_who_waits(event, amina, clock, client):
    Event.objects.update(capacity=1)
    waiting = factories.make_registration(event, "Bela", status=S.WAITING)
    clock.move_to(EVENING - 24 * HOUR)
    client.post(path(amina, "registration_cancel"))
    waiting.refresh_from_db()
    assert waiting.status == S.OFFERED


# --- Ich bin da -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "may"),
    [
        (EVENING - HOUR - MINUTE, False),
        (EVENING - HOUR, True),
        (EVENING + 2 * HOUR, True),
        (EVENING + 2 * HOUR + MINUTE, False),
    ],
)
def test_guests_check_in_from_an_hour_before_until_the_end(amina, clock, client, at, may):
    clock.move_to(at)
    assert ("Ja, ich bin da" in client.get(path(amina)).text) is may
    client.post(path(amina, "registration_check_in"))
    amina.refresh_from_db()
    assert (amina.checked_in_at is not None) is may
    assert amina.attended is None, "whoever keeps the list says so"


@pytest.mark.parametrize("status", [S.INVITED, S.WAITING, S.OFFERED, S.LAPSED, S.CANCELLED])
def test_only_who_has_a_seat_checks_in(event, clock, client, status):
    until = {"offer_until": EVENING} if status == S.OFFERED else {}
    one = factories.make_registration(event, "Bela", status=status, **until)
    clock.move_to(EVENING)
    assert client.post(path(one, "registration_check_in")).status_code == 302
    with pytest.raises(NotAtTheDoor):
        arrivals.check_in(registration=one)
    assert not Registration.objects.filter(checked_in_at__isnull=False).exists()


def test_second_click_keeps_the_first_time(amina, clock, client):
    for minutes in (0, 5):
        clock.move_to(EVENING + minutes * MINUTE)
        page = client.post(path(amina, "registration_check_in"), follow=True).text
        assert "Sie sind seit 18:00 Uhr eingetragen." in page


def door(event):
    return reverse("volunteers:door", args=[event_links.door_token(event)])


def test_qr_code_at_the_entrance_checks_in_by_name_and_address(event, amina, clock, client):
    clock.move_to(EVENING)
    assert "Ich bin da" in client.get(door(event)).text
    response = client.post(door(event), {"name": " AMINA ", "email": "Amina@Example.org"})
    assert "Willkommen!" in response.text
    amina.refresh_from_db()
    assert amina.checked_in_at == EVENING


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "Amina", "email": "andere@example.org"},
        {"name": "Amin", "email": "amina@example.org"},
        {"name": "Wartend", "email": "wartend@example.org"},
        {"name": "<b>\u202e", "email": "amina@example.org"},
        {"name": "Amina", "email": "keine Adresse"},
        {"name": "x" * 5000, "email": "a@" + "b" * 5000},
        {},
    ],
)
def test_who_is_not_found_is_told_whom_to_ask_and_keeps_what_was_typed(
    event, amina, clock, client, typed
):
    factories.make_registration(event, "Wartend", email="wartend@example.org", status=S.WAITING)
    clock.move_to(EVENING)
    response = client.post(door(event), typed)
    assert response.status_code == 422
    assert "error-summary" in response.text
    assert not Registration.objects.filter(checked_in_at__isnull=False).exists()


def test_entrance_is_open_at_its_time_only(event, amina, clock, client):
    for at, says in (
        (EVENING - 3 * HOUR, "Eintragen können Sie sich ab Montag, 30. März, 17:00 Uhr."),
        (EVENING + 3 * HOUR, "Dieser Termin ist vorbei oder abgesagt."),
    ):
        clock.move_to(at)
        response = client.post(door(event), {"name": "Amina", "email": "amina@example.org"})
        assert response.status_code == 410
        assert says in response.text
    assert client.get(door(event) + "x").status_code == 404


def test_link_of_one_entrance_opens_no_other_and_no_registration(event, office, amina, client):
    token = event_links.door_token(event)
    for view in ("registration", "registration_check_in"):
        assert client.get(reverse(f"volunteers:{view}", args=[token])).status_code == 404
    other = reverse("volunteers:door", args=[event_links.token(amina)])
    assert client.get(other).status_code == 404


def test_sheet_for_the_entrance_is_one_page_with_its_code(event):
    pdf = papers.door_sheet(event)
    assert len(read(pdf).pages) == 1
    text = text_of(pdf)
    assert "Danke-Abend" in text
    assert "Montag, 30. März 2026, 18:00 Uhr" in text


# --- The list ---------------------------------------------------------------------------------


def staff_of(office, client):
    client.force_login(factories.make_member(office).user)
    return client


def list_path(event):
    return reverse("admin:programs_event_attendance", args=[event.pk])


def test_list_has_ticked_who_checked_in_and_saving_it_counts(event, office, amina, clock, client):
    Event.objects.update(qualification="Grundschulung")
    bela = factories.make_registration(event, "Bela")
    clock.move_to(EVENING)
    arrivals.check_in(registration=amina)
    assert not Qualification.objects.exists()
    staff = staff_of(office, client)
    page = staff.get(list_path(event)).text
    assert "hat sich um 18:00 Uhr eingetragen" in page
    assert f'value="{amina.pk}" id="da-{amina.pk}" checked' in page
    rows = {"row": [amina.pk, bela.pk], "arrived": [amina.pk], "attended": [amina.pk]}
    staff.post(list_path(event), rows)
    attended = dict(Registration.objects.values_list("name", "attended"))
    assert attended == {"Amina": True, "Bela": None}
    assert Qualification.objects.count() == 1


def test_tick_taken_away_from_who_checked_in_stays_away(event, office, amina, clock, client):
    clock.move_to(EVENING)
    staff = staff_of(office, client)
    arrivals.check_in(registration=amina)
    staff.post(list_path(event), {"row": [amina.pk], "arrived": [amina.pk]})
    amina.refresh_from_db()
    assert amina.attended is False
    assert f'id="da-{amina.pk}" checked' not in staff.get(list_path(event)).text


def test_list_offers_the_sheet_for_the_entrance(event, office, amina, client):
    staff = staff_of(office, client)
    link = reverse("admin:programs_event_door", args=[event.pk])
    assert link in staff.get(list_path(event)).text
    assert staff.get(link)["Content-Type"] == "application/pdf"
