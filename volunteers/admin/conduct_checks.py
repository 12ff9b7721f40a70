"""„Wiedervorlage“: the certificates of good conduct that an organisation has inspected.

They are entered and replaced on the page of the application, and deleted by the portal
(``services/checks.py``).
"""

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from programs.addresses import admin_path
from programs.admin.base import ScopedModelAdmin
from programs.admin.long_lists import among, expected_of_each, walked
from programs.admin.only import OnlyFilter
from programs.admin.present import PresentFilter
from programs.admin.searching import MANY, folded
from programs.requests import user_of

from ..models import Application, ConductCheck
from ..reads import known
from ..reads.preparation import soon_due
from . import display


class SoonDueFilter(OnlyFilter):
    title = _("Wiedervorlage")
    parameter_name = "wiedervorlage"
    choice = ("ja", _("Ja, bald oder schon fällig"))

    def only(self, request: HttpRequest, rows: Any) -> QuerySet[Any]:
        return soon_due(rows)


@admin.register(ConductCheck)
class ConductCheckAdmin(ScopedModelAdmin[ConductCheck]):
    """A read-only list; each row links to the newest application of the person that the user may see."""

    list_display = ("person", "organisation", "seen_on", "issued_on", "due_mark")
    list_display_links = None
    list_select_related = ("organisation",)
    list_filter = (SoonDueFilter, ("organisation", PresentFilter))
    search_fields = ("known_name",)
    ordering = ("issued_on", "pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Adds the newest application that the user may see: the name is read from there."""
        known_as = known.applications_in_sight(user_of(request)).filter(
            volunteer=OuterRef("volunteer"), organisation=OuterRef("organisation")
        )
        checks = super().get_queryset(request)
        named: QuerySet[Any] = checks.annotate(
            known_pk=Subquery(known_as.values("pk")[:1]),
            known_name=Subquery(known_as.values("name")[:1]),
        )
        return named

    def find_word(self, request: HttpRequest, queryset: QuerySet[Any], word: str) -> QuerySet[Any]:
        """The name of a check is asked row by row; a rare one is looked up first, whoever may have it."""
        found = super().find_word(request, queryset, word)
        seen = known.applications_in_sight(user_of(request)).order_by()
        told = seen.filter(folded(("name",), word))
        hits, of_all = expected_of_each([told, seen])
        if hits > MANY:
            return walked(found, min(1.0, hits / max(of_all, 1)))
        return among(found, told.values("volunteer"), "volunteer")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ConductCheck | None = None) -> bool:
        return False

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        check: Any = self.get_object(request, object_id)
        if check.known_pk is None:
            raise Http404
        url = admin_path(Application, "change", check.known_pk)
        return HttpResponseRedirect(url)

    @admin.display(description=_("Name"), ordering="known_name")
    def person(self, check: Any) -> SafeString | str:
        if check.known_pk is None:
            return "–"
        url = admin_path(Application, "change", check.known_pk)
        return format_html('<a href="{}">{}</a>', url, check.known_name)

    @admin.display(description=_("wieder nötig"), ordering="issued_on")
    def due_mark(self, check: ConductCheck) -> SafeString | str:
        if not check.is_clear:
            return __("lässt einen Einsatz nicht zu")
        day = display.day_label(check.due_on)
        if check.is_valid:
            return day
        return format_html(
            '<span class="overdue"><span aria-hidden="true">⚠</span> {} <span>{}</span></span>',
            day,
            __("fällig"),
        )
