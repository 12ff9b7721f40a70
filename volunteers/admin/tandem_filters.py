"""Filters of the lists of requests and tandems."""

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.admin.only import OnlyFilter
from programs.models import Language

from ..models import CompanionRequest, Tandem
from ..models.companions import RequestStatus, TandemStatus
from ..reads import health
from ..reads.first_weeks import met_alone, without_meeting
from ..reads.together_again import wished_by_both


def lapsed(requests: "QuerySet[CompanionRequest]") -> "QuerySet[CompanionRequest]":
    """Open requests whose last proposal was not answered in time."""
    newest = Tandem.objects.filter(request=OuterRef("pk")).order_by("-proposed_at", "-pk")
    last = Subquery(newest.values("status")[:1])
    some = Tandem.objects.filter(status=TandemStatus.LAPSED).order_by()
    found = requests.filter(status=RequestStatus.OPEN, pk__in=some.values("request"))
    return found.alias(last=last).filter(last=TandemStatus.LAPSED)


class LapsedFilter(OnlyFilter):
    title = _("letzter Vorschlag verfallen")
    parameter_name = "verfallen"

    def only(self, request: HttpRequest, rows: Any) -> QuerySet[Any]:
        return lapsed(rows)


class RequestLanguageFilter(admin.SimpleListFilter):
    title = _("Sprache")
    parameter_name = "sprache"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Language.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        return queryset.filter(languages__contains=[value]) if value else queryset


class SupportFilter(OnlyFilter):
    title = _("braucht Unterstützung")
    parameter_name = "unterstuetzung"

    def only(self, request: HttpRequest, rows: Any) -> QuerySet[Any]:
        found: QuerySet[Any] = rows.filter(needs_support_since__isnull=False)
        return found


ALONE = "allein"


class NotMetFilter(admin.SimpleListFilter):
    title = _("erstes Treffen")
    parameter_name = "treffen"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("fehlt", _("steht aus")), (ALONE, _("zweite Person nicht bestätigt"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Any]:
        if self.value() == "fehlt":
            return without_meeting(queryset, timezone.localdate())
        if self.value() == ALONE:
            return met_alone(queryset)
        found: QuerySet[Any] = queryset
        return found


class AgainFilter(OnlyFilter):
    title = _("beide möchten wieder")
    parameter_name = "wieder"

    def only(self, request: HttpRequest, rows: Any) -> QuerySet[Any]:
        return wished_by_both(rows)


SILENT = "still"


class AttentionFilter(admin.SimpleListFilter):
    """By the rules in the administration; see ``volunteers/reads/health.py``."""

    title = _("braucht Aufmerksamkeit")
    parameter_name = "achten"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("ja", _("Ja")), (SILENT, _("nichts gehört"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Any]:
        found: QuerySet[Any] = queryset
        if self.value() == "ja":
            return found.filter(attention__lt=health.FINE)
        if self.value() == SILENT:
            return found.filter(attention__in=health.SILENT_RANKS)
        return found
