"""The sort orders. „Empfohlen“ is a rule that the page explains."""

from functools import cache
from typing import Any

from django.db.models import F
from django.db.models.expressions import RawSQL
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from programs.models import EntryQuerySet
from programs.vocabulary import Word
from volunteers.models.statuses import TAKES_A_PLACE

FRESH_DAYS, SOON_DAYS = 365, 30
"""A confirmation counts for a year; an event within so many days is soon."""

RANK = f"""CASE WHEN programs_entry.status = 'active' AND programs_entry.accepts_sign_ups THEN 0
    WHEN programs_entry.status = 'active' THEN 4
    WHEN programs_entry.status = 'paused' THEN 8
    ELSE 12
END + CASE WHEN programs_entry.id IN (
        SELECT full_entry.id FROM programs_entry AS full_entry
        JOIN volunteers_application AS application ON application.entry_id = full_entry.id
        WHERE full_entry.places IS NOT NULL AND application.status = ANY(%s)
        GROUP BY full_entry.id HAVING sum(coalesce(application.group_size, 1)) >= full_entry.places) THEN 2 ELSE 0
END + (NOT programs_entry.evidence_confirmed
    AND coalesce(programs_entry.confirmed_on, '-infinity') < current_date - {FRESH_DAYS})::int"""  # noqa: S608
"""Sort key: entries that take sign-ups, then other active, then paused, then ended entries.

Within each group come first those with a free place; of these, those that were confirmed within a year.
This is raw SQL because Django takes longer to build the expression than the database to compute it.
"""
NOT_SOON = f"""(programs_entry.id NOT IN (SELECT part_of_id FROM programs_event
        WHERE part_of_id IS NOT NULL AND is_published AND NOT is_cancelled
        AND starts_at BETWEEN now() AND now() + interval '{SOON_DAYS} days'
    UNION SELECT room_id FROM welcome_rooms_openinghours))"""  # noqa: S608
"""False if one can go there soon: there is an event, or a room with opening hours."""
TURN = f"""row_number() OVER (
    PARTITION BY {RANK}, programs_entry.kind ORDER BY {NOT_SOON}, programs_entry.search_names
)"""
"""The first of each kind, then the second of each kind …: so the kinds alternate."""
BY_NAME = F("search_names")
"""Sorts by title: ``search_names`` begins with the folded title, so that Ä is sorted like A."""
_TAKING = [status.value for status in TAKES_A_PLACE]
RECOMMENDED: tuple[Any, ...] = (
    RawSQL(RANK, (_TAKING,)),  # noqa: S611
    RawSQL(TURN, (_TAKING,)),  # noqa: S611
    RawSQL(NOT_SOON, ()),  # noqa: S611
    BY_NAME,
    "pk",
)


def recommended(entries: EntryQuerySet) -> EntryQuerySet:
    """Sort by :data:`RANK`; within a rank the kinds alternate, and what is soon comes first."""
    return entries.order_by(*RECOMMENDED)


def sort_orders() -> list[Word]:
    """The sort orders. Their token is empty because sorting leaves no entry out."""
    return _sort_orders(get_language())


@cache
def _sort_orders(language: str | None) -> list[Word]:
    """In the active ``language``."""
    return [
        Word("", "naehe", _("Nächste zuerst")),
        Word("", "treffer", _("Beste Treffer")),
        Word("", "empfohlen", _("Empfohlen")),
        Word("", "a-z", _("A–Z")),
        Word("", "neu", _("Neueste zuerst")),
    ]


def sort_order(name: str) -> list[Any]:
    """„Empfohlen“ is in :func:`recommended`; nearness and best hits are no order of the database."""
    orders: dict[str, list[Any]] = {
        "a-z": [BY_NAME, "pk"],
        "neu": [F("created_at").desc(), "title", "pk"],
    }
    return orders[name]
