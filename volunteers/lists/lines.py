"""Lists of people and applications as generators of rows, fast enough for tens of thousands.

A server-side cursor reads the rows in chunks; related records (districts, fields) need two more queries
for each chunk, by primary key. Columns are put into words one after the other, which is quicker than
row by row. There are no model instances and no complete list
in memory. No query has a subquery for each row, so that the plan stays good when the tables have
just been filled. Rows contain plain values; ``programs.exchange`` makes the cells safe and writes
the files.
"""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.db.models import DateTimeField, F, Func, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.one_row import OneOf

from ..models import Application, Expense, Registration, User, Volunteer
from ..models.questions import Question
from ..models.statuses import CLOSED
from ..reads import known
from ..reads.preparation import entries_with_steps, progress_of_all
from .columns import LINKED, OF_APPLICATIONS, OF_PEOPLE, linked, stored, widget_for

CHUNK = 500
"""Rows in memory at a time."""
SEPARATOR = ", "
PROFILE = ("pk", *stored(OF_PEOPLE))
WISH = ("entry__title", "organisation__title", "status")

Row = dict[str, Any]


class OnTheClock(Func):
    """The time of a column as clocks here show it: PostgreSQL reckons quicker than Python does."""

    template = "(%(expressions)s)"
    arg_joiner = " AT TIME ZONE "

    def __init__(self, field: str) -> None:
        zone = Value(timezone.get_current_timezone_name())
        super().__init__(F(field), zone, output_field=DateTimeField())


class Preparing(NamedTuple):
    """What the state of a preparation follows from."""

    pk: int
    entry_id: int | None
    volunteer_id: int | None
    organisation_id: int


def application_lines(queryset: QuerySet[Any], order: Sequence[str]) -> Iterator[list[Any]]:
    """One row for each application of ``queryset``, with the columns in ``order``."""
    own = ("answer_by", "decline_reason")
    status = _label_of(Application.Status)
    asked = {True: _("gefragt"), False: _("noch nicht gefragt")}
    keys = ("entry_id", "volunteer_id", "organisation_id")
    rows = _bare(queryset).values(
        "pk", "more_asked", "group_size", *stored(OF_APPLICATIONS), *WISH, *own, *keys
    )
    answers, asking = Answers(Application, OF_APPLICATIONS), frozenset(entries_with_steps())
    for chunk in _chunks(rows.annotate(here=OnTheClock("submitted_at"))):
        lacking = _lacking(chunk, asking)
        told = answers.of(chunk)
        told["wish"] = [_wish(row["entry__title"]) for row in chunk]
        told["organisation"] = [row["organisation__title"] for row in chunk]
        told["submitted_at"] = [row["here"] for row in chunk]
        told |= {name: [row[name] for row in chunk] for name in own}
        told["status"] = [status(row["status"]) for row in chunk]
        told["people"] = [row["group_size"] or 1 for row in chunk]
        told["more_asked"] = [asked[row["more_asked"]] for row in chunk]
        told["open_steps"] = [lacking.get(row["pk"], "") for row in chunk]
        yield from zip(*(told[name] for name in order), strict=True)


def _lacking(rows: list[Row], asking: frozenset[int]) -> dict[int, str]:
    """What each open application for one of the entries ``asking`` for steps still lacks, only as names.

    Five queries for each chunk that has some. No list says whether a certificate was inspected and found
    unsuitable: a file that has left the portal cannot be deleted together with the record.
    """
    open_ones = [
        Preparing(row["pk"], row["entry_id"], row["volunteer_id"], row["organisation_id"])
        for row in rows
        if row["entry_id"] in asking and row["status"] not in CLOSED
    ]
    progress = progress_of_all(open_ones) if open_ones else {}
    return {pk: _joined(item.title for item in one.missing) for pk, one in progress.items()}


def hours_lines(queryset: QuerySet[Any]) -> Iterator[list[Any]]:
    """One row for each entry of ``queryset``, in the order of ``HoursResource``."""
    of = "application"
    names = (f"{of}__name", f"{of}__entry__title", f"{of}__organisation__title")
    rows = _bare(queryset).values_list(
        "on", "hours", "what", *names, "district__short_name", "confirmed_at"
    )
    for on, hours, what, name, title, organisation, district, at in rows.iterator(chunk_size=CHUNK):
        day = timezone.localdate(at) if at else None
        yield [on, float(hours), what, name, _wish(title), organisation, district, day]


def expense_lines(queryset: QuerySet[Any]) -> Iterator[list[Any]]:
    """One row for each expense of ``queryset``, in the order of ``ExpenseResource``."""
    of = "application"
    kind, status = _label_of(Expense.Kind), _label_of(Expense.Status)
    who = (f"{of}__name", f"{of}__email", f"{of}__entry__title", f"{of}__organisation__title")
    names = ("pk", "on", "kind", "amount", *who, "status", "decided_at", "closed_at")
    for row in _bare(queryset).values_list(*names).iterator(chunk_size=CHUNK):
        pk, on, what, amount, name, email, title, organisation, now, *moments = row
        days = [timezone.localdate(at) if at else None for at in moments]
        yield [
            *(pk, on, kind(what), float(amount), name, email),
            *(_wish(title), organisation, status(now), *days),
        ]


