"""Two web nodes and two workers on one database, through PgBouncer: nothing differs but speed."""

import http.client
import os
import re
import shutil
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest
from django.db import connection

from portal.databases import RANDOM_PAGE_COST, WORK_MEM
from tests import factories
from tests.mailserver import free_port
from tests.serving import DEPLOY, GUNICORN, WORKER, Site, replaced
from volunteers.models import OutgoingMail

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not shutil.which("pgbouncer", path="/usr/sbin:/usr/bin"), reason="no PgBouncer here"
    ),
]
ASKED = 8
PAGES = ["/", "/mitmachen/", "/mitmachen/?q=sprache", "/termine/", "/en/", "/newsletter/"]


@pytest.fixture
def bouncer(site):
    """A site with PgBouncer as ``deploy/pgbouncer.ini`` has it, and the address of the database behind it."""
    made = site(site_url="http://127.0.0.1")
    with connection.cursor():
        database = connection.settings_dict
    port = free_port()
    ini = (DEPLOY / "pgbouncer.ini").read_text()
    users = made.folder / "users"
    users.write_text(f'"{database["USER"]}" ""\n')
    for old, new in {
        "portal = host=127.0.0.1 port=5432 dbname=portal": (
            f"portal = host={database['HOST']} port={database['PORT']} dbname={database['NAME']}"
        ),
        "listen_port = 6432": f"listen_port = {port}\nunix_socket_dir =",
        "auth_type = scram-sha-256": "auth_type = any",
        "auth_file = /etc/pgbouncer/userlist.txt": f"auth_file = {users}",
        "default_pool_size = 20": "default_pool_size = 2",
    }.items():
        ini = replaced(ini, old, new)
    ini = ini.replace(" connect_query=", f" user={database['USER']} connect_query=")
    (made.folder / "pgbouncer.ini").write_text(ini)
    made.folder.chmod(0o755)
    program = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin")
    # It refuses to run as root, and only the owner of the database's folder reaches its socket.
    owner = Path(database["HOST"]).owner()
    account = ["--user", owner] if os.geteuid() == 0 else []
    made.run("pgbouncer", [str(program), *account, str(made.folder / "pgbouncer.ini")])
    made.wait(lambda: socket.create_connection(("127.0.0.1", port), 1).close() is None)
    return made, f"postgres://{database['USER']}@127.0.0.1:{port}/portal"


def without_token(text: str) -> str:
    """Without what differs from one request to the next."""
    return re.sub(r'(name="(?:csrfmiddlewaretoken|opened)" value=")[^"]+', r"\1", text)


def test_two_nodes_and_two_workers_are_one_portal(bouncer):
    made, through = bouncer
    quick = {"FORM_MIN_SECONDS": "0"}
    pooled = quick | {"DATABASE_URL": through, "DATABASE_BEHIND_PGBOUNCER": "1"}
    pooled["DATABASE_DIRECT_URL"] = made.environment()["DATABASE_URL"]
    plain, one, two = free_port(), free_port(), free_port()
    factories.make_entry("Sprachcafé")
    made.web(plain, **quick)
    made.web(one, **pooled)
    made.web(two, **pooled)
    for number in (1, 2):
        made.run(f"worker{number}", WORKER, **pooled)

    for path in PAGES:
        expected = without_token(made.ask(plain, path).text)
        for port in (one, two):
            answer = made.ask(port, path)
            assert answer.status == 200, path
            assert without_token(answer.text) == expected, path

    with ThreadPoolExecutor(4) as crowd:
        sent = list(crowd.map(lambda number: subscribe(made, one, two, number), range(ASKED)))
    assert sent == ["/newsletter/danke/"] * ASKED
    mails = OutgoingMail.objects.all()
    assert mails.count() == ASKED
    made.wait(lambda: made.ask(one, "/healthz").text.count('"worker": "ok"') == 1)


def subscribe(made: Site, one: int, two: int, number: int) -> str:
    """Somebody gets the form from one node and sends it to the other; returns where that leads."""
    form = made.ask(one, "/newsletter/")
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form.text))
    topic = re.search(r'name="topics" value="([^"]+)"', form.text)
    assert topic
    chosen = {"topics": topic[1], "language": "de", "email": f"person{number}@example.org"}
    kept = {"Cookie": form.headers["Set-Cookie"].split(";")[0]}
    kept["Content-Type"] = "application/x-www-form-urlencoded"
    with closing(http.client.HTTPConnection("127.0.0.1", two, timeout=30)) as opened:
        opened.request("POST", "/newsletter/", urlencode({**hidden, **chosen}), kept)
        answer = opened.getresponse()
        return answer.headers.get("Location") or answer.read().decode()


def test_limits_of_statements_come_from_pgbouncer(bouncer):
    _made, through = bouncer
    with psycopg.connect(through, prepare_threshold=None) as opened:
        assert opened.execute("SHOW statement_timeout").fetchone() == ("10s",)
        assert opened.execute("SHOW lock_timeout").fetchone() == ("5s",)
        assert opened.execute("SHOW work_mem").fetchone() == (WORK_MEM,)
        assert opened.execute("SHOW random_page_cost").fetchone() == (RANDOM_PAGE_COST,)


def test_public_pages_come_from_the_replica_and_survive_its_end(bouncer):
    """The same database stands for the replica, behind a PgBouncer that ends."""
    made, through = bouncer
    port = free_port()
    factories.make_entry("Sprachcafé")
    replica = {"DATABASE_REPLICA_URL": through, "DATABASE_BEHIND_PGBOUNCER": "1"}
    made.run("web", GUNICORN, PORT=str(port), **replica)
    made.wait(lambda: made.ask(port, "/readyz").status == 200)

    assert "Sprachcafé" in made.ask(port, "/mitmachen/").text
    with psycopg.connect(through.replace("/portal", "/pgbouncer"), autocommit=True) as console:
        console.prepare_threshold = None
        used = console.execute("SHOW CLIENTS").fetchall()
    assert any("portal" in row for row in used)

    made.end("pgbouncer")
    answer = made.ask(port, "/mitmachen/?q=sprache")
    assert (answer.status, "Sprachcafé" in answer.text) == (200, True)
