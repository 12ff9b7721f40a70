"""Taking a date from the public board: a link by mail to whoever may come, and nothing to learn for others."""

import datetime
import uuid

import pytest
import time_machine
from django.core import mail
from django.urls import reverse

from tests import factories
from volunteers.guard import stops
from volunteers.links import dates as links
from volunteers.models import DateOffer, DateRequest, MailKind, Volunteer
from volunteers.services import date_offers
from volunteers.services.date_waves import send_waves

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 20, 9, 0, tzinfo=datetime.UTC)
PRIVATE = ("Samira", "Eberhardstraße 39", "0711 2160")
IDA = "ida@example.org"


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def circle():
    return factories.make_circle()


def path_of(date):
    return reverse("volunteers:date_take", args=[date.public_id])


def asks(client, date, email=IDA):
    """The subjects of the mails that follow."""
    mail.outbox.clear()
    assert client.post(path_of(date), {"email": email}).url == reverse("volunteers:date_link_sent")
    return [(one.to[0], one.subject) for one in mail.outbox]


def test_who_is_ready_takes_a_date_of_the_board_by_a_mailed_link(client, circle):
    date = factories.make_date()
    ida = factories.make_single(circle, "Ida Weber", email=IDA)
    board = client.get(reverse("portal:date_board")).text
    assert path_of(date) in board
    page = client.get(path_of(date)).text
    assert asks(client, date, "Ida@Example.org") == [(IDA, "Ihr Link zum Termin")]
    (told,) = mail.outbox
    assert not [word for word in (*PRIVATE, date.email) if word in page + board + told.body]
    offer = DateOffer.objects.get()
    assert offer.volunteer == ida.volunteer
    assert client.post(links.offer_path(offer)).status_code == 302
    assert "Eberhardstraße 39, Zimmer 4, Feuerbach" in client.get(links.offer_path(offer)).text
    for again in (client.get(path_of(date)), client.post(path_of(date), {"email": IDA})):
        assert again.status_code == 410
        assert "Für diesen Termin wird niemand mehr gesucht" in again.text


def test_first_come_first_served_also_between_the_board_and_a_wave(client, circle):
    date = factories.make_date()
    factories.make_single(circle, "Ben Haas")
    assert send_waves() == 1
    factories.make_single(circle, "Ida Weber", email=IDA)
    asks(client, date)
    asked, by_board = DateOffer.objects.order_by("pk")
    date_offers.accept(offer=by_board)
    with pytest.raises(date_offers.SomebodyElseComes):
        date_offers.accept(offer=asked)
    assert DateRequest.objects.get().companion.email == IDA


def test_who_was_asked_before_or_stopped_the_questions_gets_the_link(client, circle):
    date = factories.make_date()
    factories.make_single(circle, "Ida Weber", email=IDA)
    send_waves()
    stops.stop(MailKind.DATE, IDA)
    for _twice in range(2):
        assert asks(client, date) == [(IDA, "Ihr Link zum Termin")]
    assert DateOffer.objects.count() == 1


def not_ready(application):
    application.status = "in_contact"
    application.save()


def other_language(application):
    Volunteer.objects.filter(pk=application.volunteer_id).update(languages=["fr"])


def no_single_dates(application):
    Volunteer.objects.filter(pk=application.volunteer_id).update(single_dates=False)


def minor(application):
    application.age = "minor"
    application.save()


def busy(application):
    near = factories.make_date("Nah")
    date_offers.accept(offer=factories.make_date_offer(near, application))


def kept_back(application):
    factories.make_kept_apart(application.volunteer)


def unknown(application):
    Volunteer.objects.filter(pk=application.volunteer_id).update(email="andere@example.org")


@pytest.mark.parametrize(
    "breaks", [not_ready, other_language, no_single_dates, minor, busy, kept_back, unknown]
)
def test_everybody_else_gets_one_and_the_same_mail_that_says_what_it_takes(client, circle, breaks):
    date = factories.make_date()
    breaks(factories.make_single(circle, "Ida Weber", email=IDA))
    assert asks(client, date) == [(IDA, "Für diesen Termin geht es noch nicht")]
    (told,) = mail.outbox
    asks(client, date, "fremd@example.org")
    assert told.body.split("-- ")[0] == mail.outbox[0].body.split("-- ")[0]
    assert not date.offers.exists()


def test_the_one_who_asks_does_not_come_to_their_own_date(client, circle):
    date = factories.make_date(email=IDA)
    factories.make_single(circle, "Ida Weber", email=IDA)
    assert asks(client, date) == [(IDA, "Für diesen Termin geht es noch nicht")]


def test_what_is_not_open_or_unknown_is_not_offered(client):
    for status, code in (("unconfirmed", 404), ("cancelled", 410), ("lapsed", 410), ("taken", 410)):
        assert client.get(path_of(factories.make_date(status, status=status))).status_code == code
    unknown = reverse("volunteers:date_take", args=[uuid.uuid4()])
    assert client.get(unknown).status_code == 404
    past = factories.make_date("Gestern", starts_at=NOW - datetime.timedelta(hours=1))
    assert client.post(path_of(past), {"email": IDA}).status_code == 410
    assert not mail.outbox


@pytest.mark.parametrize("typed", ["", "keine", "x" * 300 + "@example.org", "\x00", "<b>@x"])
def test_what_is_no_address_is_refused_and_stays(client, typed):
    page = client.post(path_of(factories.make_date()), {"email": typed})
    assert page.status_code == 422
    assert not mail.outbox
