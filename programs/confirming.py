"""Entries that a responsible person should check and confirm again."""

import datetime
from typing import TypeVar, cast

from django.db import models
from django.db.models import Q
from django.utils import timezone

from .models import Entry

CONFIRM_AGAIN_AFTER = datetime.timedelta(days=365)
"""A confirmation older than this counts as due again."""

_Q = TypeVar("_Q", bound="models.QuerySet[Entry]")


def to_confirm(entries: _Q) -> _Q:
    """The ``entries`` whose confirmation is over a year old, or that have neither confirmation nor evidence.

    Ended entries are left out.
    """
    limit = timezone.localdate() - CONFIRM_AGAIN_AFTER
    return entries.exclude(status=Entry.Status.ENDED).filter(
        Q(confirmed_on__isnull=True, evidence_confirmed=False) | Q(confirmed_on__lt=limit)
    )


FRESHNESS: dict[str, tuple[int | None, int | None]] = {
    "frisch": (None, 183),
    "jahr": (183, 365),
    "alt": (365, None),
    "nie": (None, None),
}
"""Slug → how many days ago an entry was confirmed: more than, and at most; never without both."""


def confirmed(entries: _Q, slug: str) -> _Q:
    """Published ones that have not ended and were confirmed then."""
    more_than, at_most = FRESHNESS[slug]
    today = timezone.localdate()
    rows = entries.published().exclude(status=Entry.Status.ENDED)  # type: ignore[attr-defined]  # of entries
    rows = rows.filter(confirmed_on__isnull=more_than is None and at_most is None)
    if more_than is not None:
        rows = rows.filter(confirmed_on__lt=today - datetime.timedelta(days=more_than))
    if at_most is not None:
        rows = rows.filter(confirmed_on__gte=today - datetime.timedelta(days=at_most))
    return cast("_Q", rows)


def confirm(entry: Entry) -> None:
    """Confirm that ``entry`` is correct as of today, and save it.

    What the portal has hidden because nobody answered is shown again.
    """
    entry.confirm()
    names = ["confirmed_on", "as_of", "as_of_precision", "updated_at"]
    if entry.hidden_on is not None:
        entry.is_published, entry.hidden_on = True, None
        names += ["is_published", "hidden_on"]
    entry.save(update_fields=names)
