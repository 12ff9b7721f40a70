"""What mailboxes have asked to get by mail: staff read it, and end it for somebody who rings."""

from typing import Any, ClassVar, TypeVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from programs.addresses import admin_path
from programs.admin.base import ScopedModelAdmin
from programs.requests import UserRequest

from ..models.standing_orders import StandingOrder
from ..services import standing_orders
from . import display
from .stepping import SteppingMixin

END = "abbestellen"
BADGES = {"active": "completed", "ended": "withdrawn", "stopped": "declined"}
"""State → the status of an application whose colours it has."""

Order = TypeVar("Order", bound=StandingOrder)


class StandingOrderAdmin(SteppingMixin[Order], ScopedModelAdmin[Order]):
    """Nobody is entered or changed here: whoever wants it confirms it from the mailbox."""

    texts: ClassVar[dict[str, Any]] = {}
    """What was agreed to: version → text."""
    ended: str | Promise = ""
    """Said once it has been ended."""

    change_form_template = "admin/volunteers/standing_orders/change_form.html"
    ordering = ("-confirmed_at", "-pk")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        found: Order = context["original"]
        may = self.has_change_permission(request, found) and not found.is_over
        context |= {
            "end_url": admin_path(found, "step", END) if may else "",
            "show_save": False,
            "show_save_and_continue": False,
            "title": capfirst(self.opts.verbose_name),
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
            messages.success(request, str(self.ended))
            return HttpResponseRedirect(admin_path(found))
        text = __("Das geht nur, wenn die Person darum bittet. Sie bekommt darüber keine Mail.")
        return self.step_page(
            request, found, forms.Form(), _("Abbestellen"), text=text, danger=True
        )

    @admin.display(description=_("Status"), ordering="status")
    def state(self, order: Order) -> SafeString:
        if order.stopped_at is not None:
            return display.badge(BADGES["stopped"], __("Adresse nicht erreichbar"))
        return display.badge(BADGES[order.status], order.get_status_display())

    @admin.display(description=_("Zugestimmt hat die Person diesem Text"))
    def agreed(self, order: Order) -> str:
        text = self.texts.get(order.text_version)
        return f"{order.text_version}: {text}" if text else "–"
