"""Timelines: what happened around a record, read from many tables in one query, newest first, by month.

Nothing is written for a timeline. A :class:`Part` is the rows of one table, which the caller has narrowed to
what the reader may see; its :class:`Kind` makes a sentence of each. The database sorts and cuts.
"""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import DateTimeField, F, Func, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from .addresses import admin_path
from .united import united

NEWEST = 8
"""Lines on the page of the record itself, where its admin says nothing else."""
PER_PAGE = 40
"""Lines on a page of the timeline."""
FURTHEST = 100_000
"""Lines that may be passed over, so that a changed address costs no long search."""
LONGEST_QUOTE = 160


@dataclass(frozen=True)
class Kind:
    """One kind of thing that happens."""

    says: Callable[..., str]
    """Makes the German sentence of the words that the part reads; each word is a text."""
    of: str = ""
    """Label of the model whose page the key opens; without it the line is no link."""


@dataclass(frozen=True)
class Part:
    kind: Kind
    rows: "QuerySet[Any, Any]"
    """Rows of time, key, words and quote."""


@dataclass(frozen=True)
class Line:
    on: datetime.date
    text: str
    quote: str
    """What somebody typed, shortened."""
    url: str


@dataclass(frozen=True)
class Timeline:
    months: list[tuple[datetime.date, list[Line]]]
    """First day of the month and its lines, newest first."""
    later: int | None
    """Lines to pass over on the page before; None on the first one."""
    earlier: int | None


def part(
    kind: Kind,
    rows: "QuerySet[Any, Any]",
    at: Any,
    *words: Any,
    key: Any = "pk",
    quote: Any = Value(""),  # noqa: B008 - an expression, never changed
) -> Part:
    """Rows of one table as lines. Words are names of columns or expressions; rows without a time are left out."""
    if isinstance(at, str):
        rows = rows.filter(**{f"{at}__isnull": False})
    read = rows.order_by().annotate(
        line_at=Cast(at, DateTimeField()),
        line_key=Cast(key, TextField()),
        line_words=_array(words),
        line_quote=_text(quote),
    )
    return Part(kind, read.values_list("line_at", "line_key", "line_words", "line_quote"))


def _text(of: Any) -> Coalesce:
    value = Cast(F(of) if isinstance(of, str) else of, TextField())
    return Coalesce(value, Value(""), output_field=TextField())


def _array(words: Sequence[Any]) -> Func:
    return Func(
        *(_text(word) for word in words),
        template="ARRAY[%(expressions)s]::text[]",
        output_field=TextField(),
    )


def read(parts: Sequence[Part], passed: int = 0, many: int = PER_PAGE) -> Timeline:
    """``many`` lines after the ``passed`` newest ones; one query, whatever the number of parts."""
    found = _rows(parts, passed, many + 1) if parts else []
    lines = [_line(parts[number].kind, *row) for *row, number in found[:many]]
    return Timeline(
        months=[
            (month, list(of_it))
            for month, of_it in groupby(lines, key=lambda one: one.on.replace(day=1))
        ],
        later=max(passed - many, 0) if passed else None,
        earlier=passed + many if len(found) > many else None,
    )


def _rows(parts: Sequence[Part], start: int, many: int) -> list[tuple[Any, ...]]:
    numbered = [
        one.rows.annotate(line_part=Value(number)).values_list(
            "line_at", "line_key", "line_words", "line_quote", "line_part"
        )
        for number, one in enumerate(parts)
    ]
    rows = united(*numbered)
    return list(rows.order_by("-line_at", "line_part", "-line_key")[start : start + many])


def _line(kind: Kind, at: datetime.datetime, key: str, words: list[str], quote: str) -> Line:
    short = quote if len(quote) <= LONGEST_QUOTE else f"{quote[: LONGEST_QUOTE - 1]}…"
    url = admin_path(kind.of, "change", key) if kind.of and key else ""
    return Line(timezone.localdate(at), kind.says(*words), short, url)


def passed_in(text: str) -> int:
    """How many lines the address asks to pass over; 0 for whatever is no such number."""
    return min(int(text), FURTHEST) if text.isascii() and text.isdecimal() and len(text) < 9 else 0


def day_of(text: str) -> datetime.date:
    """A date among the words."""
    return datetime.date.fromisoformat(text[:10])
