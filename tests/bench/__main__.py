"""``make bench``: the portal's speed, as ratios measured in one run on one machine.

Seconds differ from machine to machine and from minute to minute. The ratio to a bare Django project
that runs beside the portal does not. The exit code is 1 when a goal is missed. With names (``python
-m tests.bench tandems``) only those parts run.
"""

import os
import shutil
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path

ENTRIES, PEOPLE = 500, 10_000
REQUESTS, READY = 500, 5_000
VOLUNTEERS = 2_000
DATES, WILLING = 300, 2_000
DATA_DIR = Path(os.environ.get("BENCH_DATA_DIR", ".data/bench")).resolve()


def set_up_django() -> None:
    """Django with an empty database of its own."""
    os.environ |= {
        "PORTAL_MODE": "demo",
        "DATA_DIR": str(DATA_DIR),
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "HOST": "127.0.0.1",
    }
    import django

    django.setup()


def set_up() -> None:
    """An empty database, filled with the starting data and the bench records."""
    set_up_django()
    from django.core.management import call_command

    from . import fill

    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    fill.entries(ENTRIES)
    fill.people(PEOPLE)


def tear_down() -> None:
    from django.conf import settings
    from django.db import connection

    from portal.postgresql import server

    connection.close()
    connection.close_pool()
    server.stop(settings.DATABASES["default"]["EMBEDDED_DATA_DIR"])
    shutil.rmtree(DATA_DIR)


class Report:
    """Prints each figure beside its goal, and remembers whether all goals were met."""

    failed = 0

    def line(self, what: str, value: float, goal: float, unit: str, *, at_most: bool) -> None:
        met = value <= goal if at_most else value >= goal
        self.failed += not met
        sign = "≤" if at_most else "≥"
        print(
            f"{what:<58} {value:>9.2f} {unit:<4} goal {sign} {goal:g} {'ok' if met else 'MISSED'}"
        )


def pages(report: Report) -> None:
    """Requests per second and p95 of pages, beside what bare Django and bare servers reach."""
    from .speed import pages as measured

    measured(report)


def queries(report: Report) -> None:
    """SQL queries for each page, and again with twice as many entries."""
    from django.core.cache import caches
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from . import fill

    paths = (
        "/",
        "/mitmachen/",
        "/mitmachen/?q=garten&sprache=ar",
        "/stadtbezirke/",
        "/einsatz/bench-0/",
    )

    def count() -> dict[str, int]:
        found = {}
        for path in paths:
            for cache in caches.all():
                cache.clear()
            with CaptureQueriesContext(connection) as context:
                Client(headers={"host": "127.0.0.1"}).get(path)
            found[path] = len(context)
        return found

    once = count()
    fill.entries(ENTRIES, start=ENTRIES)
    twice = count()
    for path in paths:
        report.line(f"SQL queries of {path}", twice[path], 10, "", at_most=True)
        report.line(
            "  more of them at twice the entries", twice[path] - once[path], 0, "", at_most=True
        )


