"""How many queries the pages of one record take: its form and its history, of every list of the administration."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from programs.addresses import admin_path
from programs.seeing import narrowed
from tests.house.test_access import arguments, people  # noqa: F401  fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MOST = 10
MORE = {
    ("programs.opportunity", "history"): 13,
    ("programs.organisation", "change"): 11,
    ("programs.organisation", "history"): 14,
    ("programs.programme", "change"): 12,
    ("programs.programme", "history"): 13,
    ("volunteers.application", "change"): 22,
    ("volunteers.concern", "change"): 11,
    ("volunteers.volunteer", "history"): 12,
    ("welcome_rooms.welcomeroom", "change"): 13,
    ("welcome_rooms.welcomeroom", "history"): 12,
}
"""Pages of many parts, each of which is a table of its own; an application may come with suggestions."""
ROLES = {"adm": 70, "coo": 40, "tru": 1}
"""Role → the least number of pages that it opens."""


def asked(client, path):
    """The response, and the queries without the savepoints that only the test's transaction makes."""
    client.get(path)  # reads what a process keeps
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
    found = [one["sql"] for one in queries if "SAVEPOINT" not in one["sql"]]
    return response, found


def record_of(model, user):
    rows = narrowed(model._default_manager.all(), user)
    return rows.order_by("-pk").first()


@pytest.mark.parametrize("role", ROLES)
def test_pages_of_one_record_take_few_queries(role, people, arguments):  # noqa: F811
    client = Client()
    client.force_login(people[role])
    opened, too_many = 0, []
    for model in admin.site._registry:
        if (record := record_of(model, people[role])) is None:
            continue
        for page in ("change", "history"):
            response, queries = asked(client, admin_path(record, page))
            opened += response.status_code == 200
            if len(queries) > MORE.get((model._meta.label_lower, page), MOST):
                too_many.append(f"{model._meta.label_lower} {page}: {len(queries)}")
    assert not too_many, ", ".join(too_many)
    assert opened >= ROLES[role]
