"""The filter for periods: its bounds, the time in Stuttgart, and that the address names no day."""

import datetime

import pytest
from django.contrib import admin
from django.urls import reverse

from programs.admin.periods import PERIODS, PeriodFilter
from programs.exchange.fitting import Kept, fit
from programs.models import Event
from tests import factories
from tests.clients import client_of
from volunteers.models import Application
from welcome_rooms.models import VisitCount

BOUNDS = [
    ("7-tage", "2026-03-01", "2026-02-22", "2026-03-02"),
    ("30-tage", "2028-03-01", "2028-01-31", "2028-03-02"),
    ("monat", "2026-12-31", "2026-12-01", "2027-01-01"),
    ("monat", "2028-02-29", "2028-02-01", "2028-03-01"),
    ("letzter-monat", "2026-01-31", "2025-12-01", "2026-01-01"),
    ("letzter-monat", "2026-03-31", "2026-02-01", "2026-03-01"),
    ("jahr", "2028-02-29", "2028-01-01", "2029-01-01"),
    ("letztes-jahr", "2028-02-29", "2027-01-01", "2028-01-01"),
]


@pytest.mark.parametrize(("period", "today", "first", "after"), BOUNDS)
def test_bounds_of_a_period(period, today, first, after):
    found = PERIODS[period][1](datetime.date.fromisoformat(today))
    assert [day.isoformat() for day in found] == [first, after]


def test_months_and_years_follow_each_other_without_a_gap():
    today = datetime.date(2026, 1, 1)
    while today < datetime.date(2029, 1, 1):
        for this, last in (("monat", "letzter-monat"), ("jahr", "letztes-jahr")):
            first, after = PERIODS[this][1](today)
            assert first <= today < after
            assert PERIODS[last][1](today)[1] == first
        today += datetime.timedelta(days=1)


@pytest.mark.django_db
def test_every_list_with_months_has_periods_that_move_on(rf):
    request = rf.get("/")
    request.user = factories.make_user("admin@example.org", is_superuser=True)
    seen = 0
    for model_admin in (admin.site.get_model_admin(model) for model in admin.site._registry):
        if not model_admin.date_hierarchy:
            continue
        assert (model_admin.date_hierarchy, PeriodFilter) in model_admin.get_list_filter(request)
        seen += 1
    assert seen > 8


@pytest.fixture
def circle():
    return factories.make_circle()


@pytest.fixture
def katrin(circle):
    return factories.make_member(circle).user


def fitting(user, model, filters):
    return fit(user, admin.site.get_model_admin(model), Kept(filters=filters))


def names(user, **filters):
    url = reverse("admin:volunteers_application_changelist", query=filters)
    return {one.name for one in client_of(user).get(url).context_data["cl"].queryset}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now", "last_moment"),
    [
        ("2026-04-10 12:00+02:00", "2026-03-31 23:59+02:00"),  # summer time has begun in March
        ("2026-11-10 12:00+01:00", "2026-10-31 23:59+01:00"),  # and ended in October
        ("2027-01-01 00:30+01:00", "2026-12-31 23:59+01:00"),
    ],
)
def test_last_month_ends_at_midnight_in_stuttgart(time_machine, circle, katrin, now, last_moment):
    time_machine.move_to(now, tick=False)
    last = datetime.datetime.fromisoformat(last_moment)
    minute = datetime.timedelta(minutes=1)
    factories.make_application(circle, "Noch dabei", submitted_at=last)
    factories.make_application(circle, "Zu spät", submitted_at=last + minute)
    assert names(katrin, submitted_at__zeitraum="letzter-monat") == {"Noch dabei"}
    assert names(katrin, submitted_at__zeitraum="monat") == {"Zu spät"}


@pytest.mark.django_db
def test_saved_period_moves_on_with_the_calendar(time_machine, circle, katrin):
    time_machine.move_to("2026-10-15 12:00+02:00", tick=False)
    factories.make_application(circle, "Im Oktober")
    time_machine.move_to("2026-11-15 12:00+01:00", tick=False)
    factories.make_application(circle, "Im November")
    found = fitting(katrin, Application, "submitted_at__zeitraum=letzter-monat")
    assert (found.query, found.faults) == ("submitted_at__zeitraum=letzter-monat", [])
    assert names(katrin, submitted_at__zeitraum="letzter-monat") == {"Im Oktober"}
    time_machine.move_to("2026-12-15 12:00+01:00", tick=False)
    assert names(katrin, submitted_at__zeitraum="letzter-monat") == {"Im November"}


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["", "immer", "<b>", "monat\x00", "9" * 3000])
def test_unknown_period_is_no_error_and_never_a_part_of_the_list(katrin, value):
    url = reverse("admin:volunteers_application_changelist")
    response = client_of(katrin).get(url, {"submitted_at__zeitraum": value})
    assert response.status_code == (200 if value == "" else 302)
    if value:
        assert fitting(katrin, Application, "submitted_at__zeitraum=immer").faults


@pytest.mark.django_db
def test_period_of_a_day_and_of_a_moment(time_machine, circle, katrin):
    """Columns of days and of times alike, and through a relation."""
    time_machine.move_to("2026-11-15 12:00+01:00", tick=False)
    room = factories.make_room(organisation=circle)
    factories.make_visit_count(room, datetime.date(2026, 10, 31))
    start = datetime.datetime(2026, 10, 1, 0, 0, tzinfo=factories.BERLIN)
    event = factories.make_event(organisation=circle, starts_at=start)
    factories.make_registration(event)
    client = client_of(katrin)
    for model, column in ((VisitCount, "day"), (Event, "starts_at")):
        label = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        for period, rows in (("letzter-monat", 1), ("monat", 0)):
            response = client.get(reverse(label), {f"{column}__zeitraum": period})
            assert response.context_data["cl"].result_count == rows
    url = reverse("admin:volunteers_registration_changelist")
    response = client.get(url, {"event__starts_at__zeitraum": "letzter-monat"})
    assert response.context_data["cl"].result_count == 1