def export(report: Report) -> None:
    """The CSV of all people: time, and memory with half and with all of the rows."""
    from programs.exchange.writers import write_csv
    from volunteers.lists.people import VolunteerResource
    from volunteers.models import User, Volunteer

    reader = User(is_superuser=True)

    def run(rows: int) -> float:
        first = Volunteer.objects.order_by("pk")[:rows].values("pk")
        people = Volunteer.objects.visible_to(reader).filter(pk__in=first)
        start = time.perf_counter()
        with tempfile.TemporaryFile() as file:
            written = write_csv(file, VolunteerResource(user=reader).rows(people))
        if written != rows:
            raise RuntimeError(f"{written} rows instead of {rows}.")
        return time.perf_counter() - start

    run(100)
    report.line(f"CSV of {PEOPLE} people", min(run(PEOPLE) for _ in range(3)), 2, "s", at_most=True)
    peaks = []
    for rows in (PEOPLE // 2, PEOPLE):
        tracemalloc.start()
        run(rows)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    report.line(
        "  peak memory, all rows : half of them", peaks[1] / peaks[0], 1.2, "", at_most=True
    )


def missing(report: Report) -> None:
    """Whom the city lacks, and a rehearsal of other rules; the time is only printed."""
    import random

    from volunteers.matching.missing import missing
    from volunteers.matching.rounds import Case
    from volunteers.matching.rules import Rules

    from .made_up import helpers, seekers

    rng = random.Random(11)
    case = Case(seekers(rng, REQUESTS), helpers(rng, VOLUNTEERS))
    for what, run in {
        "whom we lack": lambda: missing(case.seekers, case.helpers),
        "one rehearsed week, two sets of rules": lambda: (
            case.pairs(Rules()),
            case.pairs(Rules(waiting=3)),
        ),
    }.items():
        start = time.perf_counter()
        run()
        seconds = time.perf_counter() - start
        print(f"{what}: {REQUESTS} × {VOLUNTEERS}".ljust(58), f"{seconds:>9.2f} s")


def tandems(report: Report) -> None:
    """Suggestions through the pages that coordinators use: for one request, and for all at once."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse

    from programs.models import Membership, Organisation
    from volunteers.models import Application, CompanionRequest, User

    from . import fill

    Application.objects.all().delete()
    fill.tandems(REQUESTS, READY)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    user = User.objects.create_user("bench@example.org")
    office = Organisation.objects.clearing_office()
    Membership.objects.create(user=user, organisation=office, role="staff")
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    request = CompanionRequest.objects.earliest("pk")
    application = Application.objects.earliest("pk")
    pages = {
        "volunteers for one request": ("companionrequest_fitting", [request.pk], 2),
        "requests for one volunteer": ("application_requests", [application.pk], 2),
        "overall proposal": ("companionrequest_overall", [], 30),
    }
    for what, (view, args, goal) in pages.items():
        url = reverse(f"admin:volunteers_{view}", args=args)
        client.get(url)
        seconds = []
        for _ in range(3):
            start = time.perf_counter()
            with CaptureQueriesContext(connection) as queries:
                response = client.get(url)
            seconds.append(time.perf_counter() - start)
        if response.status_code != 200 or b"Punkte" not in response.content:
            raise RuntimeError(f"{url} answered {response.status_code}.")
        label = f"{what}: {REQUESTS} × {READY}, {len(queries)} SQL queries"
        report.line(label, min(seconds), goal, "s", at_most=True)


def dates(report: Report) -> None:
    """A day with many single dates: the waves of all of them at once. It prints, and has no goal."""
    from django.conf import settings
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from volunteers.models import Application, DateOffer
    from volunteers.services import date_waves

    from . import fill

    Application.objects.all().delete()
    fill.dates(DATES, WILLING)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    settings.DATE_BY_DAY = (0, 24)
    start = time.perf_counter()
    with CaptureQueriesContext(connection) as queries:
        asked = date_waves.send_waves()
    seconds = time.perf_counter() - start
    if not asked or asked != DateOffer.objects.count():
        raise RuntimeError(f"{asked} asked, {DateOffer.objects.count()} stored.")
    label = f"waves: {DATES} × {WILLING}, {asked} mails, {len(queries) / DATES:.0f} queries each"
    print(f"{label:<58} {seconds / DATES * 1000:>9.2f} ms for a wave")


def figures(report: Report) -> None:
    """Report pages with five years of figures, and counting a month among a million visit counts."""
    from portal.figures import counting
    from programs.models import Membership, Organisation
    from volunteers.models import User

    from .figures import LAST, add_figures, add_visits, seconds_of

    rows = add_figures()
    visits = add_visits()
    user = User.objects.create_user("report@example.org")
    office = Organisation.objects.clearing_office()
    Membership.objects.create(user=user, organisation=office, role="reporting")
    for split, took in seconds_of(user):
        label = f"all figures, five years, by {split}, {rows} values"
        report.line(label, took, 1, "s", at_most=True)
    start = time.perf_counter()
    list(counting.visits(LAST))
    label = f"the visits of a month among {visits}"
    report.line(label, time.perf_counter() - start, 1, "s", at_most=True)


def languages(report: Report) -> None:
    """The slowest page of each language against the same page in German."""
    from .languages import slowest

    for language, ratio in slowest():
        report.line(f"slowest page in {language} : in German", ratio, 1.3, "", at_most=True)


def slow_line(report: Report) -> None:
    """First visits by phone on slow 3G: seconds until the content is there."""
    from .load import serve
    from .slow_line import seconds_until_content

    with serve("portal.wsgi:application") as portal:
        found = seconds_until_content(
            portal.port, ["/", "/ar/", "/mitmachen/", "/termine/", "/anmelden/"]
        )
    for path, (seconds, kilobytes) in found.items():
        label = f"slow 3G, first visit to {path}, {kilobytes:.0f} kB"
        report.line(label, seconds, 2, "s", at_most=True)


PARTS = {
    part.__name__: part
    for part in (pages, queries, languages, export, missing, tandems, dates, figures, slow_line)
}


def main() -> int:
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    report = Report()
    try:
        set_up()
        for name in sys.argv[1:] or PARTS:
            PARTS[name](report)
    finally:
        tear_down()
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
