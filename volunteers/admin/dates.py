"""Single dates: the list for the clearing office. What people asked for is read only."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from programs.admin.base import ScopedModelAdmin
from programs.admin.only import OnlyFilter

from ..models import DateRequest
from .filters import StatusFilter

REACHED = ("email", "phone", "preferred_language")


class UrgentFilter(OnlyFilter):
    title = _("eilig")
    parameter_name = "eilig"

    def only(self, request: HttpRequest, rows: Any) -> QuerySet[Any]:
        found: QuerySet[Any] = rows & DateRequest.objects.urgent()
        return found


@admin.register(DateRequest)
class DateRequestAdmin(ScopedModelAdmin[DateRequest]):
    list_display = ("starts_at", "kind", "languages_label", "topic", "district", "status", "urgent")
    list_select_related = ("district", "companion")
    list_filter = (
        UrgentFilter,
        ("status", StatusFilter),
        "kind",
        "outcome",
        "district",
        "preferred_language",
    )
    date_hierarchy = "starts_at"
    search_fields = ("name", "email", "phone", "place")
    search_help_text = _("Name, E-Mail, Telefon oder Ort")
    ordering = ("starts_at", "pk")
    fieldsets = (
        (None, {"fields": ("starts_at", "minutes", "kind", "languages_label", "topic")}),
        (_("Wo"), {"fields": ("district", "place")}),
        (_("Wer fragt"), {"fields": ("asker", "name", *REACHED, "submitted_at")}),
        (_("Wer kommt"), {"fields": ("status", "companion", "asked", "outcome", "replied_at")}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Not even for the Portalverwaltung: people ask on the pages."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("eilig"), boolean=True)
    def urgent(self, date: DateRequest) -> bool:
        return date.is_urgent

    @admin.display(description=_("Sprache"))
    def languages_label(self, date: DateRequest) -> str:
        return date.languages_label

    @admin.display(description=_("Gefragte Engagierte"))
    def asked(self, date: DateRequest) -> int:
        return date.offers.count()
