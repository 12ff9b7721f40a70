"""The list of websites that do not answer, with the entries that name them."""

from typing import Any

from django.contrib import admin
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from programs.addresses import admin_path
from programs.admin.base import ScopedModelAdmin
from programs.admin.pages import ReadOnlyMixin
from programs.models import Entry
from programs.requests import user_of

from .models import LinkCheck


@admin.register(LinkCheck)
class LinkCheckAdmin(ReadOnlyMixin[LinkCheck], ScopedModelAdmin[LinkCheck]):
    """Dead links of the user's entries. The portal asks every website once a week."""

    list_display = ("entries", "link", "outcome", "code", "failing_since", "checked_at")
    list_display_links = None
    search_fields = ("url",)
    search_help_text = _("Teil der Webadresse.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[LinkCheck]:
        """In one query, with the entries of the user that name the website."""
        named = Entry.objects.visible_to(user_of(request)).filter(website=OuterRef("url"))
        entries = named.order_by("title").values(found=JSONObject(pk="pk", title="title"))
        checks: Any = super().get_queryset(request)
        found: QuerySet[LinkCheck] = checks.dead().annotate(named_by=ArraySubquery(entries))
        return found

    @admin.display(description=_("Eintrag"))
    def entries(self, check: Any) -> SafeString:
        rows = ((admin_path(Entry, "change", one["pk"]), one["title"]) for one in check.named_by)
        return format_html_join(", ", '<a href="{}">{}</a>', rows)

    @admin.display(description=_("Webseite"), ordering="url")
    def link(self, check: LinkCheck) -> SafeString:
        return format_html('<a href="{0}" rel="noreferrer">{0}</a>', check.url)
