"""The kinds of records with texts, and the texts of all public records in one language; one query."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import F, Q, TextField, Value
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Cast, JSONObject
from django.utils import timezone

from portal.models import KeyFigure, Page
from programs.models import (
    Event,
    Field,
    Opportunity,
    Organisation,
    Programme,
    ProgrammeStep,
    ProtectionConcept,
    Story,
    TargetGroup,
    Translated,
    Voice,
)
from programs.united import united
from welcome_rooms.models import CarrierPeriod, Closure, RoomOffer, WelcomeRoom

EVERYTHING = Q()


@dataclass(frozen=True)
class TextKind:
    """``named`` is the column that names a record; ``part_of`` the one that names what it belongs to."""

    model: type[Any]
    public: Q = EVERYTHING
    named: str = "title"
    part_of: str = ""

    @property
    def slug(self) -> str:
        return str(self.model._meta.model_name)

    @property
    def label(self) -> str:
        return str(self.model._meta.verbose_name_plural)


PUBLISHED = Q(is_published=True)
KINDS = (
    TextKind(Field, named="name"),
    TextKind(TargetGroup, named="name"),
    TextKind(Page, PUBLISHED),
    TextKind(Programme, PUBLISHED),
    TextKind(ProgrammeStep, Q(programme__is_published=True), part_of="programme__title"),
    TextKind(
        ProtectionConcept,
        Q(programme__is_published=True),
        named="programme__title",
    ),
    TextKind(Opportunity, PUBLISHED),
    TextKind(WelcomeRoom, PUBLISHED),
    TextKind(RoomOffer, Q(room__is_published=True), part_of="room__title"),
    TextKind(Closure, Q(room__is_published=True), named="reason", part_of="room__title"),
    TextKind(CarrierPeriod, Q(room__is_published=True), named="note", part_of="room__title"),
    TextKind(Organisation, PUBLISHED),
    TextKind(Event, PUBLISHED),
    TextKind(Story, Q(is_published=True, withdrawn_at=None)),
    TextKind(Voice, Q(entry__is_published=True), named="said_by", part_of="entry__title"),
    TextKind(KeyFigure, named="label", part_of="series"),
)
BY_SLUG = {kind.slug: kind for kind in KINDS}


@dataclass(frozen=True)
class Line:
    """One public record with the texts of one language; ``record`` has only these columns."""

    kind: TextKind
    pk: int
    name: str
    part_of: str
    record: Translated
    language: str

    @property
    def label(self) -> str:
        return f"{self.part_of}: {self.name}" if self.part_of else self.name

    @cached_property
    def names(self) -> list[str]:
        return self.record.to_translate()

    @cached_property
    def done(self) -> list[str]:
        return self.record.translated(self.language)

    @property
    def old(self) -> list[str]:
        """Translations whose German text has changed since."""
        return [name for name in self.names if self.record.said(name, self.language).is_old]

    @property
    def gaps(self) -> list[str]:
        return [name for name in self.names if name not in self.done]


def lines(language: str, kinds: tuple[TextKind, ...] = KINDS, pk: int | None = None) -> list[Line]:
    """The public records of these kinds with texts; one query. Events and closures that are over are left out."""
    rows = united(*(_rows(kind, language, pk) for kind in kinds))
    return sorted(_lines(rows, language), key=_order)


def _order(line: Line) -> tuple[int, str, int]:
    return KINDS.index(line.kind), line.label, line.pk


def _rows(kind: TextKind, language: str, pk: int | None) -> Any:
    rows = kind.model._base_manager.filter(kind.public).order_by()
    if kind.model is Event:
        rows = rows.filter(ends_at__gte=timezone.now())
    if kind.model is Closure:
        rows = rows.filter(last_day__gte=timezone.localdate())
    if pk is not None:
        rows = rows.filter(pk=pk)
    return rows.annotate(
        text_kind=Value(kind.slug, TextField()),
        text_name=Cast(kind.named, TextField()),
        text_part=Cast(kind.part_of, TextField()) if kind.part_of else Value("", TextField()),
        text_german=JSONObject(**{name: F(name) for name in kind.model.TRANSLATED}),
        text_said=KeyTransform(language, "translations"),
    ).values_list("text_kind", "pk", "text_name", "text_part", "text_german", "text_said")


def _lines(rows: Any, language: str) -> Iterator[Line]:
    for slug, pk, name, part, german, said in rows:
        kind = BY_SLUG[slug]
        record = kind.model(**german, translations={language: said or {}})
        line = Line(kind, pk, name, part, record, language)
        if line.names:
            yield line
