"""Cooperations with what came of them, beside what organisations need."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from programs.admin.base import ScopedModelAdmin
from programs.admin.forms import OnlyChangedForm
from volunteers.admin import display

from .models import CooperationOffer, Need

SHOWN = 10
"""Needs beside the list."""
BADGES = {"new": "new", "in_contact": "in_contact", "agreed": "completed", "nothing": "declined"}
"""Status → the status of an application whose colours it has."""


@admin.register(CooperationOffer)
class CooperationOfferAdmin(ScopedModelAdmin[CooperationOffer]):
    """What was offered is read only; staff note where it stands and what came of it."""

    change_list_template = "admin/cooperation/change_list.html"
    form = OnlyChangedForm["CooperationOffer"]
    change_form_template = "admin/cooperation/change_form.html"
    list_display = ("firm", "offered", "state", "answer_mark", "outcome", "benefits")
    list_select_related = ("benefits",)
    list_filter = ("status", "by")
    period_of = "submitted_at"
    search_fields = ("company", "name", "email", "phone", "text", "outcome")
    search_help_text = _("Unternehmen, Name, E-Mail, Telefon, Angebot oder Ergebnis")
    ordering = ("-submitted_at", "-pk")
    autocomplete_fields = ("benefits",)
    readonly_fields = (
        *("offered", "said", "by", "company", "name", "mail_link", "phone_link"),
        *("submitted_at", "answer_by", "organisation", "settled_on"),
    )
    fieldsets = (
        (None, {"fields": ("offered", "said", "by", "company")}),
        (_("Wer antwortet, bis wann"), {"fields": ("organisation", "submitted_at", "answer_by")}),
        (_("Wer schreibt"), {"fields": ("name", "phone_link", "mail_link")}),
        (_("Was daraus wird"), {"fields": ("status", "outcome", "benefits", "settled_on")}),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Not even for the Portalverwaltung: companies offer on the page."""
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        more = {"needs": Need.objects.current()[:SHOWN]}
        return super().changelist_view(request, more | (extra_context or {}))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        offer: CooperationOffer = context["original"]
        fitting = Need.objects.current().filter(kind__in=offer.kinds)
        context |= {"needs": fitting[:SHOWN], "title": __("Kooperation")}
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: CooperationOffer, form: Any, change: bool
    ) -> None:
        """The day on which it was settled is noted with it."""
        obj.settle(timezone.localdate())
        obj.save(update_fields=[*form.columns(), "settled_on"])

    @admin.display(description=_("wer"), ordering="company")
    def firm(self, offer: CooperationOffer) -> str:
        return offer.company

    @admin.display(description=_("bietet"))
    def offered(self, offer: CooperationOffer) -> str:
        return offer.kind_labels

    @admin.display(description=_("Status"), ordering="status")
    def state(self, offer: CooperationOffer) -> SafeString:
        return display.badge(BADGES[offer.status], offer.get_status_display())

    @admin.display(description=_("Antwort bis"), ordering="answer_by")
    def answer_mark(self, offer: CooperationOffer) -> SafeString | str:
        if offer.status != CooperationOffer.Status.NEW:
            return "–"
        day = display.day_label(offer.answer_by)
        if not offer.is_overdue:
            return day
        mark = '<span class="overdue"><span aria-hidden="true">⚠</span> {} <span>{}</span></span>'
        return format_html(mark, day, __("überfällig"))

    @admin.display(description=_("Angebot"))
    def said(self, offer: CooperationOffer) -> SafeString:
        return format_html('<div class="said" dir="auto">{}</div>', offer.text)

    @admin.display(description=_("E-Mail"))
    def mail_link(self, offer: CooperationOffer) -> SafeString | str:
        return display.mail_link(offer.email)

    @admin.display(description=_("Anrufen"))
    def phone_link(self, offer: CooperationOffer) -> SafeString | str:
        return display.phone_link(offer.phone)


@admin.register(Need)
class NeedAdmin(ScopedModelAdmin[Need]):
    """Organisations state what they need; it is public."""

    own_organisation_fields = ("organisation",)
    list_display = ("text", "kind", "organisation", "until", "is_met")
    list_select_related = ("organisation",)
    list_filter = ("kind", "is_met")
    search_fields = ("text", "organisation__search_names")
    autocomplete_fields = ("organisation",)
    ordering = ("is_met", "-made_at", "-pk")
    fields = ("organisation", "kind", "text", "until", "is_met")
