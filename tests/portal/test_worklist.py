"""The start page of the administration: few queries for everybody, whatever waits."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programs.models import Membership
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MOST_QUERIES = 22
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
