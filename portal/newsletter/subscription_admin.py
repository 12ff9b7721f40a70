"""„Newsletter-Bestellungen“: who gets it. Staff read, and end it for somebody who rings."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.safestring import SafeString
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from programs.addresses import admin_path
from programs.admin.base import ScopedModelAdmin
from programs.models.choices import labels
from programs.requests import UserRequest
from volunteers.admin import display
from volunteers.admin.stepping import SteppingMixin
from volunteers.services import standing_orders

from .models import Subscription, Topic
from .texts import TEXTS

END = "abbestellen"
BADGES = {"active": "completed", "ended": "withdrawn", "stopped": "declined"}
"""State → the status of an application whose colours it has."""


@admin.register(Subscription)
class SubscriptionAdmin(SteppingMixin[Subscription], ScopedModelAdmin[Subscription]):
    """Nobody is entered or changed here: whoever wants the newsletter confirms it from the mailbox."""

    change_form_template = "admin/newsletter/subscription.html"
    list_display = ("email", "about", "language", "state", "confirmed_at", "hard_bounces")
    list_filter = ("status", "language", ("stopped_at", admin.EmptyFieldListFilter))
    search_fields = ("email",)
    search_help_text = _("Teil der E-Mail-Adresse")
    ordering = ("-confirmed_at", "-pk")
    fields = (
        *("email", "state", "about", "chosen_districts", "language"),
        *("submitted_at", "confirmed_at", "agreed", "changed_at", "ended_at"),
        *("hard_bounces", "late_bounces", "stopped_at"),
    )
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        found: Subscription = context["original"]
        may = self.has_change_permission(request, found) and not found.is_over
        context |= {
            "end_url": admin_path(found, "step", END) if may else "",
            "show_save": False,
            "show_save_and_continue": False,
            "title": __("Newsletter-Bestellung"),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def step_view(self, request: UserRequest, object_id: int, step: str) -> HttpResponse:
        """Leaving for somebody who has asked for it by telephone or letter."""
        found = self.get_object(request, str(object_id))
        if not self.has_change_permission(request, found):
            raise PermissionDenied
        if step != END:
            raise Http404
        if request.method == "POST":
            standing_orders.leave(order=found)
            messages.success(request, __("Abbestellt. An diese Adresse geht keine Ausgabe mehr."))
            return HttpResponseRedirect(admin_path(found))
        text = __("Das geht nur, wenn die Person darum bittet. Sie bekommt darüber keine Mail.")
        return self.step_page(
            request, found, forms.Form(), _("Abbestellen"), text=text, danger=True
        )

    @admin.display(description=_("Themen"))
    def about(self, subscription: Subscription) -> str:
        return ", ".join(labels(Topic, subscription.topics))

    @admin.display(description=_("Stadtbezirke"))
    def chosen_districts(self, subscription: Subscription) -> str:
        return ", ".join(map(str, subscription.districts.order_by("name"))) or "–"

    @admin.display(description=_("Status"), ordering="status")
    def state(self, subscription: Subscription) -> SafeString:
        if subscription.stopped_at is not None:
            return display.badge(BADGES["stopped"], __("Adresse nicht erreichbar"))
        return display.badge(BADGES[subscription.status], subscription.get_status_display())

    @admin.display(description=_("Zugestimmt hat die Person diesem Text"))
    def agreed(self, subscription: Subscription) -> str:
        text = TEXTS.get(subscription.text_version)
        return f"{subscription.text_version}: {text}" if text else "–"
