"""The start page of the administration: few queries for everybody, whatever waits."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programs.models import Membership
from tests import factories
from tests.plans import plan_with
from volunteers.models import Application
from volunteers.models.statuses import Status

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MOST_QUERIES = 19
"""Counts take two of them; each list that has rows takes one."""


@pytest.mark.parametrize("role", [one for one in Membership.Role.values if one != "deputy"])
def test_start_page_counts_everything_in_few_queries(client, role):
    office = factories.make_clearing_office()
    circle = factories.make_circle(department=office)
    user = factories.make_member(office, role=role).user
    client.force_login(user)
    client.get(reverse("admin:index"))
    for fill in range(2):
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse("admin:index"))
        assert page.status_code == 200
        assert len(queries) <= MOST_QUERIES, "\n".join(one["sql"][:200] for one in queries)
        for number in range(3):
            factories.make_application(office, f"Amira {fill} {number}")
            factories.make_enquiry(factories.make_entry(organisation=circle))
            factories.make_request(f"Samira {fill} {number}", organisation=office)


def test_every_count_is_that_of_the_list_behind_it(client):
    office = factories.make_clearing_office()
    client.force_login(factories.make_member(office, role="staff").user)
    factories.make_member(office, role="trust")
    late = timezone.localdate() - datetime.timedelta(days=1)
    factories.make_application(office, "Amira")
    factories.make_application(office, "Bea", answer_by=late)
    factories.make_application(office, "Cem", entry=None)
    factories.make_application(office, "Dora", entry=None, status=Status.WITHDRAWN)
    factories.make_date("Elif")
    factories.make_date("Farid", starts_at=timezone.now() + datetime.timedelta(hours=1))
    factories.make_request("Grace", organisation=office)
    factories.make_enquiry(factories.make_entry(organisation=office))
    work = client.get(reverse("admin:index")).context["work"]
    counts = {tile.url: tile.count for tile in (*work.open_points, *work.statuses, work.clearing)}
    counts |= {work.links["new"]: work.new_count, work.links["overdue"]: work.overdue_count}
    listed = {url: client.get(url).context["cl"].result_count for url in counts}
    assert listed == counts
    assert len(work.open_points) > 2


def test_statuses_are_counted_in_an_index_alone():
    """Of two million applications the start page reads those that it shows, and no others."""
    staff = factories.make_member(factories.make_circle(), role="coordinator").user
    seen = Application.objects.visible_to(staff).order_by()
    for status in (Status.PLACED, Status.PAUSED, Status.COMPLETED):
        sql, params = seen.filter(status=status).values("pk").query.sql_with_params()
        plan = plan_with(Application, "application_by_organisation", sql, params)
        assert "Index Only Scan using application_by_organisation" in plan
