"""„Stichtagsumfragen“: starting one asks everybody; its page says who answered, and what that says about all."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from programs.admin.base import ScopedModelAdmin

from .estimating import estimate
from .survey_models import Survey
from .surveying import start


@admin.register(Survey)
class SurveyAdmin(ScopedModelAdmin[Survey]):
    """Nobody changes or deletes one: the mails are out."""

    list_display = ("day", "deadline", "response", "started_at")
    fields = ("day", "deadline", "started_at", "result")
    readonly_fields = ("started_at", "result")

    def has_change_permission(self, request: HttpRequest, obj: Survey | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Survey | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found: Any = super().get_queryset(request)
        answered = Count("answers", filter=Q(answers__number__isnull=False))
        rows: QuerySet[Any] = found.annotate(asked=Count("answers"), answered=answered)
        return rows

    def get_fields(self, request: HttpRequest, obj: Survey | None = None) -> tuple[str, ...]:
        return self.fields if obj else ("day", "deadline")

    def save_model(self, request: HttpRequest, obj: Survey, form: Any, change: bool) -> None:
        """Asks everybody in the same transaction."""
        sent = start(survey=obj)
        text = ngettext("%(n)d Mail geht hinaus.", "%(n)d Mails gehen hinaus.", sent)
        messages.success(request, text % {"n": sent})

    @admin.display(description=_("geantwortet"))
    def response(self, survey: Any) -> SafeString:
        text = _("%(answered)d von %(asked)d")
        return format_html("{}", text % {"answered": survey.answered, "asked": survey.asked})

    @admin.display(description=_("Ergebnis"))
    def result(self, survey: Survey) -> SafeString:
        answers = survey.answers.select_related("organisation")
        context = {"estimate": estimate(answers), "survey": survey}
        return mark_safe(render_to_string("admin/reports/survey.html", context))  # noqa: S308  our own template
