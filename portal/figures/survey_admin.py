"""„Stichtagsumfragen“: starting one asks everybody; its page says who answered, and what that says about all."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from programs.addresses import admin_path
from programs.admin.base import ScopedModelAdmin
from programs.requests import UserRequest
from volunteers.admin.stepping import SteppingMixin
from volunteers.errors import DomainError

from . import publishing
from .estimating import estimate
from .survey_models import Survey
from .surveying import start

PUBLISH, PUBLISH_LABEL = "kennzahl", _("Als Kennzahl veröffentlichen")
ADD = "portal.add_keyfigure"


@admin.register(Survey)
class SurveyAdmin(SteppingMixin[Survey], ScopedModelAdmin[Survey]):
    """Nobody changes or deletes one: the mails are out. Its result may become a key figure."""

    change_form_template = "admin/reports/survey_form.html"
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

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        survey: Survey | None = context.get("original")
        if survey is not None:
            context["published"] = publishing.published(survey)
            context["may_publish"] = request.user.has_perm(ADD) and not survey.is_open
        return super().render_change_form(request, context, *args, **kwargs)

    def step_view(self, request: UserRequest, object_id: int, step: str) -> HttpResponse:
        """Shows the key figure that it would be, and makes it."""
        survey = self.get_object(request, str(object_id))
        if not self.has_view_permission(request, survey) or not request.user.has_perm(ADD):
            raise PermissionDenied
        if step != PUBLISH:
            raise Http404
        try:
            new = publishing.figure_of(survey)
            if request.method == "POST":
                return self._publish(request, survey)
        except DomainError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(admin_path(survey))
        text = f"{new.label}: {number_format(new.value, use_l10n=True)}. {new.note}"
        return self.step_page(request, survey, Form(), PUBLISH_LABEL, text=text)

    def _publish(self, request: UserRequest, survey: Survey) -> HttpResponse:
        figure, is_new = publishing.publish(survey=survey)
        if is_new:
            self.log_change(request, survey, __("Ergebnis als Kennzahl veröffentlicht."))
            messages.success(request, __("Das Ergebnis steht jetzt unter „Zahlen“."))
        else:
            messages.info(request, __("Diese Kennzahl gibt es schon."))
        return HttpResponseRedirect(admin_path(figure))