def people_lines(
    volunteers: QuerySet[Volunteer], user: User, order: Sequence[str]
) -> Iterator[list[Any]]:
    """One row for each person of ``volunteers``, with the data that ``user`` may see (``known.py``), by address."""
    status, sees_records = _label_of(Application.Status), known.sees_records(user)
    answers = Answers(Volunteer if sees_records else Application, OF_PEOPLE)
    for chunk in _chunks(_bare(volunteers).order_by("email").values(*PROFILE)):
        in_sight = _in_sight([row["pk"] for row in chunk], user)
        profiles = chunk
        if not sees_records:  # the newest application comes first and gives the data
            profiles = [in_sight[row["pk"]][0] for row in chunk if row["pk"] in in_sight]
        for row, line in answers.by_row(profiles):
            applications = in_sight[row.get("volunteer_id") or row["pk"]]
            line["organisation"] = _joined(one["organisation__title"] for one in applications)
            line["statuses"] = _joined(
                f"{_wish(one['entry__title'])}: {status(one['status'])}" for one in applications
            )
            yield [line[name] for name in order]


def registration_lines(queryset: QuerySet[Any]) -> Iterator[list[Any]]:
    """One row for each registration of ``queryset``: event, start, name, address, status …"""
    status = _label_of(Registration.Status)
    present = {True: _("ja"), False: _("nein"), None: ""}
    names = ("event__title", "event__starts_at", "name", "email", "status", "attended", "note")
    rows = _bare(queryset).values(*names, "organisation__title", "submitted_at")
    for row in rows.iterator(chunk_size=CHUNK):
        row |= {"status": status(row["status"]), "attended": present[row["attended"]]}
        yield list(row.values())


def _in_sight(volunteers: list[int], user: User) -> dict[int, list[Row]]:
    """The applications of ``volunteers`` that ``user`` may see, newest first."""
    found: dict[int, list[Row]] = defaultdict(list)
    seen = known.applications_in_sight(user).filter(OneOf("volunteer", volunteers))
    for row in seen.values(*PROFILE, *WISH, "volunteer_id"):
        found[row["volunteer_id"]].append(row)
    return found


def _bare(queryset: QuerySet[Any]) -> QuerySet[Any]:
    return queryset.select_related(None).prefetch_related(None)


def _chunks(rows: QuerySet[Any, Row]) -> Iterator[list[Row]]:
    cursor = rows.iterator(chunk_size=CHUNK)
    while chunk := list(itertools.islice(cursor, CHUNK)):
        yield chunk


class Answers:
    """Puts the answers of people into words, a chunk of rows at a time; what all chunks need is asked once."""

    def __init__(self, model: type[Application | Volunteer], asked: Sequence[Question]) -> None:
        self.linked = {one.key: Names(model, one) for one in linked(asked)}
        self.readers = [
            (one.key, one.name, _reader(one)) for one in asked if one.key not in self.linked
        ]

    def of(self, rows: list[Row]) -> dict[str, list[Any]]:
        """Key of the question → a cell for each of ``rows``."""
        numbers = [row["pk"] for row in rows]
        told = {key: [read(row[name]) for row in rows] for key, name, read in self.readers}
        for key, names in self.linked.items():
            found = names.of(numbers)
            told[key] = [found.get(number, "") for number in numbers]
        return told

    def by_row(self, rows: list[Row]) -> Iterator[tuple[Row, dict[str, Any]]]:
        """Each row with its cells."""
        told = self.of(rows)
        for row, cells in zip(rows, zip(*told.values(), strict=True), strict=True):
            yield row, dict(zip(told, cells, strict=True))


def _reader(question: Question) -> Callable[[Any], Any]:
    """What makes the answer a cell; of several choices each combination is put into words once."""
    render: Callable[[Any], Any] = widget_for(question).render
    if not isinstance(question.column, ArrayField):
        return render
    known: dict[tuple[Any, ...], str] = {}

    def read(values: list[Any]) -> str:
        key = tuple(values)
        if key not in known:
            known[key] = render(values)
        return known[key]

    return read


class Names:
    """The names of related records, of which there are few: districts, fields."""

    def __init__(self, model: type[Application | Volunteer], question: Question) -> None:
        other = question.column.related_model
        (shown, *_others), _what = LINKED[other]
        self.owner, to = model._meta.model_name or "", other._meta.model_name
        self.to = f"{to}_id"
        self.through = getattr(model, question.name).through
        in_order = other._base_manager.order_by(*other._meta.ordering).values_list("pk", shown)
        self.names = dict(in_order)
        self.place = {pk: place for place, pk in enumerate(self.names)}

    def of(self, numbers: list[int]) -> dict[int, str]:
        """Those of each of the records ``numbers``, joined in their usual order."""
        rows = self.through._default_manager.filter(OneOf(self.owner, numbers))
        found: dict[int, list[Any]] = defaultdict(list)
        for number, other in rows.values_list(f"{self.owner}_id", self.to):
            found[number].append(other)
        return {number: self._joined(others) for number, others in found.items()}

    def _joined(self, others: list[Any]) -> str:
        if len(others) > 1:
            others.sort(key=self.place.__getitem__)
        return SEPARATOR.join(self.names[one] for one in others)


def _joined(names: Iterable[str]) -> str:
    return SEPARATOR.join(dict.fromkeys(names))


def _wish(title: str | None) -> str:
    return title or _("Was passt, ist noch offen")


def _label_of(choices: Any) -> Callable[[str], str]:
    names = {value: str(label) for value, label in choices.choices}
    return lambda value: names.get(value, "")
