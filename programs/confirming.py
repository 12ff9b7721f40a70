"""Entries that somebody in charge should look at again."""

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
    """Those of ``entries`` that nobody in charge has confirmed for a year, and no evidence either.

    Ended ones rest.
    """
    limit = timezone.localdate() - CONFIRM_AGAIN_AFTER
    return entries.exclude(status=Entry.Status.ENDED).filter(
        Q(confirmed_on__isnull=True, evidence_confirmed=False) | Q(confirmed_on__lt=limit)
    )


def confirm(entry: Entry) -> None:
    """Take ``entry`` as right today and save that."""
    entry.confirm()
    entry.save(update_fields=["confirmed_on", "as_of", "as_of_precision", "updated_at"])
