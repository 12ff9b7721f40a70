"""Tandems: the list, and what a coordinator may do with one."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from programs.addresses import admin_path
from programs.admin.base import ReadOnlyInline, ScopedModelAdmin
from programs.admin.pages import ComesAndStaysMixin
from programs.admin.present import PresentFilter
from programs.exchange.admin import ExportAdminMixin
from programs.requests import UserRequest

from ..errors import DomainError
from ..lists.tandems import TandemResource
from ..models import CheckIn, FirstMeeting, Tandem
from ..reads.agreements import agreements_of
from ..reads.answering import looked_after
from . import display
from .stepping import SteppingMixin
from .tandem_filters import AgainFilter, AttentionFilter, NotMetFilter, SupportFilter
from .tandem_health import HealthColumns
from .tandem_steps import STEPS, offered


class CheckInInline(ReadOnlyInline[CheckIn, Tandem]):
    model = CheckIn
    fields = ("due_on", "side", "reply", "note", "replied_at")
    readonly_fields = fields


class FirstMeetingInline(ReadOnlyInline[FirstMeeting, Tandem]):
    model = FirstMeeting
    fields = ("side", "met", "met_at", "fit", "fit_at")
    readonly_fields = fields


@admin.register(Tandem)
class TandemAdmin(
    SteppingMixin[Tandem],
    HealthColumns,
    ExportAdminMixin,
    ComesAndStaysMixin[Tandem],
    ScopedModelAdmin[Tandem],
):
    """Tandems are not added, edited or deleted here: they start with a proposal and change by steps."""

    resource_classes = (TandemResource,)
    change_form_template = "admin/volunteers/tandems/change_form.html"
    list_display = (
        "__str__",
        "state",
        "attention_mark",
        "last_heard_label",
        "mood",
        "next_step",
        "organisation_name",
    )
    list_select_related = ("request", "application", "organisation")
    list_filter = (
        "status",
        AttentionFilter,
        SupportFilter,
        NotMetFilter,
        AgainFilter,
        ("organisation", PresentFilter),
        "end_reason",
    )
    search_fields = ("request__name", "application__name")
    searches_apart = True
    search_help_text = _("Name einer der beiden Personen")
    inlines = (FirstMeetingInline, CheckInInline)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "state",
                    "support_mark",
                    "organisation_name",
                    "volunteer_link",
                    "request_link",
                )
            },
        ),
        (
            _("Verlauf"),
            {
                "fields": (
                    ("proposed_at", "proposed_by"),
                    ("volunteer_answer", "volunteer_answered"),
                    ("newcomer_answer", "newcomer_answered"),
                    "started_on",
                    ("met_on", "trial_until"),
                    ("first_meeting_with", "accompanied_on"),
                    "agreed",
                    ("ended_on", "end_reason", "ended_by"),
                    "volunteer_closing",
                    "newcomer_closing",
                )
            },
        ),
    )
    readonly_fields = (
        "state",
        "support_mark",
        "organisation_name",
        "volunteer_link",
        "request_link",
        "proposed_at",
        "proposed_by",
        "volunteer_answer",
        "volunteer_answered",
        "newcomer_answer",
        "newcomer_answered",
        "started_on",
        "met_on",
        "trial_until",
        "first_meeting_with",
        "accompanied_on",
        "agreed",
        "ended_on",
        "end_reason",
        "ended_by",
        "volunteer_closing",
        "newcomer_closing",
    )

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        tandem = context["original"]
        if self.has_change_permission(request, tandem):
            context["steps"] = [
                (slug, STEPS[slug], admin_path(tandem, "step", slug)) for slug in offered(tandem)
            ]
        context |= {"show_save": False, "show_save_and_continue": False, "title": __("Tandem")}
        return super().render_change_form(request, context, *args, **kwargs)

    def step_view(self, request: UserRequest, object_id: int, step: str) -> HttpResponse:
        """The page behind a button of one tandem; asks on GET, acts on POST."""
        tandem = self.get_object(request, str(object_id))
        if not self.has_change_permission(request, tandem):
            raise PermissionDenied
        if step not in STEPS:
            raise Http404
        chosen = STEPS[step]
        back = admin_path(Tandem, "change", object_id)
        form = chosen.form(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                chosen.take(tandem, request.user, form.cleaned_data)
            except DomainError as error:
                messages.error(request, str(error))
            else:
                note = form.cleaned_data.get("note", "")
                self.log_change(request, tandem, f"{chosen.label} {note}".strip())
                messages.success(request, str(chosen.done))
            return HttpResponseRedirect(back)
        return self.step_page(
            request,
            tandem,
            form,
            chosen.label,
            http_status=200,
            text=chosen.text,
            danger=step in {"beenden", "wechseln", "zurueckziehen"},
        )

    @admin.display(description=_("Status"), ordering="status")
    def state(self, tandem: Tandem) -> SafeString:
        if tandem.is_held:
            text = __("%(status)s, ruht") % {"status": tandem.get_status_display()}
            return display.badge("paused", text)
        return display.badge(tandem.status, tandem.get_status_display())

    @admin.display(description=_("Unterstützung"), ordering="needs_support_since")
    def support_mark(self, tandem: Tandem) -> SafeString | str:
        if tandem.needs_support_since is None:
            return "–"
        text = __("braucht Unterstützung seit %(day)s")
        day = display.day_label(timezone.localdate(tandem.needs_support_since))
        mark = '<span class="overdue"><span aria-hidden="true">⚠</span> {}</span>'
        return format_html(mark, text % {"day": day})

    @admin.display(description=_("Absprache"))
    def agreed(self, tandem: Tandem) -> str:
        """Only since when: what the two agreed on is theirs."""
        accepted = agreements_of(tandem).accepted
        if accepted is None or accepted.accepted_at is None:
            return __("noch keine")
        return __("seit %(day)s") % {
            "day": display.day_label(timezone.localdate(accepted.accepted_at))
        }

    @admin.display(description=_("am"))
    def volunteer_answered(self, tandem: Tandem) -> str:
        at = tandem.volunteer_answered_at
        return display.day_label(timezone.localdate(at)) if at else "–"

    @admin.display(description=_("am"))
    def newcomer_answered(self, tandem: Tandem) -> str:
        at = tandem.newcomer_answered_at
        return display.day_label(timezone.localdate(at)) if at else "–"

    @admin.display(description=_("betreut von"), ordering="organisation__title")
    def organisation_name(self, tandem: Tandem) -> str:
        return looked_after(tandem)

    @admin.display(description=_("Engagierte Person"))
    def volunteer_link(self, tandem: Tandem) -> SafeString:
        """The name; once the tandem has begun also the contact, and a link to the application."""
        application = tandem.application
        if tandem.started_on is None:
            return format_html("{}", application.name)
        return display.reached(application)

    @admin.display(description=_("Begleitete Person"))
    def request_link(self, tandem: Tandem) -> SafeString:
        return display.reached(tandem.request)
