"""Accepting a date, giving it back, the reminder, the reply afterwards and the hours noted by it."""

import datetime
from decimal import Decimal

import pytest
import time_machine
from django.core import mail
from django.urls import reverse

from tests import factories
from tests.people import person_at
from volunteers.errors import TransitionNotAllowed
from volunteers.links import dates as links
from volunteers.models import DateRequest, HoursEntry, OutgoingMail
from volunteers.privacy import disclosure, erasing
from volunteers.reminders import send_due
from volunteers.services import date_offers as services
from volunteers.services.date_waves import send_waves

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 20, 9, 0, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)
PRIVATE = ("Samira", "Eberhardstraße 39", "0711 2160")


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def circle():
    return factories.make_circle()


@pytest.fixture
def offers(circle):
    """Two who were asked for the same date."""
    date = factories.make_date()
    people = [factories.make_single(circle, name) for name in ("Ida Weber", "Ben Haas")]
    return [factories.make_date_offer(date, one) for one in people]


def take(client, offer, **data):
    return client.post(links.offer_path(offer), data)


def test_first_come_first_served_and_only_who_comes_sees_the_person(client, offers):
    first, second = offers
    page = client.get(links.offer_path(first)).text
    assert not [word for word in PRIVATE if word in page]
    assert take(client, first).status_code == 302
    page = client.get(links.offer_path(first)).text
    assert all(word in page for word in PRIVATE)
    for refused in (take(client, second), client.get(links.offer_path(second))):
        assert refused.status_code == 200
        assert "Es kommt schon jemand anderes mit." in refused.text
        assert not [word for word in PRIVATE if word in refused.text]
    take(client, first)  # a second click
    told = [(one.to[0], one.subject) for one in mail.outbox]
    assert told == [
        (first.volunteer.email, "Danke, Sie kommen mit"),
        (first.date.email, "Jemand kommt zu Ihrem Termin"),
    ]
    assert "Ida" in mail.outbox[1].body
    assert "Weber" not in mail.outbox[1].body


def test_the_number_is_passed_on_only_by_those_who_tick_it(client, circle):
    for ticked in (True, False):
        date = factories.make_date(f"Samira {ticked}")
        one = factories.make_single(circle, "Ida Weber", phone="0711 987654")
        take(client, factories.make_date_offer(date, one), **({"phone": "on"} if ticked else {}))
        assert ("0711 987654" in client.get(links.path(date)).text) == ticked


def test_nobody_takes_two_dates_at_the_same_time(client, offers):
    take(client, offers[0])
    near = factories.make_date("Nah", starts_at=offers[0].date.starts_at + HOUR)
    other = factories.make_date_offer(near, offers[0].volunteer.applications.get())
    assert "schon einen anderen Termin zugesagt" in take(client, other).text
    later = factories.make_date("Später", starts_at=offers[0].date.starts_at + 2 * HOUR)
    other = factories.make_date_offer(later, offers[0].volunteer.applications.get())
    assert take(client, other).status_code == 302


def test_who_cannot_come_after_all_is_replaced_at_once(client, circle, offers):
    first, second = offers
    services.accept(offer=first)
    factories.make_single(circle, "Cem Springt")
    mail.outbox.clear()
    back = reverse("volunteers:date_give_back", args=[links.offer_token(first)])
    for _twice in range(2):
        assert client.post(back).status_code == 302
    assert [one.subject for one in mail.outbox] == [
        "Wir suchen noch einmal jemanden für Ihren Termin"
    ]
    assert not [w for w in PRIVATE if w in client.get(links.offer_path(first)).text]
    assert send_waves() == 1  # only who was not asked before
    assert take(client, second).status_code == 302
    assert DateRequest.objects.get().companion == second.volunteer


def test_only_who_comes_has_the_calendar_file(client, offers):
    services.accept(offer=offers[0])
    first, second = (
        client.get(reverse("volunteers:date_calendar", args=[links.offer_token(one)]))
        for one in offers
    )
    assert "DTSTART;TZID=Europe/Berlin:20261125T100000" in first.text
    assert "Eberhardstraße 39" in first.text
    assert second.status_code == 302


