"""Single dates on „Meine Seite“, for who comes and for who asked."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories
from tests.people import mailbox
from volunteers.links import dates as links
from volunteers.links import people as person_links
from volunteers.models import DateRequest, Volunteer
from volunteers.services import date_offers, dates

pytestmark = pytest.mark.django_db
IDA, SAMIRA = "ida@example.org", "samira@example.org"
A_DAY = datetime.timedelta(days=1)


@pytest.fixture
def ida():
    return factories.make_single(factories.make_circle(), "Ida Weber", email=IDA)


@pytest.fixture
def offer(ida):
    """Ida is asked for Samira's date."""
    return factories.make_date_offer(factories.make_date("Samira", email=SAMIRA), ida)


def page_of(client, address):
    token = person_links.person_token(mailbox(address))
    response = client.get(reverse("volunteers:my_page_by_link", args=[token]))
    assert response.status_code == 200
    return response.text


def test_who_comes_sees_the_date_with_calendar_messages_and_the_way_out(client, offer):
    asked = page_of(client, IDA)
    assert f'href="{links.offer_path(offer)}"' in asked
    assert "Haben Sie Zeit?" in asked
    assert "Eberhardstraße 39" not in asked
    date_offers.accept(offer=offer)
    page = page_of(client, IDA)
    assert "Haben Sie Zeit?" not in page
    path = links.offer_path(offer)
    for link in (path, links.offer_path(offer, "date_calendar"), *also(path)):
        assert f'href="{link}"' in page
    shown = client.get(path).text
    assert 'id="absagen"' in shown
    assert 'id="nachrichten"' in shown
    assert "Eberhardstraße 39" in page
    assert "Samira" not in page  # the name is on the page of the date
    date_offers.give_back(offer=offer)
    page = page_of(client, IDA)
    assert path not in page
    assert "Eberhardstraße 39" not in page


def also(path):
    return (f"{path}#nachrichten", f"{path}#absagen")


def test_who_asked_sees_where_the_search_stands_and_not_who_comes(client, offer):
    date = offer.date
    page = page_of(client, SAMIRA)
    assert "wir suchen noch" in page
    assert f'href="{links.path(date)}#absagen"' in page
    assert f'href="{links.path(date)}#nachrichten"' not in page
    date_offers.accept(offer=offer)
    page = page_of(client, SAMIRA)
    assert "jemand kommt" in page
    assert all(f'href="{one}"' in page for one in (links.path(date), *also(links.path(date))))
    assert "Ida" not in page
    dates.cancel_date(date=date)
    assert links.path(date) not in page_of(client, SAMIRA)
    assert links.offer_path(offer) not in page_of(client, IDA)


def test_nobody_sees_dates_of_others_at_the_same_mailbox(client, offer):
    date_offers.accept(offer=offer)
    factories.make_single(factories.make_circle("Nord"), "Ben Haas", email=IDA)
    cem = factories.make_date("Cem", email=SAMIRA)
    for record, own, others in (
        (Volunteer.objects.get(name="Ben Haas"), [], offer.date.place),
        (cem, [links.path(cem)], links.path(offer.date)),
    ):
        page = client.get(person_links.person_path(record)).text
        assert all(one in page for one in own)
        assert others not in page


def test_afterwards_the_page_asks_how_it_was_until_somebody_says(client, offer):
    date_offers.accept(offer=offer)
    with time_machine.travel(DateRequest.objects.get().ends_at + A_DAY, tick=False):
        page = page_of(client, IDA)
        assert "Wie war es?" in page
        assert f"{links.offer_path(offer)}#absagen" not in page
        date_offers.reply(offer=offer, outcome=DateRequest.Outcome.HAPPENED)
        page = page_of(client, IDA)
        assert "Wie war es?" not in page
        assert "Eberhardstraße 39" not in page
        assert f"{links.offer_path(offer)}#nachrichten" in page
    with time_machine.travel(DateRequest.objects.get().starts_at + 8 * A_DAY, tick=False):
        for address in (IDA, SAMIRA):
            assert "Nachrichten" not in page_of(client, address)


def test_many_dates_need_no_more_queries(client, ida):
    def counted():
        with CaptureQueriesContext(connection) as queries:
            page_of(client, IDA)
        return len(queries)

    def make(number):
        day = factories.make_date().starts_at + number * A_DAY
        date = factories.make_date(f"Frage {number}", starts_at=day)
        date_offers.accept(offer=factories.make_date_offer(date, ida))
        factories.make_date_offer(factories.make_date(f"Offen {number}"), ida)
        factories.make_date("Ida Weber", email=IDA, starts_at=day)

    make(1)
    few = counted()
    for number in range(2, 10):
        make(number)
    assert counted() == few
