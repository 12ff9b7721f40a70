"""A steady load: people sign up, open their mails and confirm; staff answer and change a page; others read."""

import itertools
import re
import threading
import time
from collections.abc import Callable

from tests.faults.books import ASKED, Books, now
from tests.faults.clients import Client, confirm, sign_up
from tests.faults.installation import ACCOUNT, PASSWORD, Portal
from tests.mailserver import text_of

PAUSE = 0.2
"""Seconds between two things that one client does."""
READ = ("/", "/mitmachen/?frisch", "/termine/", "/mitmachen/?q=sprache", "/zahlen/")
LINK = re.compile(r"https?://\S+")


class Load:
    """Runs in threads until it is stopped; what the portal answers is in the books."""

    def __init__(self, portal: Portal, books: Books) -> None:
        self.portal, self.books = portal, books
        self.addresses = [portal.address]
        """Of the web servers that are in use; changed in place."""
        self.to_confirm: list[str] = []
        self.to_answer: list[str] = []
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=work, daemon=True)
            for work in (
                self._sign_up,
                self._sign_up,
                self._confirm,
                self._answer,
                self._change_page,
                self._read,
            )
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            if thread.ident:  # it was started
                thread.join(60)

    def client(self) -> Client:
        return Client(self.addresses, self.books)

    def _again(self) -> bool:
        return not self._stop.wait(PAUSE)

    def _sign_up(self) -> None:
        while self._again():
            if email := sign_up(self.client(), self.portal.sign_up_path):
                self.to_confirm.append(email)

    def _confirm(self) -> None:
        seen = 0
        links: dict[str, str] = {}
        while self._again():
            mails = self.portal.mails.messages
            for mail in mails[seen:]:
                if ASKED in str(mail["Subject"]) and (found := LINK.search(text_of(mail))):
                    links[str(mail["To"])] = found.group()
            seen = len(mails)
            due = [email for email in self.to_confirm if email in links]
            for email in due[:3]:
                if confirm(self.client(), links[email], email):
                    self.to_confirm.remove(email)
                    self.to_answer.append(email)

    def staff(self) -> Client:
        """A client that is logged in, as soon as the portal lets it in."""
        client = self.client()
        while not client.send(
            "/konto/anmelden/", "login", login=ACCOUNT, password=PASSWORD
        ) and not self._stop.wait(1):
            client = self.client()
        return client

    def _answer(self) -> None:
        """Every application is answered once; what was not acknowledged is left alone."""
        client = self.staff()
        while self._again():
            if not self.to_answer:
                continue
            email = self.to_answer.pop(0)
            number = self.portal.application(email)
            token = client.session.cookies.get("csrftoken", "")
            path = f"/verwaltung/volunteers/application/{number}/status/in_contact/"
            if number and client.post(path, "step", csrfmiddlewaretoken=token):
                self.books.in_work[email] = now()

    def _change_page(self) -> None:
        client = self.staff()
        path = f"/verwaltung/portal/page/{self.portal.page}/change/"
        for number in itertools.count(1):
            if not self._again():
                return
            if client.send(path, "page", title=f"Barrierefreiheit {number}", _save="1"):
                self.books.page = (now(), number)

    def _read(self) -> None:
        for path in itertools.cycle(READ):
            if not self._again():
                return
            self.client().get(path, "reading")


def wait_until(what: Callable[[], bool], seconds: float = 300) -> float:
    """Wait generously, without doing anything; returns how long it took."""
    began = now()
    while not what():
        assert now() - began < seconds, f"not within {seconds} seconds: it needs a hand"
        time.sleep(0.1)
    return now() - began
