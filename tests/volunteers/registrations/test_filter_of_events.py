"""The list of registrations offers the newest events to filter by, and the one that is asked for."""

import datetime

import pytest
from django.test import Client

from programs.addresses import admin_path
from tests import factories
from tests.factories import BERLIN
from volunteers.admin.registrations import EventFilter
from volunteers.models import Registration

pytestmark = pytest.mark.django_db

FURTHER = "Weitere Termine: auf der Seite des Termins"


@pytest.fixture
def evenings(monkeypatch):
    """Three evenings with the same title and one registration each, the oldest first; the filter has room for two."""
    monkeypatch.setattr(EventFilter, "MOST", 2)
    office = factories.make_clearing_office()
    found = []
    for month in (2, 3, 4):
        at = datetime.datetime(2026, month, 20, 18, tzinfo=BERLIN)
        evening = factories.make_event("Einführungsabend", organisation=office, starts_at=at)
        factories.make_registration(evening)
        found.append(evening)
    return found


@pytest.fixture
def staff():
    client = Client()
    client.force_login(factories.make_user("admin@example.org", is_superuser=True))
    return client


def offered(client, **query):
    """What the filter offers as (text, whether it is chosen), and the page."""
    response = client.get(admin_path(Registration, **query))
    assert response.status_code == 200
    shown = response.context["cl"]
    (by_event,) = (one for one in shown.filter_specs if isinstance(one, EventFilter))
    choices = [(one["display"], one["selected"]) for one in by_event.choices(shown)][1:]
    return choices, response.content.decode()


def test_newest_are_told_apart_by_their_day(staff, evenings):
    choices, page = offered(staff)
    assert choices == [
        ("Einführungsabend, 20.04.2026", False),
        ("Einführungsabend, 20.03.2026", False),
    ]
    assert FURTHER in page


def test_older_one_that_is_asked_for_is_offered_and_chosen(staff, evenings):
    choices, _page = offered(staff, event__id__exact=evenings[0].pk)
    assert choices[-1] == ("Einführungsabend, 20.02.2026", True)
    assert len(choices) == 3


def test_nothing_is_said_about_others_where_there_are_none(staff, evenings, monkeypatch):
    monkeypatch.setattr(EventFilter, "MOST", 3)
    choices, page = offered(staff)
    assert len(choices) == 3
    assert FURTHER not in page


@pytest.mark.parametrize("key", ["9" * 18, "9" * 40, "٩٩٩٩٩٩٩٩٩٩", "²", "-1", "null", "1,2", "<b>"])
def test_invented_keys_offer_nothing_more(staff, evenings, key):
    response = staff.get(admin_path(Registration, event__id__exact=key), follow=True)
    assert response.status_code == 200
    shown = response.context["cl"]
    (by_event,) = (one for one in shown.filter_specs if isinstance(one, EventFilter))
    assert len(by_event.lookup_choices) == 2


def test_event_of_somebody_else_is_not_offered_by_its_key(evenings):
    other = factories.make_circle()
    for month in (5, 6, 7):
        at = datetime.datetime(2099, month, 1, 18, tzinfo=BERLIN)
        own = factories.make_event("Treffen", organisation=other, starts_at=at)
        factories.make_registration(own)
    client = Client()
    client.force_login(factories.make_member(other).user)
    choices, page = offered(client, event__id__exact=evenings[0].pk)
    assert [text for text, _chosen in choices] == ["Treffen, 01.07.2099", "Treffen, 01.06.2099"]
    assert "Einführungsabend" not in page