@pytest.mark.slow
def test_a_reminder_goes_out_once_the_day_before_and_the_question_afterwards(offers):
    services.accept(offer=offers[0])
    mail.outbox.clear()
    start = offers[0].date.starts_at
    for moment, subjects in (
        (start - 26 * HOUR - 24 * HOUR, []),
        (start - 2 * HOUR, ["Erinnerung an Ihren Termin"]),
        (start + HOUR, []),
        (start + 3 * HOUR, ["Wie war der Termin?"]),
    ):
        with time_machine.travel(moment, tick=False):
            for _twice in range(2):
                send_due()
        assert [one.subject for one in mail.outbox] == subjects
        mail.outbox.clear()


@pytest.mark.parametrize(
    ("outcome", "hours"), [("happened", [Decimal(2)]), ("fell_through", []), ("problem", [])]
)
def test_three_replies_and_hours_only_for_what_happened(client, offers, outcome, hours):
    office = factories.make_clearing_office()
    factories.make_member(office, factories.make_user("amt@example.org"))
    services.accept(offer=offers[0])
    mail.outbox.clear()
    path = links.offer_path(offers[0], "date_reply", outcome)
    assert client.post(path).status_code == 302  # it has not begun
    with time_machine.travel(offers[0].date.starts_at + 3 * HOUR, tick=False):
        assert client.get(path).status_code == 200  # a mail program looks: nothing is stored
        assert DateRequest.objects.get().status == "taken"
        for _twice in range(2):
            assert client.post(path).status_code == 200
        other = links.offer_path(offers[0], "date_reply", "happened")
        assert client.post(other).status_code == 200  # the first reply counts
        page = client.get(links.offer_path(offers[0])).text
    date = DateRequest.objects.get()
    assert (date.status, date.outcome) == ("done", outcome)
    assert list(HoursEntry.objects.values_list("hours", flat=True)) == hours
    assert [one.to for one in mail.outbox] == (
        [["amt@example.org"]] if outcome == "problem" else []
    )
    assert not [word for word in PRIVATE if word in page]


def test_nobody_replies_for_another_and_no_other_word(client, offers):
    services.accept(offer=offers[0])
    with time_machine.travel(offers[0].date.starts_at + 3 * HOUR, tick=False):
        with pytest.raises(TransitionNotAllowed):
            services.reply(offer=offers[1], outcome=DateRequest.Outcome.HAPPENED)
        assert client.get(links.offer_path(offers[0], "date_reply", "quatsch")).status_code == 404
        assert client.post(links.offer_path(offers[1], "date_reply", "happened")).status_code == 302
    assert DateRequest.objects.get().status == "taken"
    assert client.get("/einspringen/falsch/").status_code == 404


@pytest.mark.slow
def test_deleting_who_comes_looks_for_somebody_else(offers):
    services.accept(offer=offers[0])
    erasing.erase_person(person=person_at(offers[0].volunteer.email))
    date = DateRequest.objects.get()
    assert (date.status, date.companion) == ("open", None)
    assert date.offers.count() == 1


@pytest.mark.slow
def test_deleting_who_asks_deletes_the_date_and_tells_who_comes(offers, queued_mail):
    services.accept(offer=offers[0])
    OutgoingMail.objects.all().delete()
    date = offers[0].date
    erasing.erase_person(person=person_at(date.email))
    assert not DateRequest.objects.exists()
    told = OutgoingMail.objects.filter(recipients=[offers[0].volunteer.email])
    assert [one.subject for one in told] == ["Der Termin ist abgesagt"]


@pytest.mark.slow
def test_my_data_shows_the_asker_the_date_and_not_who_comes(offers):
    services.accept(offer=offers[0])
    tables = {
        table.model: table
        for activity in disclosure.disclose(person_at(offers[0].date.email))
        for table in activity.tables
    }
    (row,) = tables["volunteers.DateRequest"].rows
    text = " ".join(cell.text for cell in row)
    assert "Eberhardstraße 39" in text
    assert "Ida" not in text
    assert "volunteers.DateOffer" not in tables
