"""Administration of figures and pages, and the log of exports."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.models import ProcrastinateJob

from programs.admin.base import ScopedModelAdmin
from programs.admin.pages import ReadOnlyMixin
from programs.requests import user_of
from volunteers.models import ExportRecord

from .compared import compare, missing
from .completeness import admin as completeness_admin  # noqa: F401  registers itself
from .cooperation import admin as cooperation_admin  # noqa: F401  registers itself
from .counselling import admin as counselling_admin  # noqa: F401  registers itself
from .directory import admin as directory_admin  # noqa: F401  registers itself
from .directory import call_admin, invited_admin, proposal_admin  # noqa: F401  register themselves
from .figures import survey_admin  # noqa: F401  registers itself
from .figures.key_figures import figure_series
from .models import LINKED_PAGES, KeyFigure, Page
from .newsletter import issue_admin, subscription_admin  # noqa: F401  register themselves
from .notes import notes
from .saved_searches import admin as saved_search_admin  # noqa: F401  registers itself
from .search import admin as search_admin  # noqa: F401  registers itself
from .templatetags.markdown import markdown
from .timeline import admin as timeline_admin  # noqa: F401  registers itself
from .websites import admin as websites_admin  # noqa: F401  registers itself

# Not in the administration: groups (roles come from memberships), e-mail addresses (they come from
# accounts) and jobs (see ``manage.py procrastinate shell`` and ``/healthz``).
admin.site.unregister([Group, EmailAddress, ProcrastinateJob])
admin.site.unregister([SocialAccount, SocialApp, SocialToken])  # settings.py holds the provider


@admin.register(KeyFigure)
class KeyFigureAdmin(ScopedModelAdmin[KeyFigure]):
    """Staff add a new row for a new date. They edit an existing row only to correct a mistake."""

    list_display = ("label", "value", "stand", "department", "series")
    list_filter = ("series",)
    search_fields = ("label", "series", "department")
    ordering = ("position", "series", "-as_of")
    change_list_template = "admin/figures_compared.html"
    fieldsets = (
        (
            None,
            {
                "fields": ("label", "series", "value", "note", "department", "position"),
                "description": _(
                    "Ein neuer Wert kommt als neue Kennzahl mit derselben Reihe dazu."
                ),
            },
        ),
        (
            _("Stand und Quelle"),
            {
                "fields": (
                    ("as_of", "as_of_precision"),
                    "source",
                    "confirmed_on",
                    "evidence_confirmed",
                )
            },
        ),
    )

    @admin.display(description=_("Stand"), ordering="as_of")
    def stand(self, figure: KeyFigure) -> str:
        return figure.stand_label

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, below what is missing in the directory compared with what the city counted."""
        user = user_of(request)
        compared = missing(compare(figure_series()).values(), user)
        return super().changelist_view(request, {"compared": compared} | (extra_context or {}))


@admin.register(Page)
class PageAdmin(ScopedModelAdmin[Page]):
    list_display = ("title", "slug", "is_published", "open_notes", "updated_at")
    search_fields = ("title", "body")
    fieldsets = (
        (
            None,
            {
                "fields": ("title", "slug", "body", "is_published"),
                "description": _(
                    "Ein Absatz, der mit „Von der Stadt zu ergänzen:“ beginnt, steht nur hier. Die "
                    "öffentliche Seite zeigt ihn nicht, auch nicht eine Überschrift, unter der nur "
                    "er steht."
                ),
            },
        ),
        (_("Was noch fehlt, und wie die Seite aussieht"), {"fields": ("missing", "preview")}),
        (None, {"fields": ("updated_at",)}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Page | None = None) -> tuple[str, ...]:
        """The slug of a page is read-only, because links use it; a page that is linked stays published."""
        fixed = ("updated_at", "missing", "preview")
        if obj is None:
            return fixed
        return (*fixed, "slug", "is_published") if _is_linked(obj) else (*fixed, "slug")

    def has_delete_permission(self, request: HttpRequest, obj: Page | None = None) -> bool:
        """A page to which the portal links cannot be deleted."""
        return super().has_delete_permission(request, obj) and not (obj and _is_linked(obj))

    @admin.display(description=_("zu ergänzen"))
    def open_notes(self, page: Page) -> str:
        return str(len(notes(page.body)) or "–")

    @admin.display(description=_("Von der Stadt zu ergänzen"))
    def missing(self, page: Page) -> str:
        rows = format_html_join("", "<li>{}</li>", ((note,) for note in notes(page.body)))
        return format_html("<ul>{}</ul>", rows) if rows else "–"

    @admin.display(description=_("So sieht sie öffentlich aus"))
    def preview(self, page: Page) -> str:
        return format_html('<div class="page-preview">{}</div>', markdown(page.public_body))


def _is_linked(page: Page) -> bool:
    return page.slug in LINKED_PAGES


@admin.register(ExportRecord)
class ExportRecordAdmin(ReadOnlyMixin[ExportRecord], ScopedModelAdmin[ExportRecord]):
    """The log of exports. The portal writes it; here it is read-only."""

    list_display = ("at", "by", "what", "purpose", "filter", "format", "rows")
    list_select_related = ("by",)
    list_filter = ("what", "format")
    date_hierarchy = "at"
    search_fields = ("by__name", "by__email", "what", "purpose", "filter")
