"""Invented issues of the newsletter: one that was sent, one that somebody is writing."""

import datetime
from typing import Any

from django.utils import timezone

from portal.models import NewsletterIssue
from portal.newsletter.content import content_of
from programs.models import Entry, Event

from .files import read
from .once import Once

OFFERS, DATES = 2, 2


def load(once: Once, now: datetime.datetime) -> int:
    """Create the issues with the newest offers and the next dates; returns how many."""
    records = [
        record for record in read("newsletter.json") if once.is_new("issue", record["title"])
    ]
    for record in records:
        values = dict(record)
        texts, days_ago = values.pop("texts"), values.pop("sent_days_ago", None)
        issue = NewsletterIssue.objects.create(**values, is_demo=True)
        _write(issue, texts)
        if days_ago is not None:
            _send(issue, now - datetime.timedelta(days=days_ago))
    return len(records)


def _write(issue: NewsletterIssue, texts: list[dict[str, str]]) -> None:
    offers = Entry.objects.open().filter(kind=Entry.Kind.OPPORTUNITY).order_by("pk")[:OFFERS]
    dates = Event.objects.ahead().order_by("starts_at")[:DATES]
    rows: list[Any] = [
        *texts[:1],
        *({"entry": one} for one in offers),
        *({"event": one} for one in dates),
        *texts[1:],
    ]
    for number, row in enumerate(rows, start=1):
        issue.blocks.create(position=10 * number, **row)


def _send(issue: NewsletterIssue, at: datetime.datetime) -> None:
    """As if it had gone out then; no mail leaves."""
    issue.content = content_of(issue).as_json()
    issue.status = NewsletterIssue.Status.SENT
    issue.send_at = issue.begun_at = at
    issue.ended_at = min(at + datetime.timedelta(minutes=6), timezone.now())
    issue.recipients, issue.delivered, issue.refused = 412, 409, 3
    issue.save()
