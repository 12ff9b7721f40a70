"""Lists of people and applications as generators of rows, fast enough for tens of thousands.

A server-side cursor reads the rows in chunks; related records (districts, fields, wishes) need
three more queries for each chunk, by primary key. There are no model instances and no complete list
in memory. No query has a subquery for each row, so that the plan stays good when the tables have
just been filled. Rows contain plain values; ``programs.exchange`` makes the cells safe and writes
the files.
"""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, BooleanField, F, Func, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from ..models import Application, Expense, Registration, User, Volunteer
from ..models.questions import Question
from ..models.statuses import CLOSED
from ..reads import known
from ..reads.preparation import progress_of_all
from .columns import LINKED, OF_APPLICATIONS, OF_PEOPLE, linked, stored, widget_for

CHUNK = 500
"""Rows in memory at a time."""
SEPARATOR = ", "
PROFILE = ("pk", *stored(OF_PEOPLE))
WISH = ("entry__title", "organisation__title", "status")

Row = dict[str, Any]


class OneOf(Func):
    """``field = ANY(numbers)``: one parameter for a whole chunk, where IN needs hundreds."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY("

    def __init__(self, field: str, numbers: list[int]) -> None:
        array = Value(numbers, ArrayField(BigIntegerField()))
        super().__init__(F(field), array, output_field=BooleanField())


class Preparing(NamedTuple):
    """What the state of a preparation follows from."""

    pk: int
    entry_id: int | None
    volunteer_id: int | None
    organisation_id: int


def application_lines(queryset: QuerySet[Any], order: Sequence[str]) -> Iterator[list[Any]]:
    """One row for each application of ``queryset``, with the columns in ``order``."""
    own = ("submitted_at", "answer_by", "decline_reason")
    status = _label_of(Application.Status)
    asked = {True: _("gefragt"), False: _("noch nicht gefragt")}
    keys = ("entry_id", "volunteer_id", "organisation_id")
    rows = _bare(queryset).values(
        "pk", "more_asked", "group_size", *stored(OF_APPLICATIONS), *WISH, *own, *keys
    )
    for chunk in _chunks(rows):
        lacking = _lacking(chunk)
        for row, line in _answers(chunk, Application, OF_APPLICATIONS):
            line["wish"] = _wish(row["entry__title"])
            line["organisation"] = row["organisation__title"]
            line |= {name: row[name] for name in own}
            line["status"] = status(row["status"])
            line["people"] = row["group_size"] or 1
            line["more_asked"] = asked[row["more_asked"]]
            line["open_steps"] = lacking.get(row["pk"], "")
            yield [line[name] for name in order]


def _lacking(rows: list[Row]) -> dict[int, str]:
    """What each open application still lacks, only as names; five queries for each chunk.

    No list says whether a certificate was inspected and found unsuitable: a file that has left the
    portal cannot be deleted together with the record.
    """
    progress = progress_of_all(
        Preparing(row["pk"], row["entry_id"], row["volunteer_id"], row["organisation_id"])
        for row in rows
        if row["status"] not in CLOSED
    )
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
    status = _label_of(Application.Status)
    for chunk in _chunks(_bare(volunteers).order_by("email").values(*PROFILE)):
        in_sight = _in_sight([row["pk"] for row in chunk], user)
        if known.sees_records(user):
            profiles = _answers(chunk, Volunteer, OF_PEOPLE)
        else:  # the newest application comes first and gives the data
            newest = [in_sight[row["pk"]][0] for row in chunk if row["pk"] in in_sight]
            profiles = _answers(newest, Application, OF_PEOPLE)
        for row, line in profiles:
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


def _answers(
    rows: list[Row], model: type[Application | Volunteer], asked: Sequence[Question]
) -> Iterator[tuple[Row, dict[str, Any]]]:
    """Each row with the person's answers, as text for a cell."""
    numbers = [row["pk"] for row in rows]
    names = {one.key: _names(model, one, numbers) for one in linked(asked)}
    readers = [(one.key, one.name, _reader(one)) for one in asked if one.key not in names]
    for row in rows:
        line = {key: read(row[name]) for key, name, read in readers}
        line |= {key: found.get(row["pk"], "") for key, found in names.items()}
        yield row, line


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


def _names(
    model: type[Application | Volunteer], question: Question, numbers: list[int]
) -> dict[int, str]:
    """The names of the records related to each of ``numbers``, joined in their usual order."""
    other = question.column.related_model
    (shown, *_others), _what = LINKED[other]
    owner, to = model._meta.model_name or "", other._meta.model_name
    through = getattr(model, question.name).through
    linked_rows = through._default_manager.filter(OneOf(owner, numbers))
    in_order = linked_rows.order_by(*(f"{to}__{name}" for name in other._meta.ordering))
    found: dict[int, list[str]] = defaultdict(list)
    for number, text in in_order.values_list(f"{owner}_id", f"{to}__{shown}"):
        found[number].append(text)
    return {number: SEPARATOR.join(names) for number, names in found.items()}


def _joined(names: Iterable[str]) -> str:
    return SEPARATOR.join(dict.fromkeys(names))


def _wish(title: str | None) -> str:
    return title or _("Was passt, ist noch offen")


def _label_of(choices: Any) -> Callable[[str], str]:
    names = {value: str(label) for value, label in choices.choices}
    return lambda value: names.get(value, "")
