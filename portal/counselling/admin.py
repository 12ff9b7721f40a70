"""Requests for counselling: the list, the talk with the person, and the steps."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from programs.addresses import admin_path
from programs.admin.base import ScopedModelAdmin
from programs.admin.forms import OnlyChangedForm
from programs.admin.only import OnlyFilter
from programs.admin.present import PresentFilter
from programs.requests import UserRequest
from volunteers.admin import display
from volunteers.admin.filters import StatusFilter
from volunteers.admin.messages import seen_in
from volunteers.admin.reading import note_about
from volunteers.admin.stepping import SteppingMixin
from volunteers.errors import DomainError
from volunteers.forms.messages import MessageForm

from .models import CounsellingRequest, CounsellingStatus
from .steps import ANSWER, HANDLED, STEPS, offered

YES = "ja"
BADGES = {"new": "new", "in_contact": "in_contact", "done": "completed", "withdrawn": "declined"}
"""Status → the status of an application whose colours it has."""


class WaitingFilter(OnlyFilter):
    title = _("wartet auf uns")
    parameter_name = "wartet"
    choice = (YES, _("ja"))

    def only(self, request: HttpRequest, rows: Any) -> QuerySet[Any]:
        found: QuerySet[Any] = rows.waiting()
        return found


@admin.register(CounsellingRequest)
class CounsellingRequestAdmin(
    SteppingMixin[CounsellingRequest], ScopedModelAdmin[CounsellingRequest]
):
    """What the person wrote is read only; the department writes messages and its own notes."""

    form = OnlyChangedForm["CounsellingRequest"]
    change_form_template = "admin/counselling/change_form.html"
    list_display = ("who", "audience", "state", "answer_mark", "submitted_at", "organisation")
    list_display_links = ("who",)
    list_select_related = ("organisation",)
    list_filter = (
        *(WaitingFilter, ("status", StatusFilter), "audience", "preferred_language"),
        ("organisation", PresentFilter),
    )
    period_of = "submitted_at"
    search_fields = ("name", "email", "phone", "text", "on_behalf_of")
    search_help_text = _("Name, E-Mail, Telefon, Organisation oder Anliegen")
    ordering = ("-submitted_at", "-pk")
    readonly_fields = (
        *("state", "name", "on_behalf_of", "entry", "mail_link", "phone_link", "way"),
        "preferred_language",
        *("audience", "submitted_at", "answer_mark", "organisation", "closed_at"),
    )
    fieldsets = (
        (None, {"fields": ("audience", "state", "answer_mark", "entry")}),
        (
            _("Wer fragt"),
            {
                "fields": (
                    "name",
                    "on_behalf_of",
                    "way",
                    "phone_link",
                    "mail_link",
                    "preferred_language",
                )
            },
        ),
        (_("Stelle"), {"fields": ("organisation", "submitted_at", "closed_at", "notes")}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Not even for the Portalverwaltung: people ask on the pages."""
        return False

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        asked: CounsellingRequest = context["original"]
        may = self.has_change_permission(request, asked)
        context |= {
            "written": asked.messages.select_related("by"),
            "unhandled": asked.messages.all().unhandled(),
            "newest": newest_open(asked),
            "answer_url": admin_path(asked, "step", ANSWER),
            "handled_url": admin_path(asked, "step", HANDLED),
            "note": note_about([asked], "counselling/to_person"),
            "message_form": MessageForm() if may and asked.may_write else None,
            "steps": [
                (STEPS[one], admin_path(asked, "step", one)) for one in offered(asked) if may
            ],
            "title": __("Beratung"),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def step_view(self, request: UserRequest, object_id: int, step: str) -> HttpResponse:
        """The page behind a button; asks on GET, acts on POST."""
        asked = self.get_object(request, str(object_id))
        if not self.has_change_permission(request, asked):
            raise PermissionDenied
        if step not in STEPS:
            raise Http404
        chosen, is_sent = STEPS[step], request.method == "POST"
        form = chosen.form_for(asked, request.POST if is_sent else None)
        if is_sent and form.is_valid():
            data = form.cleaned_data | {"seen": seen_in(request)}
            try:
                chosen.take(asked, request.user, data)
            except DomainError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, str(chosen.done))
                return self._back(request, asked)
        if step == ANSWER:
            return self._message_page(request, asked, form)
        return self.step_page(request, asked, form, chosen.label, text=chosen.text)

    def _message_page(
        self, request: HttpRequest, asked: CounsellingRequest, form: forms.Form
    ) -> HttpResponse:
        """The form on a page of its own, with what was typed; it answers what the page before showed."""
        seen = seen_in(request) if request.method == "POST" else newest_open(asked)
        template, title = "admin/volunteers/messages/message.html", __("Nachricht schreiben")
        return self.page(
            request,
            template,
            title,
            subtitle=asked,
            application=asked,
            form=form,
            newest=seen,
            note=note_about([asked], "counselling/to_person"),
        )

    def _back(self, request: HttpRequest, asked: CounsellingRequest) -> HttpResponse:
        """To the request, or to the list where another department has it by now."""
        mine = self.get_queryset(request).filter(pk=asked.pk).exists()
        return HttpResponseRedirect(admin_path(asked if mine else CounsellingRequest))

    @admin.display(description=_("wer fragt"), ordering="name")
    def who(self, asked: CounsellingRequest) -> str:
        return ", ".join(filter(None, (asked.name, asked.on_behalf_of)))

    @admin.display(description=_("Status"), ordering="status")
    def state(self, asked: CounsellingRequest) -> SafeString:
        return display.badge(BADGES.get(asked.status, "new"), asked.get_status_display())

    @admin.display(description=_("Antwort bis"), ordering="answer_by")
    def answer_mark(self, asked: CounsellingRequest) -> SafeString | str:
        if asked.status != CounsellingStatus.NEW or asked.answer_by is None:
            return "–"
        day = display.day_label(asked.answer_by)
        if not asked.is_overdue:
            return day
        mark = '<span class="overdue"><span aria-hidden="true">⚠</span> {} <span>{}</span></span>'
        return format_html(mark, day, __("überfällig"))

    @admin.display(description=_("E-Mail"))
    def mail_link(self, asked: CounsellingRequest) -> SafeString | str:
        return display.mail_link(asked.email)

    @admin.display(description=_("Anrufen"))
    def phone_link(self, asked: CounsellingRequest) -> SafeString | str:
        return display.phone_link(asked.phone)


def newest_open(asked: CounsellingRequest) -> int:
    """The key of the newest message without an answer, for the field ``seen`` of the page."""
    newest = asked.messages.all().unhandled().last()
    return newest.pk if newest else 0
