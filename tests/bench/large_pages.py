"""One database of ``make bench-large``, asked by another process: a line of JSON in, a line of JSON out.

Run as ``python -m tests.bench.large_pages DATABASE``.
"""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from programs.addresses import admin_path

ROLES = {
    "Portalverwaltung": "verwaltung@example.org",
    "Fachstelle": "fachstelle@example.org",
    "Koordination": "koordination@example.org",
}
LISTS = """
volunteers.application volunteers.volunteer volunteers.registration volunteers.companionrequest
volunteers.hoursentry volunteers.tandem volunteers.outgoingmail volunteers.securityevent volunteers.expense
volunteers.certificate volunteers.enquiry volunteers.conductcheck portal.subscription
portal.counsellingrequest volunteers.exportrecord programs.event volunteers.user
""".split()
"""Everything that grows with people."""
SEARCHES = {
    "rare name": "Dolankovaek",
    "common name": "Anna",
    "umlaut": "oeykue",
    "two letters": "Li",
    "address": "person-77@example.org",
    "two words": "Anna berg",
    "nothing": "Quxyzzy",
    "other script": "Олександр",
}
DEEP = ("page 50", "last page")
CHOICES = 3
"""How many choices of each filter are asked."""
LARGE = 100_000
"""Rows of a table that no page may read from end to end."""
PAGES = {
    "start page": "/verwaltung/",
    "search in the head": "/verwaltung/suche/?q=Anna",
}


def lists(client: Any) -> Iterator[tuple[str, str, str]]:
    """List, what of it, and path, of everything that the account of ``client`` may open."""
    from django.apps import apps
    from django.test.utils import setup_test_environment, teardown_test_environment

    for label in LISTS:
        model = apps.get_model(label)
        setup_test_environment(debug=False)
        try:
            response = client.get(admin_path(model))
        finally:
            teardown_test_environment()
        if response.status_code != 200:
            continue
        changelist, path = response.context["cl"], admin_path(model)
        asked = [("page 1", ""), *_pages(changelist), *_orders(changelist), *_choices(changelist)]
        if changelist.search_fields:
            asked += [(f"search, {what}", f"?q={words}") for what, words in SEARCHES.items()]
        yield from ((label, what, f"{path}{query}") for what, query in asked)
        first = next(iter(changelist.result_list), None)
        if first is not None and changelist.model_admin.has_view_permission(
            response.wsgi_request, first
        ):
            yield label, "a record", admin_path(first)
            yield label, "its history", admin_path(first, "history")


Asked = Iterator[tuple[str, str]]
"""What is asked, and the query of its address."""


def _pages(changelist: Any) -> Asked:
    last = changelist.paginator.num_pages
    if last >= 50:
        yield DEEP[0], "?p=50"
    if last > 1:
        yield DEEP[1], f"?p={last}"
    if name := changelist.date_hierarchy:
        yield "a year", f"?{name}__year=2025"
        yield "a month", f"?{name}__year=2025&{name}__month=6"


def _orders(changelist: Any) -> Asked:
    for place, name in enumerate(changelist.list_display):
        if name != "action_checkbox" and changelist.get_ordering_field(name):
            yield f"by {name}", f"?o={place}"
            yield f"by {name}, down", f"?o=-{place}"


def _choices(changelist: Any) -> Asked:
    for spec in changelist.filter_specs:
        for choice in list(spec.choices(changelist))[1 : CHOICES + 1]:
            if choice["query_string"] != "?":
                yield f"{spec.title}: {choice['display']}"[:44], choice["query_string"]


class Watch:
    """Collects the SQL of a page, to ask PostgreSQL afterwards how it reads for that."""

    def __init__(self) -> None:
        self.asked: dict[str, Any] = {}

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not many and sql.lstrip().startswith("SELECT"):
            self.asked[sql] = params
        return execute(sql, params, many, context)

    def scans(self, connection: Any) -> list[str]:
        """The large tables that a plan reads from end to end."""
        found = set()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > %s", [LARGE]
            )
            large = {name for (name,) in cursor.fetchall()}
            for sql, params in self.asked.items():
                if not any(name in sql for name in large):
                    continue
                cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
                plan = cursor.fetchone()[0]
                for node in nodes((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]):
                    if node["Node Type"] == "Seq Scan" and node["Relation Name"] in large:
                        found.add(node["Relation Name"])
        return sorted(found)


def worked(connection: Any) -> float:
    """Seconds of processor time of this process and of its connection's: other load does not count."""
    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    of_database = int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    return time.process_time() + of_database


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The steps of a plan, but not what looks for one row only, as the choices of filters do."""
    yield plan
    if plan["Node Type"] == "Limit" and plan["Plan Rows"] == 1:
        return
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def main() -> None:
    from .__main__ import set_up_django

    set_up_django()
    from django.db import connection
    from django.test import Client

    import portal.wsgi  # noqa: F401 - loads everything and collects garbage as seldom as a web process
    from volunteers.models import User

    connection.settings_dict["NAME"] = sys.argv[1]
    clients = {}
    for role, email in ROLES.items():
        clients[role] = Client(headers={"host": "127.0.0.1"}, raise_request_exception=False)
        clients[role].force_login(User.objects.get(email=email))
    for line in sys.stdin:
        question = json.loads(line)
        client = clients[question["as"]]
        if "path" not in question:
            answer: Any = list(lists(client))
            answer += [("pages", what, path) for what, path in PAGES.items()]
        else:
            watch = Watch()
            with connection.execute_wrapper(watch):
                start, busy = time.perf_counter(), worked(connection)
                response = client.get(question["path"])
                seconds, busy = time.perf_counter() - start, worked(connection) - busy
            answer = {
                "seconds": seconds,
                "busy": busy,
                "status": response.status_code,
                "queries": len(watch.asked),
            }
            if question.get("plans"):
                answer["scans"] = watch.scans(connection)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
