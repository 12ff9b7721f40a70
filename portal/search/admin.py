"""Administration of the words of the search."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from programs.admin.base import ScopedModelAdmin
from programs.admin.pages import ReadOnlyMixin

from .models import MissedWord, SynonymGroup


@admin.register(SynonymGroup)
class SynonymGroupAdmin(ScopedModelAdmin[SynonymGroup]):
    list_display = ("name", "words")
    search_fields = ("name", "words")


@admin.register(MissedWord)
class MissedWordAdmin(ReadOnlyMixin[MissedWord], ScopedModelAdmin[MissedWord]):
    """Words that were looked for in vain on several days. The portal writes it; here it is read-only."""

    list_display = ("word", "days", "count", "last_day")
    search_fields = ("word",)
    change_list_template = "admin/search/missed.html"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        days = {"days": MissedWord.DAYS}
        return super().changelist_view(request, days | (extra_context or {}))

    def get_queryset(self, request: HttpRequest) -> QuerySet[MissedWord]:
        return super().get_queryset(request).exclude(word="")
