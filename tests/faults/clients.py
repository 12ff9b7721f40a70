"""People with browsers: they fill in the forms that the portal sends them, and remember what it answers."""

import itertools
import random
import re
import time
from html.parser import HTMLParser
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from tests.faults.books import Books, now

PATIENCE = 180
"""Seconds that a client waits for an answer."""
_numbers = itertools.count(1)


class Form(HTMLParser):
    """What a browser sends for the forms of a page: names and values."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._text = ""
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        self._text = name if tag == "textarea" else ""
        self._select = name if tag == "select" else self._select
        if tag == "textarea":
            self.values[name] = ""
        elif tag == "option" and "selected" in given:
            self.values[self._select] = given["value"]
        elif tag == "input" and name:
            self._input(given)

    def _input(self, given: dict[str, str]) -> None:
        boxes = given.get("type") in {"checkbox", "radio"}
        if given.get("type") in {"submit", "file", "search"} or (boxes and "checked" not in given):
            return
        self.values.setdefault(given["name"], given.get("value", "on" if boxes else ""))

    def handle_endtag(self, tag: str) -> None:
        self._text = "" if tag == "textarea" else self._text

    def handle_data(self, data: str) -> None:
        if self._text:
            self.values[self._text] += data


class FromSomewhere(HTTPAdapter):
    """Connections from a network address of their own, so that the limits for one address are not in the way."""

    def init_poolmanager(self, *given: Any, **more: Any) -> None:
        address = ".".join(str(random.randrange(2, 255)) for _ in range(3))
        super().init_poolmanager(*given, **more, source_address=(f"127.{address}", 0))


class Client:
    """One browser. Each request goes to any of the ``addresses``, as behind a load balancer."""

    def __init__(self, addresses: list[str], books: Books) -> None:
        self.addresses, self.books = addresses, books
        self.session = requests.Session()
        self.session.mount("http://", FromSomewhere())

    def ask(self, method: str, path: str, what: str, **more: object) -> requests.Response | None:
        """The answer, written down; None when the connection broke."""
        began = now()
        try:
            answer = self.session.request(
                method,
                random.choice(self.addresses) + path,
                allow_redirects=False,
                timeout=PATIENCE,
                **more,
            )
        except requests.RequestException:
            self.books.note(what, 0, began=began, may_come_back=False)
            time.sleep(1)  # as people do before they try again
            return None
        may = "Retry-After" in answer.headers
        self.books.note(what, answer.status_code, began=began, may_come_back=may)
        return answer

    def get(self, path: str, what: str) -> requests.Response | None:
        return self.ask("GET", path, what)

    def send(self, path: str, what: str, **fields: str) -> bool:
        """Fill in the form of a page and send it; whether the portal thanked for it with a redirect."""
        page = self.get(path, f"{what}, form")
        if page is None or page.status_code != 200:
            return False
        return self.post(path, what, **(Form(page.text).values | fields))

    def post(self, path: str, what: str, **fields: str) -> bool:
        answer = self.ask("POST", path, what, data=fields)
        return answer is not None and answer.status_code == 302


def sign_up(client: Client, path: str, domain: str = "example.org") -> str | None:
    """Somebody new signs up; the mail address when that was acknowledged."""
    email = f"person-{next(_numbers)}@{domain}"
    fields = {"name": "Amina Yılmaz", "email": email, "age": "adult", "consent": "on"}
    if client.send(path, "sign-up", **fields):
        client.books.signed_up[email] = now()
        return email
    return None


def confirm(client: Client, link: str, email: str) -> bool:
    """Open the link of the mail, and confirm; or see that an earlier click has arrived."""
    path = without_host(link)
    page = client.get(path, "confirmation, form")
    if page is not None and page.status_code == 302:  # a short link
        path = without_host(page.headers["Location"])
        page = client.get(path, "confirmation, form")
    if page is None or page.status_code not in {200, 302}:
        return False
    if page.status_code == 302 or client.post(path, "confirmation", **Form(page.text).values):
        client.books.confirmed[email] = now()
        return True
    return False


def without_host(url: str) -> str:
    return re.sub(r"^https?://[^/]+", "", url)
