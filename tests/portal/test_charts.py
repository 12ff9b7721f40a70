"""Charts on the start page of departments: each bar is as long as the list that it leads to."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.worklist import charts
from tests import factories
from tests.clients import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def ago(days):
    return timezone.now() - datetime.timedelta(days=days)


@pytest.fixture
def office():
    return factories.make_clearing_office()


@pytest.fixture
def circle(office):
    today = timezone.localdate()
    confirmed = [today, today - datetime.timedelta(days=183), today - datetime.timedelta(days=184),
                 today - datetime.timedelta(days=365), today - datetime.timedelta(days=366), None]  # fmt: skip
    for number, day in enumerate(confirmed):
        factories.make_entry(f"Angebot {number}", organisation=office, confirmed_on=day)
    factories.make_entry("Vorbei", organisation=office, status="ended")
    factories.make_entry("Versteckt", organisation=office, is_published=False)
    return factories.make_circle(department=office, confirmed_on=today)


@pytest.fixture
def full(office, circle):
    """People who wait so and so long, who came so and so far; tandems in every status."""
    for days in (0, 2, 3, 7, 8, 14, 15, 40):
        factories.make_application(office, f"Wartet {days}", confirmed_at=ago(days))
    for status in ("in_contact", "ready", "placed", "completed", "withdrawn"):
        one = factories.make_application(office, status.title(), status=status)
        factories.make_change(one, status)
    old = factories.make_application(office, "Alt", status="placed", submitted_at=ago(400))
    factories.make_change(old, "placed")
    ended = {"ended_on": timezone.localdate(), "end_reason": "moved"}
    for status in ("proposed", "running", "declined", "lapsed", "ended"):
        request = factories.make_request(f"Sucht {status}", organisation=office)
        one = factories.make_ready(office, f"Tandem {status}")
        factories.make_tandem(request, one, status=status, **(ended if status == "ended" else {}))
    for elsewhere in ("Caritas", "Fremd"):
        place = factories.make_organisation(elsewhere)
        factories.make_application(place, elsewhere)
        factories.make_entry(f"Angebot von {elsewhere}", organisation=place)
    return office


def bars_of(user):
    """Chart → label, number and address of each bar, as the page has them."""
    page = client_of(user).get(reverse("admin:index")).text
    charts = re.findall(r'aria-labelledby="chart-(\w+)">(.*?)</section>', page, re.DOTALL)
    bar = r'<a href="([^"]+)">(.*?)</a>.*?<rect width="(\d+)".*?<strong>(\d+)</strong>'
    return {
        slug: [
            (label, int(number), url.replace("&amp;", "&"), int(width))
            for url, label, width, number in re.findall(bar, part, re.DOTALL)
        ]
        for slug, part in charts
    }


@pytest.mark.parametrize("role", ["staff", "reporting", "superuser"])
def test_each_bar_leads_to_the_list_that_it_counts(role, full):
    if role == "superuser":
        user = factories.make_user("adm@example.org", is_superuser=True)
    else:
        user = factories.make_member(full, role=role).user
    client, charts = client_of(user), bars_of(user)
    assert "freshness" in charts
    assert ("funnel" in charts) == (role != "reporting")
    for rows in charts.values():
        assert len(rows) >= 4
        for label, number, url, _width in rows:
            found = client.get(url)
            assert found.status_code == 200
            assert found.context["cl"].result_count == number, label


def test_the_numbers_are_right_at_every_border(full):
    charts = bars_of(factories.make_member(full, role="staff").user)
    assert [one[1] for one in charts["waiting"]] == [2, 2, 2, 2]
    came = {label: number for label, number, *_rest in charts["funnel"]}
    assert came["im Gespräch gewesen"] == 4
    assert came["startbereit gewesen"] == 3
    assert came["im Einsatz gewesen"] == 2
    assert [one[1] for one in charts["tandems"]] == [1, 1, 1, 1, 1]
    assert [one[1] for one in charts["freshness"]][1:3] == [2, 1]


def test_the_longest_bar_is_full(full):
    for rows in bars_of(factories.make_member(full, role="staff").user).values():
        assert max(width for *_rest, width in rows) == 100


def test_a_chart_without_numbers_is_not_drawn(office):
    charts = bars_of(factories.make_member(office, role="staff").user)
    assert "waiting" not in charts


def test_who_coordinates_has_no_charts_and_no_queries_for_them(circle):
    user = factories.make_member(circle).user
    assert user.roles
    with CaptureQueriesContext(connection) as queries:
        assert charts.drawn_for(user) == []
    assert not queries.captured_queries
    assert "chart-" not in client_of(user).get(reverse("admin:index")).text


def test_the_bars_are_counted_in_the_query_that_counts_the_other_work(full):
    client = client_of(factories.make_member(full, role="staff").user)
    client.get(reverse("admin:index"))
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("admin:index"))
    counting = [one for one in queries if one["sql"].startswith("SELECT (SELECT count(*)")]
    assert len(counting) == 2


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("volunteers_application", "wartet=x"),
        ("volunteers_application", "weg=%00"),
        ("volunteers_application", "wartet=bis2&wartet=bis7"),
        ("programs_entry", "frische=nie%27"),
    ],
)
def test_a_changed_address_gives_a_list(name, query, full):
    client = client_of(factories.make_member(full, role="staff").user)
    page = client.get(reverse(f"admin:{name}_changelist") + f"?{query}", follow=True)
    assert page.status_code == 200
