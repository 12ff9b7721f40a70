"""The pages of the portal beside the limits: what the web server and a bare Django reach on this machine."""

import contextlib
import itertools
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from .load import GZIP, Server, Target, free_port, measure, serve
from .weight import first_visit

if TYPE_CHECKING:
    from .__main__ import Report

ROUNDS, REQUESTS = 5, 40
CATALOGUE, FACETS = "/mitmachen/", "/mitmachen/?feld={}&sprache={}&tag={}"
LANGUAGES, DAYS = ("ar", "en", "uk"), ("montag", "dienstag", "freitag")
STORING = ("insert", "sign-up")
TOKEN = "0" * 32
FILE = "x" * 20_000
"""What nginx serves as a file: as long as a page."""
MORE = 4_500
"""Entries that come on top of the first 500."""


def pages(report: "Report") -> None:
    from django.db import connection

    from . import fill

    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_row (id bigserial PRIMARY KEY, name text NOT NULL)")
    _at_this_size(report, everything=True)
    fill.entries_at_once(MORE, start=1_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    _at_this_size(report, everything=False)


def _at_this_size(report: "Report", *, everything: bool) -> None:
    from programs.models import Entry

    number = Entry.objects.joinable().count()
    print(f"--- {number} entries")
    database = _database()
    with (
        serve("tests.bench.bare:application", **database) as bare,
        serve("tests.bench.bare:nothing", **database) as nothing,
        _portal() as portal,
        _portal(KEPT_PAGES_MB="0") as unkept,
    ):
        targets = _targets(bare, nothing, portal, unkept)
        reading = [one for name, one in targets.items() if name not in STORING]
        measure(reading, rounds=ROUNDS, requests=REQUESTS)
        # By themselves: they write.
        measure([targets[name] for name in STORING], rounds=ROUNDS, requests=REQUESTS)
        for target in targets.values():
            print(f"{target.name:<50} {target.per_second:>7.0f} req/s  p95 {target.p95:>7.1f} ms")
        _compare(report, targets, everything=everything)
        if everything:
            _processes(report, bare, portal)
            _behind_nginx(report, portal)
            visit = first_visit(portal.port)
            size = visit.bytes / 1000
            report.line(f"first visit, {len(visit.files)} files", size, 60, "kB", at_most=True)
            report.line("requests elsewhere", len(visit.elsewhere), 0, "", at_most=True)


def _database() -> dict[str, str]:
    from django.db import connection

    settings = connection.settings_dict
    return {f"BENCH_DB_{name}": str(settings[name]) for name in ("NAME", "USER", "HOST", "PORT")}


def _portal(**environment: str) -> contextlib.AbstractContextManager[Server]:
    return serve(
        "portal.wsgi:application",
        "--preload",
        DJANGO_SETTINGS_MODULE="tests.bench.portal_settings",
        **environment,
    )


def _targets(bare: Server, nothing: Server, portal: Server, unkept: Server) -> dict[str, Target]:
    from django.conf import settings
    from django.urls import reverse

    from programs.models import Entry, Field
    from volunteers.links.applications import status_path
    from volunteers.models import Application

    entries = Entry.objects.filter(slug__startswith="bench-").order_by("pk")[:50]
    details = [entry.get_absolute_url() for entry in entries]
    fields = Field.objects.values_list("slug", flat=True)[:4]
    facets = [FACETS.format(*chosen) for chosen in itertools.product(fields, LANGUAGES, DAYS)]
    searches = [f"{CATALOGUE}?q={quote(question)}" for question in _questions()]
    statuses = [status_path(one) for one in Application.objects.order_by("pk")[:50]]
    etag = {"If-None-Match": _etag(portal, "/"), **GZIP}
    numbers = itertools.count(int(time.time() * 1000))
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    signing_up = {**form, "Cookie": f"{settings.CSRF_COOKIE_NAME}={TOKEN}"}
    return {
        "nothing": Target("web server, fixed answer", nothing.port, ["/livez"]),
        "one": Target("bare Django, one query", bare.port, ["/one/"]),
        "list": Target("bare Django, list of 50", bare.port, ["/list/"]),
        "insert": Target(
            "bare Django, one row stored", bare.port, ["/insert/"], form, body=lambda: "name=Amina"
        ),
        "fixed": Target("fixed answer, the portal's middleware", portal.port, ["/bench/fixed/"]),
        "home": Target("home, kept", portal.port, ["/"]),
        "304": Target("home, 304", portal.port, ["/"], etag, 304),
        "catalogue": Target("catalogue, kept", portal.port, [CATALOGUE]),
        "kept facets": Target("catalogue, three facets, kept", portal.port, facets[:4]),
        "detail": Target("detail, kept", portal.port, details[:4]),
        "home anew": Target("home, made anew", unkept.port, ["/"]),
        "catalogue anew": Target("catalogue, made anew", unkept.port, [CATALOGUE]),
        "facets": Target("catalogue, three facets, made anew", unkept.port, facets),
        "search": Target("full-text search, made anew", unkept.port, searches),
        "detail anew": Target("detail, made anew", unkept.port, details),
        "sign-up": Target(
            "sign-up (POST)",
            portal.port,
            [reverse("volunteers:sign_up_entry", args=["bench-0"])],
            signing_up,
            302,
            lambda: _signed_up(next(numbers)),
        ),
        "status": Target("status page", portal.port, statuses),
        "admin": Target(
            "administration, list of applications",
            portal.port,
            [reverse("admin:volunteers_application_changelist")],
            {"Cookie": f"{settings.SESSION_COOKIE_NAME}={_session()}", **GZIP},
        ),
    }


def _compare(report: "Report", targets: dict[str, Target], *, everything: bool) -> None:
    """The ratios that are to be reached. Of what grows with the entries, also with more of them."""

    def line(name: str, limit: str, goal: float) -> None:
        what = f"{targets[name].name} : {targets[limit].name}"
        report.line(what, targets[name].to(targets[limit]), goal, "", at_most=False)

    line("facets", "list", 0.8 if everything else 0.6)
    if not everything:
        return
    for name in ("home", "catalogue", "kept facets", "detail"):
        line(name, "fixed", 0.8)
    line("304", "home", 1.0)
    line("search", "list", 0.4)
    line("detail anew", "list", 0.5)
    line("sign-up", "insert", 0.3)
    line("status", "one", 0.5)


def _questions() -> list[str]:
    lines = (Path(__file__).parent / "questions.txt").read_text("utf-8").splitlines()
    questions = [line.partition("|")[0].strip() for line in lines if line and line[0] != "#"]
    return questions[:40]


def _etag(server: Server, path: str) -> str:
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", path, headers=GZIP)
    response = connection.getresponse()
    response.read()
    return response.headers["ETag"] or ""


def _signed_up(number: int) -> str:
    return urlencode(
        {
            "csrfmiddlewaretoken": TOKEN,
            "name": "Amina Bench",
            "email": f"amina-{number}@example.org",
            "age": "adult",
            "consent": "on",
        }
    )


def _session() -> str:
    from django.test import Client

    from volunteers.models import User

    user, _new = User.objects.get_or_create(email="speed@example.org", is_superuser=True)
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.cookies["sessionid"].value


def _processes(report: "Report", bare: Server, portal: Server) -> None:
    """Memory after the pages above; how soon a process that was killed is replaced."""
    report.line("memory of a web process", portal.megabytes(), 150, "MB", at_most=True)
    print(f"{'memory of a bare Django':<58} {bare.megabytes():>9.2f} MB")
    beyond = portal.started_in - bare.started_in
    print(f"{'start of the whole server, beyond the bare one':<58} {beyond:>9.2f} s")
    seconds = statistics.median(portal.seconds_to_replace() for _time in range(3))
    report.line("a web process that was killed is replaced in", seconds, 1, "s", at_most=True)


def _behind_nginx(report: "Report", portal: Server) -> None:
    """nginx keeps the pages as long as the portal says; here as the configuration in the repository does."""
    if shutil.which("nginx") is None:
        print("There is no nginx on this machine.")
        return
    with _nginx(portal) as port:
        page = Target("home behind nginx with its cache", port, ["/"])
        file = Target("a file of nginx", port, ["/bench.txt"])
        measure([page, file], rounds=ROUNDS, requests=REQUESTS * 3)
    for target in (page, file):
        print(f"{target.name:<50} {target.per_second:>7.0f} req/s  p95 {target.p95:>7.1f} ms")
    report.line(f"{page.name} : {file.name}", page.to(file), 0.5, "", at_most=False)


NGINX = """
pid {folder}/pid; error_log {folder}/error.log; daemon off; worker_processes 1;
events {{ worker_connections 256; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    proxy_cache_path {folder}/cache keys_zone=portal_pages:10m max_size=100m inactive=10m;
    server {{
        listen 127.0.0.1:{port};
        location = /bench.txt {{ root {folder}; }}
        location / {{
            proxy_pass http://127.0.0.1:{upstream};
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $host;
            proxy_cache portal_pages;
            proxy_cache_valid 200 1s;
            proxy_ignore_headers Cache-Control;
            proxy_cache_lock on;
            proxy_cache_use_stale updating error timeout http_503;
            proxy_cache_bypass $cookie_sessionid $http_authorization;
            proxy_no_cache $cookie_sessionid $upstream_http_set_cookie;
        }}
    }}
}}
"""


@contextlib.contextmanager
def _nginx(portal: Server) -> Iterator[int]:
    """nginx in front of the portal. It keeps a page for a second, so that a change is there in the next one."""
    port = free_port()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "bench.txt").write_text(FILE)
        config = folder / "nginx.conf"
        config.write_text(NGINX.format(folder=name, port=port, upstream=portal.port))
        process = subprocess.Popen(["nginx", "-c", str(config), "-e", str(folder / "error.log")])
        try:
            time.sleep(1)
            yield port
        finally:
            process.terminate()
            process.wait(timeout=10)
