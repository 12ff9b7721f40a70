"""Mails that were given up, for the Portalverwaltung: to whom and why, and the way to send them again."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from programs.admin.base import ScopedModelAdmin

from ..models import OutgoingMail
from ..services.mails import send_again


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ScopedModelAdmin[OutgoingMail]):
    """Only what was given up, and never its text."""

    list_display = ("subject", "to", "failed_at", "answer", "reached_at")
    list_display_links = None
    date_hierarchy = "failed_at"
    ordering = ("-failed_at", "-pk")
    fields = readonly_fields = ("subject", "to", "created_at", "failed_at", "answer", "reached_at")
    actions = ("send_again",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[OutgoingMail]:
        return super().get_queryset(request).filter(failed_at__isnull=False).defer("content")

    @admin.display(description=_("an"))
    def to(self, mail: OutgoingMail) -> str:
        return ", ".join(mail.recipients)

    @admin.display(description=_("Antwort des Mailservers"), ordering="refused_with")
    def answer(self, mail: OutgoingMail) -> str:
        if mail.refused_with is None:
            return __("keine: Der Mailserver war nicht zu benutzen")
        return __("%(code)d: abgewiesen") % {"code": mail.refused_with}

    @admin.action(description=_("Noch einmal senden"), permissions=["change"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[OutgoingMail]) -> None:
        sent = send_again(mails=queryset)
        text = ngettext("%(n)d Mail ist unterwegs.", "%(n)d Mails sind unterwegs.", sent)
        messages.success(request, text % {"n": sent})

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = {"title": __("Mails, die nicht ankamen")}
        return super().changelist_view(request, title | (extra_context or {}))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: OutgoingMail | None = None) -> bool:
        """They are sent again from the list; nobody changes one."""
        return obj is None and super().has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: OutgoingMail | None = None) -> bool:
        return False
