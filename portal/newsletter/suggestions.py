"""What an issue could tell: new offers, dates ahead, entries that are new in the directory."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.admin.searching import folded, search_terms
from programs.models import Entry, Event
from volunteers.errors import DomainError

from .issue_models import BEGUN, MOST_BLOCKS, NewsletterBlock, NewsletterIssue
from .issues import lock_issue

SHOWN = 40
"""Rows of each list; the search finds the others."""
MOST_WORDS = 4


@dataclass(frozen=True)
class Group:
    """``name`` is that of the boxes."""

    label: str
    name: str
    rows: list[Any]
    """``is_new`` of each says whether it came since the last issue."""
    is_cut: bool


def _last_issue() -> datetime.datetime:
    """When the last issue began, a month ago if there was none."""
    began = NewsletterIssue.objects.filter(status__in=BEGUN).aggregate(at=Max("begun_at"))
    return began["at"] or timezone.now() - datetime.timedelta(days=30)


def suggestions(issue: NewsletterIssue, words: str = "") -> list[Group]:
    """Without what is in the issue already; four queries."""
    entries = Entry.objects.published().exclude(status=Entry.Status.ENDED)
    entries = entries.exclude(pk__in=issue.blocks.filter(entry__isnull=False).values("entry"))
    entries = entries.select_related("organisation").order_by("-created_at", "-pk")
    events = Event.objects.ahead().select_related("organisation", "district")
    events = events.exclude(pk__in=issue.blocks.filter(event__isnull=False).values("event"))
    for word in search_terms(words)[:MOST_WORDS]:
        entries = entries.filter(folded(["search_text"], word))
        events = events.filter(folded(["title", "summary", "place"], word))
    offers = entries.filter(kind=Entry.Kind.OPPORTUNITY, accepts_sign_ups=True)
    others = entries.exclude(kind=Entry.Kind.OPPORTUNITY)
    since = _last_issue()
    return [
        _group(_("Einsatzmöglichkeiten, die neuesten zuerst"), "entry", offers, since),
        _group(
            _("Termine, die nächsten zuerst"), "event", events.order_by("starts_at", "pk"), since
        ),
        _group(_("Weitere Einträge, die neuesten zuerst"), "entry", others, since),
    ]


def _group(label: str, name: str, found: "QuerySet[Any]", since: datetime.datetime) -> Group:
    rows = list(found[: SHOWN + 1])
    for row in rows:
        row.is_new = row.created_at > since
    return Group(label, name, rows[:SHOWN], len(rows) > SHOWN)


def take_in(
    *, issue: NewsletterIssue, entries: "QuerySet[Entry]", events: "QuerySet[Event]"
) -> int:
    """Add a block for each below the others; what is in already stays once. Returns how many are new."""
    with transaction.atomic():
        issue = lock_issue(issue.pk)
        if not issue.is_draft:
            raise DomainError(_("Diese Ausgabe ist kein Entwurf mehr."))
        have = list(issue.blocks.values_list("position", "entry", "event"))
        new = [NewsletterBlock(issue=issue, entry=one) for one in entries.order_by("title")]
        new += [NewsletterBlock(issue=issue, event=one) for one in events.order_by("starts_at")]
        known = {row[1:] for row in have}
        new = [one for one in new if (one.entry_id, one.event_id) not in known]
        if len(have) + len(new) > MOST_BLOCKS:
            text = _("Eine Ausgabe hat höchstens %(number)d Bausteine.")
            raise DomainError(text % {"number": MOST_BLOCKS})
        last = max((row[0] for row in have), default=0)
        for number, block in enumerate(new, start=1):
            block.position = last + 10 * number
            block.save()
        issue.save(update_fields=["updated_at"])
    return len(new)
