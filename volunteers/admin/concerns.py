"""„Hinweise“: what persons of trust read, and what they do about it.

Nothing of it goes into Django's log of the administration, into lists beyond number, time and state,
into a search, an export or the history. Opening one is a line in its own log.
"""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from programs.addresses import admin_path
from programs.admin.base import ScopedModelAdmin
from programs.admin.pages import ComesAndStaysMixin
from programs.requests import UserRequest, user_of

from ..errors import DomainError
from ..models import Concern
from ..services.concerns import note_reading
from . import display
from .concern_steps import STEPS, offered
from .stepping import SteppingMixin

BADGES = {"new": "new", "read": "in_contact", "in_hand": "in_training", "done": "completed"}
"""State → the status whose colours it has."""


@admin.register(Concern)
class ConcernAdmin(SteppingMixin[Concern], ComesAndStaysMixin[Concern], ScopedModelAdmin[Concern]):
    list_display = ("__str__", "state_badge", "came_at", "read_by", "organisation")
    list_select_related = ("organisation",)
    list_filter = ("state",)
    actions = None
    change_form_template = "admin/volunteers/concerns/change_form.html"
    fields = (
        "state_badge",
        "came_at",
        "organisation",
        "said",
        "what_about",
        "who_writes",
        "reached",
    )
    readonly_fields = fields
    also_read = ("tandem__application", "tandem__request")

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Nothing: concerns have a log of their own."""

    def history_view(self, request: HttpRequest, object_id: str, *args: Any) -> HttpResponse:
        raise Http404

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        concern: Concern = context["original"]
        concern.state = note_reading(concern=concern, by=user_of(request)).state
        tandem = concern.tandem
        context |= {
            "tandem": tandem,
            "sides": [tandem.application, tandem.request] if tandem else [],
            "notes": concern.notes.select_related("by"),
            "steps": [
                (one, STEPS[one], admin_path(concern, "step", one)) for one in offered(concern)
            ],
            "show_save": False,
            "show_save_and_continue": False,
            "title": __("Hinweis"),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def step_view(self, request: UserRequest, object_id: int, step: str) -> HttpResponse:
        """The page behind a button of one concern; asks on GET, acts on POST."""
        concern = self.get_object(request, str(object_id))
        if not self.has_change_permission(request, concern):
            raise PermissionDenied
        if step not in STEPS:
            raise Http404
        chosen = STEPS[step]
        form = chosen.form(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                chosen.take(concern, request.user, form.cleaned_data)
            except DomainError as error:
                messages.error(request, str(error))
            else:
                messages.success(request, str(chosen.done))
            return HttpResponseRedirect(admin_path(concern))
        return self.step_page(
            request, concern, form, chosen.label, text=chosen.text, danger=chosen.danger
        )

    @admin.display(description=_("Stand"), ordering="state")
    def state_badge(self, concern: Concern) -> SafeString:
        return display.badge(BADGES[concern.state], concern.get_state_display())

    @admin.display(description=_("zu lesen bis"), ordering="answer_by")
    def read_by(self, concern: Concern) -> SafeString | str:
        day = display.day_label(concern.answer_by)
        if not concern.is_late:
            return day
        mark = '<span class="overdue"><span aria-hidden="true">⚠</span> {} <span>{}</span></span>'
        return format_html(mark, day, __("noch nicht gelesen"))

    @admin.display(description=_("Was los ist"))
    def said(self, concern: Concern) -> SafeString:
        return format_html('<div class="said" dir="auto">{}</div>', concern.text)

    @admin.display(description=_("Um wen oder was es geht"), empty_value="–")
    def what_about(self, concern: Concern) -> str:
        return concern.about

    @admin.display(description=_("Wer schreibt"))
    def who_writes(self, concern: Concern) -> str:
        said = [concern.get_who_display(), concern.name]
        return ", ".join(filter(None, said)) or __("ohne Namen")

    @admin.display(description=_("Zu erreichen"))
    def reached(self, concern: Concern) -> SafeString | str:
        if not (concern.email or concern.phone):
            return "–"
        mail, phone = display.mail_link(concern.email), display.phone_link(concern.phone)
        return format_html("{} · {}", mail, phone)
