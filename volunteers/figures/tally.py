"""Counts of deleted records, so that figures do not change when people are deleted (``Tally``).

A record is counted with its outcome before the deletion, so live records and this table together
give the same figure before and after. Figures about *today* use live records only. Only confirmed
records are counted, as in every list.
"""

import datetime
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    DateField,
    F,
    Field,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, TruncMonth

from programs.united import united

from ..models import (
    Application,
    CompanionRequest,
    HoursEntry,
    Registration,
    StatusChange,
    Tally,
    Tandem,
)
from ..models.registrations import ANSWERED

CONFIRMED, UNCONFIRMED = "confirmed", "unconfirmed"
ATTENDED, ABSENT = "attended", "absent"
COLUMNS: "dict[str, Field[Any, Any]]" = {
    "organisation": BigIntegerField(),
    "entry": BigIntegerField(),
    "district": CharField(),
    "month": DateField(),
    "outcome": CharField(),
}
"""What deleted records are counted by, and as what kind of value it is read."""
KEYS = tuple(COLUMNS)
Wanted = tuple[str, tuple[str, ...]]
"""A kind, and by which of :data:`KEYS` it is wanted."""


class Source(NamedTuple):
    """Where a kind of count comes from, as lookups of its live records."""

    model: type[Model]
    organisation: str
    entry: str | None
    district: str | None
    month: Any
    outcome: Any
    only: dict[str, Any]
    of_year: Callable[[int], Q]
    """Those of ``among`` whose ``month`` is in a year, by their columns: so an index finds them."""
    among: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None
    number: Any = Count("pk")
    """What is counted of them."""


class Counted(NamedTuple):
    """The number of records, and their hours (0 for records without hours)."""

    number: int
    hours: Decimal


def _month(moment: str) -> Any:
    return TruncMonth(moment)


def _year(moment: str) -> Callable[[int], Q]:
    return lambda year: Q(**{f"{moment}__year": year})


def _begun(year: int) -> Q:
    return Q(started_on__year=year) | Q(started_on=None, proposed_at__year=year)


def placed(applications: QuerySet[Any]) -> QuerySet[Any]:
    """Those that were placed, with the moment of their first placement as ``first_placed``."""
    steps = StatusChange.objects.filter(
        application=OuterRef("pk"), status=Application.Status.PLACED
    )
    first = Subquery(steps.order_by("at").values("at")[:1])
    found: QuerySet[Any] = applications.annotate(first_placed=first)
    return found.filter(first_placed__isnull=False)


_kind = Tally.Kind
SOURCES: dict[str, Source] = {
    _kind.APPLICATION: Source(
        Application,
        "organisation",
        "entry",
        None,
        _month("submitted_at"),
        F("status"),
        {"confirmed_at__isnull": False},
        of_year=_year("submitted_at"),
    ),
    _kind.COMPANION_REQUEST: Source(
        CompanionRequest,
        "organisation",
        "programme",
        "district",
        _month("submitted_at"),
        F("status"),
        {"confirmed_at__isnull": False},
        of_year=_year("submitted_at"),
    ),
    _kind.REGISTRATION: Source(
        Registration,
        "organisation",
        None,
        None,
        _month("event__starts_at"),
        Case(
            When(attended=True, then=Value(ATTENDED)),
            When(attended=False, then=Value(ABSENT)),
            default=F("status"),
        ),
        {"status__in": ANSWERED},
        of_year=_year("event__starts_at"),
    ),
    _kind.TANDEM: Source(
        Tandem,
        "organisation",
        "request__programme",
        "request__district",
        Coalesce(TruncMonth("started_on"), TruncMonth("proposed_at__date")),
        F("status"),
        {},
        of_year=_begun,
    ),
    _kind.HOURS: Source(
        HoursEntry,
        "application__organisation",
        "application__entry",
        "district",
        _month("on"),
        Case(When(confirmed_at__isnull=True, then=Value(UNCONFIRMED)), default=Value(CONFIRMED)),
        {},
        of_year=_year("on"),
    ),
    _kind.PLACEMENT: Source(
        Application,
        "organisation",
        "entry",
        None,
        _month("first_placed"),
        Value(""),
        {"confirmed_at__isnull": False},
        of_year=_year("first_placed"),
        among=placed,
    ),
    _kind.TANDEM_END: Source(
        Tandem,
        "organisation",
        "request__programme",
        "request__district",
        _month("ended_on"),
        F("end_reason"),
        {"status": Tandem.Status.ENDED},
        of_year=_year("ended_on"),
    ),
    _kind.GROUP: Source(
        Application,
        "organisation",
        "entry",
        None,
        _month("submitted_at"),
        F("status"),
        {"confirmed_at__isnull": False, "group_size__isnull": False},
        number=Sum("group_size"),
        of_year=_year("submitted_at"),
    ),
}
"""The month is that of the sign-up, of the event, of the tandem's start or end, of the day of the hours.

A placement is an application of :func:`placed`. Groups are counted by their people: as a record a group is one
application.
"""

