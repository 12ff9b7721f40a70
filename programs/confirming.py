"""Entries that a responsible person should check and confirm again."""

import datetime
from typing import TypeVar

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
