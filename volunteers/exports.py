"""Lists of people and applications as generators of lines, fast enough for ten thousands.

The database puts each line together (names of districts, organisations, wishes as arrays), and a
server-side cursor brings it in chunks: no model instances, no second query, no list in memory. Lines
hold plain values; making cells safe and writing files is ``programs.exchange``'s business.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Model, OuterRef, QuerySet, Value
from django.db.models.functions import Coalesce, Concat
from django.utils.translation import gettext as _

from programs.models import DayPart, Language, Weekday
from programs.models.choices import labels

from . import known
from .models import Application, User, Volunteer

CHUNK = 500
"""Lines that are held at a time."""
SEPARATOR = ", "
_UNIT = "\x1f"
"""Stands between the parts of one application inside an array; no form lets it in."""

Columns = dict[str, tuple[Any, Callable[[Any], Any]]]
"""Name of the column → what the database selects, and how it reads in a cell."""


def application_lines(queryset: QuerySet[Any], order: Sequence[str]) -> Iterator[list[Any]]:
    """One line an application of ``queryset``, with the columns named in ``order``."""
    columns: Columns = {
        **_profile(Application, "application"),
        "wish": (F("entry__title"), _wish),
        "organisation": (F("organisation__title"), str),
        "status": (F("status"), _label_of(Application.Status)),
        "submitted_at": (F("submitted_at"), _same),
        "answer_by": (F("answer_by"), _same),
        "age": (F("age"), _label_of(Application.Age)),
        "message": (F("message"), str),
        "decline_reason": (F("decline_reason"), str),
    }
    return _lines(queryset, columns, order)


def people_lines(
    volunteers: QuerySet[Volunteer], user: User, order: Sequence[str]
) -> Iterator[list[Any]]:
    """One line a person of ``volunteers``, as told to ``user`` (``known.py``), by address."""
    if known.sees_records(user):
        records: QuerySet[Any] = volunteers.order_by("email")
        columns, person = _profile(Volunteer, "volunteer"), OuterRef("pk")
    else:
        newest = known.applications_in_sight(user).filter(
            volunteer__in=volunteers.order_by().values("pk")
        )
        newest = newest.order_by("volunteer_id", "-submitted_at", "-pk").distinct("volunteer_id")
        records = Application.objects.filter(pk__in=newest.values("pk")).order_by("email")
        columns, person = _profile(Application, "application"), OuterRef("volunteer")
    applications = known.applications_in_sight(user).filter(volunteer=person)
    parts = (F("organisation__title"), Coalesce("entry__title", Value("")), F("status"))
    joined = Concat(parts[0], Value(_UNIT), parts[1], Value(_UNIT), parts[2])
    told = ArraySubquery(applications.annotate(told=joined).values("told"))
    columns["organisation"] = (told, _organisations)
    columns["statuses"] = (told, _status_reader())
    return _lines(records, columns, order)


def _lines(queryset: QuerySet[Any], columns: Columns, order: Iterable[str]) -> Iterator[list[Any]]:
    selected, readers = zip(*(columns[name] for name in order), strict=True)
    bare = queryset.select_related(None).prefetch_related(None)
    for values in bare.values_list(*selected).iterator(chunk_size=CHUNK):
        yield [read(value) for read, value in zip(readers, values, strict=True)]


def _profile(model: type[Application | Volunteer], owner: str) -> Columns:
    return {
        "name": (F("name"), str),
        "email": (F("email"), str),
        "phone": (F("phone"), str),
        "languages": (F("languages"), _labels_of(Language)),
        "weekdays": (F("weekdays"), _labels_of(Weekday)),
        "dayparts": (F("dayparts"), _labels_of(DayPart)),
        "districts": (
            _names(model.districts.through, owner, "district__short_name", "district"),
            SEPARATOR.join,
        ),
        "fields_": (
            _names(model.fields.through, owner, "field__name", "field__position"),
            SEPARATOR.join,
        ),
    }


def _names(through: type[Model], owner: str, name: str, order: str) -> ArraySubquery:
    linked = through._default_manager.filter(**{owner: OuterRef("pk")})
    return ArraySubquery(linked.order_by(order, name).values(name))


def _same(value: Any) -> Any:
    return value


def _wish(title: str | None) -> str:
    return title or _("Was passt, ist noch offen")


def _label_of(choices: Any) -> Callable[[str], str]:
    known_labels = {value: str(label) for value, label in choices.choices}
    return lambda value: known_labels.get(value, "")


def _labels_of(choices: Any) -> Callable[[list[Any]], str]:
    """Labels of a list column; there are few different lists, so each is put together once."""

    @cache
    def joined(values: tuple[Any, ...]) -> str:
        return SEPARATOR.join(labels(choices, values))

    return lambda values: joined(tuple(values))


def _organisations(told: list[str]) -> str:
    return SEPARATOR.join(dict.fromkeys(one.split(_UNIT)[0] for one in told))


def _status_reader() -> Callable[[list[str]], str]:
    named = _label_of(Application.Status)

    def read(told: list[str]) -> str:
        parts = (one.split(_UNIT) for one in told)
        return SEPARATOR.join(f"{_wish(wish)}: {named(status)}" for _office, wish, status in parts)

    return read
