"""Administration of figures and pages, and the log of exports."""

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.models import ProcrastinateJob

from programs.admin.base import ScopedModelAdmin
from programs.admin.pages import ReadOnlyMixin
from volunteers.models import ExportRecord

from .directory import admin as directory_admin  # noqa: F401  registers itself
from .models import KeyFigure, Page
from .search import admin as search_admin  # noqa: F401  registers itself

# Not in the administration: groups (roles come from memberships), e-mail addresses (they come from
# accounts) and jobs (see ``manage.py procrastinate shell`` and ``/healthz``).
admin.site.unregister([Group, EmailAddress, ProcrastinateJob])
admin.site.unregister([SocialAccount, SocialApp, SocialToken])  # settings.py holds the provider


@admin.register(KeyFigure)
class KeyFigureAdmin(ScopedModelAdmin[KeyFigure]):
    """Staff add a new row for a new date. They edit an existing row only to correct a mistake."""

    list_display = ("label", "value", "stand_label", "department", "series")
    list_filter = ("series",)
    search_fields = ("label", "series", "department")
    ordering = ("position", "series", "-as_of")
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


@admin.register(Page)
class PageAdmin(ScopedModelAdmin[Page]):
    list_display = ("title", "slug", "is_published", "updated_at")
    search_fields = ("title", "body")
    readonly_fields = ("updated_at",)

    def get_readonly_fields(self, request: HttpRequest, obj: Page | None = None) -> tuple[str, ...]:
        """The slug of an existing page is read-only, because the portal's own links use it."""
        return ("updated_at", "slug") if obj else ("updated_at",)


@admin.register(ExportRecord)
class ExportRecordAdmin(ReadOnlyMixin[ExportRecord], ScopedModelAdmin[ExportRecord]):
    """The log of exports. The portal writes it; here it is read-only."""

    list_display = ("at", "by", "what", "purpose", "filter", "format", "rows")
    list_select_related = ("by",)
    list_filter = ("what", "format")
    date_hierarchy = "at"
    search_fields = ("by__name", "by__email", "what", "purpose", "filter")
