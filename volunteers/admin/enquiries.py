"""Questions: the list, and the note that one is answered."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.safestring import SafeString
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from programs.admin.base import ScopedModelAdmin
from programs.admin.forms import ScopedModelForm
from programs.admin.long_lists import COUNTED, among, expected
from programs.admin.present import PresentFilter
from programs.admin.searching import MANY, folded, is_short
from programs.models import Entry
from programs.one_row import OneOf
from programs.requests import user_of
from programs.united import united

from ..models import Enquiry
from ..reads import escalations
from ..services.enquiries import (
    note_answer,
    remind_about_enquiry,
    take_over_enquiry,
    take_up_again,
)
from . import display
from .escalated import Escalation, EscalationViews

ANSWERED, OPEN = "ja", "nein"


class AnsweredFilter(admin.SimpleListFilter):
    title = _("beantwortet")
    parameter_name = "beantwortet"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(OPEN, _("noch nicht")), (ANSWERED, _("ja"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in (ANSWERED, OPEN):
            return queryset
        return queryset.filter(answered_at__isnull=self.value() == OPEN)


class AnsweredForm(ScopedModelForm[Enquiry]):
    answered = forms.BooleanField(
        label=_("beantwortet"),
        required=False,
        help_text=_("Wenn Sie der Person geschrieben oder sie angerufen haben."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["answered"] = self.instance.is_answered


def _waiting_text(count: int) -> str:
    text = ngettext(
        "%(count)d Frage wartet zu lange auf eine Antwort.",
        "%(count)d Fragen warten zu lange auf eine Antwort.",
        count,
    )
    more = __("Was gefragt wird und von wem, sehen Sie erst, wenn Sie übernehmen.")
    return f"{text % {'count': count}} {more}"


@admin.register(Enquiry)
class EnquiryAdmin(EscalationViews[Enquiry], ScopedModelAdmin[Enquiry]):
    """What people asked is read only; they write and telephone themselves."""

    escalation = Escalation(
        waiting_for=escalations.questions_waiting_for,
        rows=escalations.question_rows,
        remind=lambda one, by: remind_about_enquiry(enquiry=one, by=by),
        take_over=lambda one, by: take_over_enquiry(enquiry=one, by=by),
        text=_waiting_text,
        taken=_("Jetzt antwortet %(name)s. Die Frage kommt auch als Mail."),
    )
    form = AnsweredForm
    actions = ("note_answers",)
    list_display = ("about", "name", "asked_at", "organisation", "state")
    list_select_related = ("entry", "event", "organisation")
    list_filter = (AnsweredFilter, ("organisation", PresentFilter))
    period_of = "asked_at"
    search_fields = ("text", "page", "name", "email", "phone")
    search_help_text = _("Frage, Name, E-Mail, Telefon oder Angebot")
    ordering = ("-asked_at", "-pk")
    readonly_fields = (
        *("about", "text", "name", "mail_link", "phone_link", "asked_at"),
        *("organisation", "answer_by", "answered_at", "answered_by"),
    )
    fieldsets = (
        (None, {"fields": ("about", "text", "asked_at", "organisation", "answer_by")}),
        (_("Wer fragt"), {"fields": ("name", "mail_link", "phone_link")}),
        (_("Antwort"), {"fields": ("answered", "answered_at", "answered_by")}),
    )

    def find_word(
        self, request: HttpRequest, queryset: QuerySet[Enquiry], word: str
    ) -> QuerySet[Enquiry]:
        """Entries are few: found first, an index finds the questions about them.

        Rare questions are looked up, each way by its index; frequent ones are met on the way.
        """
        entries = Entry.objects.filter(folded(("title",), word)).order_by().values("pk")
        about = Q(OneOf("entry", ArraySubquery(entries)))
        says = folded(self.get_search_fields(request), word)
        everything = Enquiry.objects.order_by()
        if expected(everything.filter(says)) > (COUNTED if is_short(word) else MANY):
            return queryset.filter(says | about)
        found = (everything.filter(one).values("pk") for one in (says, about))
        return among(queryset, united(*found, repeated=False))

    def get_urls(self) -> list[URLPattern]:
        return [*self.escalation_urls(), *super().get_urls()]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Not even for the Portalverwaltung: people ask on the pages."""
        return False

    def save_model(self, request: HttpRequest, obj: Enquiry, form: Any, change: bool) -> None:
        if form.cleaned_data["answered"]:
            note_answer(enquiry=obj, by=user_of(request))
        else:
            take_up_again(enquiry=obj)

    @admin.action(description=_("Als beantwortet vermerken"), permissions=["change"])
    def note_answers(self, request: HttpRequest, queryset: QuerySet[Enquiry]) -> None:
        count = 0
        for enquiry in queryset.filter(answered_at__isnull=True).order_by("pk"):
            note_answer(enquiry=enquiry, by=user_of(request))
            count += 1
        text = ngettext("%(count)d Frage beantwortet.", "%(count)d Fragen beantwortet.", count)
        messages.success(request, text % {"count": count})

    @admin.display(description=_("zu"))
    def about(self, enquiry: Enquiry) -> str:
        return enquiry.about

    @admin.display(description=_("Status"), ordering="answered_at")
    def state(self, enquiry: Enquiry) -> SafeString:
        if enquiry.is_answered:
            return display.badge("completed", __("beantwortet"))
        if enquiry.is_overdue:
            return display.badge("declined", __("überfällig"))
        return display.badge("new", __("offen"))

    @admin.display(description=_("E-Mail"))
    def mail_link(self, enquiry: Enquiry) -> SafeString | str:
        return display.mail_link(enquiry.email)

    @admin.display(description=_("Anrufen"))
    def phone_link(self, enquiry: Enquiry) -> SafeString | str:
        return display.phone_link(enquiry.phone)
