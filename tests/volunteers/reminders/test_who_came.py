"""On the day after an event its organisers are asked once who came."""

import datetime
from collections.abc import Iterator

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from programs.addresses import admin_url
from tests import factories
from volunteers.models import Registration
from volunteers.reminders import events
from volunteers.reminders.kinds import send_all

pytestmark = pytest.mark.django_db
LISTS = [kind for kind in events.KINDS if kind.purpose == events.ATTENDANCE]


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """Reminders of a day are sent from its morning on."""
    with time_machine.travel(factories.noon(), tick=True):
        yield


@pytest.fixture
def circle():
    circle = factories.make_circle()
    factories.make_member(circle)
    return circle


def event_on(circle, days, **fields):
    """An event so many days ago, with one guest."""
    starts_at = timezone.now() - datetime.timedelta(days=days)
    event = factories.make_event(
        "Fest", organisation=circle, takes_registrations=True, starts_at=starts_at, **fields
    )
    factories.make_registration(event, "Amira Haddad")
    return event


@pytest.mark.slow
def test_the_organisers_get_the_way_to_the_list_once_and_no_name(circle):
    event = event_on(circle, 1)
    for _ in range(2):
        send_all(LISTS)
    (told,) = mail.outbox
    assert admin_url(event, "attendance") in told.body
    assert "Amira" not in told.body + told.subject


@pytest.mark.parametrize("days", [-1, 0, 20])
def test_nobody_is_asked_before_the_day_after_nor_weeks_later(circle, days):
    event_on(circle, days)
    send_all(LISTS)
    assert mail.outbox == []


def test_a_list_that_is_done_a_cancelled_event_and_one_without_guests_are_not_asked_for(circle):
    done = event_on(circle, 1)
    Registration.objects.filter(event=done).update(attended=False)
    event_on(circle, 2, is_cancelled=True)
    empty = event_on(circle, 3)
    Registration.objects.filter(event=empty).update(status=Registration.Status.CANCELLED)
    send_all(LISTS)
    assert mail.outbox == []