_ADD = """
    INSERT INTO volunteers_tally
        (kind, organisation_id, entry_id, district_id, month, outcome, count, hours)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT ON CONSTRAINT tally_one_row_a_count DO UPDATE
    SET count = volunteers_tally.count + excluded.count,
        hours = volunteers_tally.hours + excluded.hours
"""


def add(kind: str, records: QuerySet[Any]) -> None:
    """Count ``records``, which the caller deletes in the same transaction.

    The database adds up the rows, always in the same order, so that two deletions at once lose
    nothing and cannot deadlock.
    """
    rows = [
        (kind, *key, one.number, one.hours) for key, one in present(kind, records, *KEYS).items()
    ]
    with connection.cursor() as cursor:
        for row in sorted(rows, key=lambda row: tuple(map(str, row[:6]))):
            cursor.execute(_ADD, row)


def counts(
    kind: str, *by: str, live: QuerySet[Any] | None = None
) -> dict[tuple[Any, ...], Counted]:
    """Figures of ``kind`` grouped ``by`` any of :data:`KEYS`, from ``live`` and deleted records.

    Without ``live`` only the deleted ones are counted. Organisation, entry and district are primary
    keys, ``month`` is its first day. Who limits ``live`` to what a user may see has to limit the result to
    the same organisations; two queries.
    """
    found = {} if live is None else present(kind, live, *by)
    deleted = Tally.objects.filter(kind=kind).order_by().values(*by)
    for row in deleted.annotate(n=Sum("count"), h=Sum("hours")):
        key = tuple(row[name] for name in by)
        _put(found, key, Counted(row["n"], row["h"]))
    return found


def present(kind: str, records: QuerySet[Any], *by: str) -> dict[tuple[Any, ...], Counted]:
    """As :func:`counts`, of ``records`` only; one query."""
    return _grouped(SOURCES[kind], kind, records, by)


def gone(kept: Q, wanted: Iterable[Wanted]) -> dict[Wanted, dict[tuple[Any, ...], Counted]]:
    """The deleted records of several kinds, each by keys of its own; one query."""
    found: dict[Wanted, dict[tuple[Any, ...], Counted]] = {one: {} for one in wanted}
    numbered = list(found)
    parts = []
    for number, (kind, by) in enumerate(numbered):
        keys = {
            f"by_{name}": F(name) if name in by else Cast(Value(None), column)
            for name, column in COLUMNS.items()
        }
        rows = Tally.objects.filter(kept, kind=kind).order_by().values(part=Value(number), **keys)
        parts.append(rows.annotate(n=Sum("count"), h=Sum("hours")))
    for row in united(*parts):
        one = numbered[row["part"]]
        key = tuple(row[f"by_{name}"] for name in one[1])
        found[one][key] = Counted(row["n"], row["h"])
    return found


def total(kind: str, *, live: QuerySet[Any] | None = None) -> int:
    """The number of all records of ``kind``, deleted ones included."""
    return sum(one.number for one in counts(kind, "month", live=live).values())


def _grouped(
    source: Source, kind: str, records: QuerySet[Any], by: Iterable[str]
) -> dict[tuple[Any, ...], Counted]:
    by = tuple(by)
    lookups = {
        "organisation": F(source.organisation),
        "entry": F(source.entry) if source.entry else None,
        "district": F(source.district) if source.district else None,
        "month": source.month,
        "outcome": source.outcome,
    }
    wanted = {f"by_{name}": lookups[name] for name in by if lookups[name] is not None}
    records = source.among(records) if source.among else records
    rows = records.filter(**source.only).order_by().values(**wanted).annotate(n=source.number)
    if kind == Tally.Kind.HOURS:
        rows = rows.annotate(h=Sum("hours"))
    found: dict[tuple[Any, ...], Counted] = {}
    for row in rows:
        key = tuple(_plain(row.get(f"by_{name}")) for name in by)
        _put(found, key, Counted(row["n"], row.get("h") or Decimal(0)))
    return found


def _plain(value: Any) -> Any:
    return value.date() if isinstance(value, datetime.datetime) else value


def _put(found: dict[tuple[Any, ...], Counted], key: tuple[Any, ...], one: Counted) -> None:
    before = found.get(key, Counted(0, Decimal(0)))
    found[key] = Counted(before.number + one.number, before.hours + one.hours)
