"""The nginx of ``deploy/`` before real web servers: cache, path, IPv6, restarts that nobody notices."""

import re
import threading
import time
from urllib.parse import urlencode

import pytest

from portal.models import LINKED_PAGES
from tests import factories
from tests.mailserver import free_port
from tests.serving import HOST, NGINX

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed"),
]
PATH = "/engagement"
INSIDE = re.compile(r'(?:href|src|action)="(/[^"#]*)')


def cookie(answer) -> str:
    return answer.headers.get("Set-Cookie", "")


def test_public_pages_are_kept_for_a_second_and_survive_an_outage(site):
    made = site()
    made.web(free_port())
    made.proxy()
    entry = factories.make_entry("Sprachcafé")
    page = entry.get_absolute_url()

    plain = made.get("/", at="::1")
    assert (plain.status, "Set-Cookie" in plain.headers) == (200, False)
    assert made.get(page).status == 200
    form = made.get("/newsletter/")
    assert form.status == 200

    type(entry).objects.filter(pk=entry.pk).update(title="Sprachcafé am Abend")
    made.wait(lambda: "Sprachcafé am Abend" in made.get(page).text, seconds=10)

    again = made.get(page)
    assert made.get(page, If_None_Match=again.headers["ETag"]).status == 304
    (name,) = made.processes.keys() - {"nginx"}
    made.end(name)
    time.sleep(1.2)
    assert "Sprachcafé am Abend" in made.get(page).text
    assert made.get("/newsletter/").status == 502, "what is private is never kept"


def test_everything_works_at_a_path(site):
    made = site(site_url=f"https://{HOST}{PATH}")
    made.web(free_port())
    made.proxy(at=f"{PATH}/")
    factories.make_entry("Sprachcafé")
    for slug in LINKED_PAGES:
        factories.make_page(slug)

    seen, waiting = set(), [f"{PATH}/", f"{PATH}/en/", f"{PATH}/meine-seite/"]
    while waiting and len(seen) < 25:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        answer = made.get(path)
        assert answer.status in {200, 301, 302}, path
        if answer.status == 200 and answer.headers["Content-Type"].startswith("text/html"):
            for link in INSIDE.findall(answer.text):
                assert link.startswith(f"{PATH}/"), (path, link)
                waiting.append(link.replace("&amp;", "&"))
    assert len(seen) > 15

    home = made.get(f"{PATH}/").text
    styles = re.findall(rf'href="({PATH}/static/[^"]+\.css)"', home)
    assert styles
    assert made.get(styles[0]).status == 200
    assert f'rel="canonical" href="https://{HOST}{PATH}/"' in home
    assert f"<loc>https://{HOST}{PATH}/" in made.get(f"{PATH}/sitemap.xml").text
    assert f"Disallow: {PATH}/verwaltung/" in made.get(f"{PATH}/robots.txt").text
    assert f'"scope": "{PATH}/"' in made.get(f"{PATH}/manifest.webmanifest").text
    login = made.get(f"{PATH}/verwaltung/")
    assert login.headers["Location"].startswith(f"{PATH}/")
    assert made.get("/mitmachen/").status == 404


def test_form_at_a_path_is_accepted_and_its_cookie_stays_there(site):
    made = site(site_url=f"https://{HOST}{PATH}")
    made.web(free_port())
    made.proxy(at=f"{PATH}/")

    form = made.get(f"{PATH}/newsletter/")
    kept = cookie(form)
    assert kept.startswith("__Secure-csrftoken=")
    assert f"Path={PATH};" in f"{kept};"
    assert "Secure" in kept
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form.text)
    sent = made.post(
        f"{PATH}/newsletter/",
        urlencode({"csrfmiddlewaretoken": token[1], "email": "no address"}),
        Cookie=kept.split(";")[0],
        Origin=f"https://{HOST}",
    )
    assert sent.status in {200, 422}, "refused for the address, not for the token"
    assert "Anmeldung fehlt" not in sent.text


def test_servers_are_reached_by_ipv6(site):
    made = site(host="::1")
    made.web(free_port())
    made.proxy()

    assert made.get("/", at="::1").status == 200
    assert made.ask(made.ports[0], "/livez").status == 200


def test_header_of_a_proxy_counts_only_when_told_so(site):
    """Without BEHIND_PROXY anybody could send it; gunicorn alone would believe it from the machine itself."""
    port = free_port()
    made = site()
    made.web(port, BEHIND_PROXY="0")
    assert made.ask(port, "/", Host=HOST, X_Forwarded_Proto="https").status == 301
    made.end(f"web{port}")
    made.web(port)
    assert made.ask(port, "/", Host=HOST, X_Forwarded_Proto="https").status == 200


def test_one_server_after_the_other_is_restarted_and_nobody_notices(site):
    made = site()
    made.web(free_port())
    made.web(free_port())
    made.proxy()
    statuses, stop = [], threading.Event()

    def visit() -> None:
        while not stop.is_set():
            statuses.append(made.get(f"/mitmachen/?seite={len(statuses)}").status)

    visitor = threading.Thread(target=visit)
    visitor.start()
    for port in made.ports:
        made.end(f"web{port}")
        made.web(port)
    stop.set()
    visitor.join()

    assert len(statuses) > 10
    assert set(statuses) == {200}
