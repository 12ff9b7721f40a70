"""What the portal has acknowledged, and whether it is true: in the database and in people's mailboxes."""

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

import psycopg

from tests.mailserver import MailServer

ASKED, ARRIVED, IN_WORK = "Bitte bestätigen", "ist angekommen", "wird bearbeitet"
"""Words in the subjects of the mails about a sign-up, about its confirmation, about its first step."""


class Told(NamedTuple):
    """An answer to a client; status 0: the connection broke."""

    at: float
    what: str
    status: int
    may_come_back: bool
    """It has ``Retry-After``."""


@dataclass
class Sums:
    """What is wrong with all that was acknowledged until now."""

    lost: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)
    copies: int = 0
    """Mails that came a second time with the same Message-ID, so that a mail program can tell."""
    doubled: set[str] = field(default_factory=set)
    """People who got two different mails about the same thing."""


class Books:
    """Acknowledged sign-ups, confirmations, steps and changed pages, each with its time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.signed_up: dict[str, float] = {}
        self.confirmed: dict[str, float] = {}
        self.in_work: dict[str, float] = {}
        self.page = (0.0, 0)
        """When the last change of the page was acknowledged, and its number."""
        self.without_mail: set[str] = set()
        """People whose mail server refuses the mails for good."""
        self.told: list[Told] = []

    def note(self, what: str, status: int, *, began: float, may_come_back: bool) -> None:
        with self._lock:
            self.told.append(Told(began, what, status, may_come_back))

    def acknowledged_since(self, moment: float) -> int:
        kept = (self.signed_up, self.confirmed, self.in_work)
        return sum(at >= moment for one in kept for at in list(one.values()))

    def count(self, what: str, status: int, *, since: float) -> int:
        return sum((one.what, one.status) == (what, status) for one in self.failures(since))

    def failures(self, since: float) -> list[Told]:
        """What people were told since then that nobody should be told: errors, „later“, nothing at all."""
        return [one for one in list(self.told) if one.at >= since and not 200 <= one.status < 400]

    def sums(self, database: psycopg.Connection, mails: MailServer, until: float) -> Sums:
        """Compares what was acknowledged before ``until`` with the records and the mails."""
        found = Sums()
        told = {
            ASKED: _before(self.signed_up, until),
            ARRIVED: _before(self.confirmed, until),
            IN_WORK: _before(self.in_work, until),
        }
        rows = database.execute(
            "SELECT email, confirmed_at IS NOT NULL, status = 'in_contact' FROM volunteers_application"
        ).fetchall()
        kept = {
            ASKED: {email for email, _confirmed, _in_work in rows},
            ARRIVED: {email for email, confirmed, _in_work in rows if confirmed},
            IN_WORK: {email for email, _confirmed, in_work in rows if in_work},
        }
        for subject, people in told.items():
            found.lost |= {f"{person}: {subject}" for person in people - kept[subject]}
        self._compare_mails(found, mails, told)
        self._compare_page(found, database)
        return found

    def _compare_mails(self, found: Sums, mails: MailServer, told: dict[str, set[str]]) -> None:
        came: dict[tuple[str, str], Counter[str]] = {}
        for mail in list(mails.messages):
            subject = next((s for s in told if s in str(mail["Subject"])), str(mail["Subject"]))
            came.setdefault((str(mail["To"]), subject), Counter())[str(mail["Message-ID"])] += 1
        for subject, people in told.items():
            due = people - self.without_mail
            found.missing |= {f"{one}: {subject}" for one in due if (one, subject) not in came}
        for (person, subject), numbers in came.items():
            found.copies += sum(numbers.values()) - len(numbers)
            if person in self.signed_up and len(numbers) > 1:
                found.doubled.add(f"{person}: {subject}")

    def _compare_page(self, found: Sums, database: psycopg.Connection) -> None:
        at, number = self.page
        (title,) = database.execute(
            "SELECT title FROM portal_page WHERE slug = 'barrierefreiheit'"
        ).fetchone() or ("",)
        if at and int(title.rpartition(" ")[2]) < number:
            found.lost.add(f"page {number}")


def _before(acknowledged: dict[str, float], until: float) -> set[str]:
    return {who for who, at in list(acknowledged.items()) if at < until}


def now() -> float:
    return time.monotonic()
