"""Filters of the lists of applications and people."""

from collections.abc import Iterator
from typing import Any, cast

from django.contrib import admin
from django.db.models import F, Model, PositiveSmallIntegerField, QuerySet, Value
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.admin.only import OnlyFilter
from programs.models import District, Entry, Field, Language
from programs.requests import user_of
from programs.united import united

from ..models import Application, Message
from ..models.confirmed import UNCONFIRMED
from ..models.statuses import CLOSED
from ..models.thanks import HoursEntryQuerySet
from ..reads import preparation, reflections, waiting
from ..reads.known import with_one

UNANSWERED = "offen"
NAMED = 1000
"""Fewer entries than this are named in the condition."""
OPEN_CHOICE = "offen"
"""Value of the entry kind filter for „Ich weiß noch nicht, was passt“."""


class StatusFilter(admin.ChoicesFieldListFilter):
    """Without „unbestätigt“, because nobody sees what is not confirmed from the mailbox yet."""

    def choices(self, changelist: Any) -> Iterator[Any]:
        hidden = f"={UNCONFIRMED}"
        return (one for one in super().choices(changelist) if hidden not in one["query_string"])


class OverdueFilter(admin.SimpleListFilter):
    """New ones whose answer-by date has passed, or all others."""

    title = _("überfällig")
    parameter_name = "ueberfaellig"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("ja", _("Ja")), ("nein", _("Nein"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        overdue = {"status": Application.Status.NEW, "answer_by__lt": timezone.localdate()}
        if self.value() == "ja":
            return queryset.filter(**overdue)
        return queryset.exclude(**overdue) if self.value() == "nein" else queryset


WAITED = (
    ("bis2", _("bis 2 Tage")),
    ("bis7", _("3 bis 7 Tage")),
    ("bis14", _("8 bis 14 Tage")),
    ("laenger", _("länger als 14 Tage")),
)
CAME = (
    ("angemeldet", _("angemeldet")),
    ("gespraech", _("im Gespräch gewesen")),
    ("startbereit", _("startbereit gewesen")),
    ("einsatz", _("im Einsatz gewesen")),
)


class WaitingFilter(admin.SimpleListFilter):
    """How long a new one has waited for an answer; the start page of departments counts the same."""

    title = _("wartet auf Antwort")
    parameter_name = "wartet"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(WAITED)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        slug = self.value() or ""
        return waiting.waiting_for(queryset, slug) if slug in waiting.WAITING else queryset


class ReachedFilter(admin.SimpleListFilter):
    """How far those of the last twelve months have come; the start page of departments counts the same."""

    title = _("in den letzten zwölf Monaten")
    parameter_name = "weg"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(CAME)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        slug = self.value() or ""
        return waiting.having_reached(queryset, slug) if slug in waiting.REACHED else queryset


class MessageFilter(OnlyFilter):
    """Applications with a message that nobody has answered."""

    title = _("Nachrichten")
    parameter_name = "nachricht"
    choice = (UNANSWERED, _("ohne Antwort"))

    def only(self, request: HttpRequest, rows: Any) -> QuerySet[Any]:
        unhandled = Message.objects.unhandled().order_by()
        found: QuerySet[Any] = rows.filter(pk__in=unhandled.values("application"))
        return found


class PreparationFilter(admin.SimpleListFilter):
    """Whether something is missing before the person can start; closed applications never lack anything."""

    title = _("Vorbereitung")
    parameter_name = "vorbereitung"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("offen", _("offen")),
            ("vollstaendig", _("vollständig")),
            ("fuehrungszeugnis", _("im Einsatz ohne gültiges Führungszeugnis")),
            ("reflexion", _("im Einsatz, eine Reflexion fehlt")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "offen":
            return preparation.with_open_steps(queryset).exclude(status__in=CLOSED)
        if self.value() == "vollstaendig":
            return preparation.with_all_steps(queryset)
        if self.value() == "fuehrungszeugnis":
            return preparation.placed_without_certificate(queryset)
        if self.value() == "reflexion":
            return reflections.lacking(queryset)
        return queryset


class WishKindFilter(admin.SimpleListFilter):
    title = _("Art des Angebots")
    parameter_name = "art"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            *Entry.Kind.choices,
            (OPEN_CHOICE, _("noch offen („Ich weiß noch nicht, was passt“)")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == OPEN_CHOICE:
            return queryset & Application.objects.seeking_advice()
        if not self.value():
            return queryset
        entries = list(Entry.objects.filter(kind=self.value()).values_list("pk", flat=True)[:NAMED])
        if len(entries) < NAMED:  # PostgreSQL knows how many applications each of them has
            return queryset.filter(entry__in=entries)
        return queryset.filter(entry__kind=self.value())


class ProfileFilter(admin.SimpleListFilter):
    """A filter by an answer of the person; ``lookup`` starts at the application."""

    lookup = ""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        if not value:
            return queryset
        if queryset.model is Application:
            return queryset.filter(**{self.lookup: self.as_query(value)})
        seen = Application.objects.visible_to(request.user)
        told = seen.filter(**{self.lookup: self.as_query(value)})
        return with_one(queryset, user_of(request), told)

    def as_query(self, value: str) -> Any:
        return value


def places_and_fields(request: Any) -> dict[type[Model], list[tuple[str, Any]]]:
    """What there is to choose from of districts and fields; one query for both filters of a page."""
    if not hasattr(request, "places_and_fields"):
        found: dict[type[Model], list[Any]] = {District: [], Field: []}
        fields = Field.objects.order_by().values_list(Value(1), F("position"), "slug", "name")
        places = District.objects.order_by().values_list(
            Value(0), Value(0, PositiveSmallIntegerField()), "number", "short_name"
        )
        for is_field, position, key, name in united(places, fields):
            found[Field if is_field else District].append((position, key, name))
        found[District].sort()
        found[Field].sort(key=lambda one: (one[0], one[2]))
        request.places_and_fields = {
            model: [(key, name) for _position, key, name in rows] for model, rows in found.items()
        }
    return cast("dict[type[Model], list[tuple[str, Any]]]", request.places_and_fields)


class DistrictFilter(ProfileFilter):
    title = _("Stadtbezirk")
    parameter_name = "bezirk"
    lookup = "districts"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return places_and_fields(request)[District]


class FieldFilter(ProfileFilter):
    title = _("Engagementfeld")
    parameter_name = "feld"
    lookup = "fields__slug"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return places_and_fields(request)[Field]


class LanguageFilter(ProfileFilter):
    title = _("Sprache")
    parameter_name = "sprache"
    lookup = "languages__contains"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Language.choices)

    def as_query(self, value: str) -> Any:
        return [value]


class ConfirmedFilter(admin.SimpleListFilter):
    """Hours that a coordinator has confirmed, or has to confirm."""

    title = _("bestätigt")
    parameter_name = "bestaetigt"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("nein", _("Nein")), ("ja", _("Ja"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        hours = cast("HoursEntryQuerySet", queryset)
        if self.value() == "nein":
            return hours.unconfirmed()
        return hours.confirmed() if self.value() == "ja" else hours


class WithdrawnFilter(admin.SimpleListFilter):
    """Valid certificates, or withdrawn ones."""

    title = _("zurückgezogen")
    parameter_name = "zurueckgezogen"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("nein", _("Nein")), ("ja", _("Ja"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "nein":
            return queryset.filter(withdrawn_at__isnull=True)
        return queryset.filter(withdrawn_at__isnull=False) if self.value() == "ja" else queryset
