"""Expenses: looking at the receipt, deciding, the list for the cash office, marking as paid."""

import base64
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
from django.utils.translation import ngettext

from programs.addresses import admin_path
from programs.admin.base import ScopedModelAdmin
from programs.admin.present import PresentFilter
from programs.exchange.admin import ExportAdminMixin
from programs.requests import UserRequest, user_of

from ..errors import DomainError
from ..lists.resources import ExpenseResource
from ..models import Application, Expense, Receipt
from ..reads.expenses import is_own
from ..services import expenses as services
from ..validators import validate_text
from . import display
from .stepping import SteppingMixin

BADGES = {
    "submitted": "new",
    "approved": "ready",
    "paid": "completed",
    "declined": "declined",
    "withdrawn": "withdrawn",
}
"""Status → the status of an application whose colours it has."""
APPROVE, DECLINE = "genehmigen", "ablehnen"


class DeclineExpenseForm(forms.Form):
    reason = forms.CharField(
        label=_("Warum nicht?"),
        max_length=500,
        validators=[validate_text],
        help_text=_("Dieser Text geht an die Person."),
        error_messages={"required": str(services.ReasonForExpenseMissing.message)},
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )


@admin.register(Expense)
class ExpenseAdmin(SteppingMixin[Expense], ExportAdminMixin, ScopedModelAdmin[Expense]):
    """What people typed is read only. The receipt stands in the page itself, so it has no address."""

    resource_classes = (ExpenseResource,)
    change_form_template = "admin/volunteers/expenses/change_form.html"
    actions = ("approve_selected", "mark_selected_as_paid")
    list_display = ("on", "what", "amount_label", "person", "wish", "state", "submitted_at")
    list_select_related = ("application__entry", "application__organisation")
    list_filter = ("status", ("application__organisation", PresentFilter))
    period_of = "on"
    search_fields = ("application__name",)
    searches_apart = True
    search_help_text = _("Name")
    ordering = ("-submitted_at", "-pk")
    fields = (
        *("person", "wish", "state", "what", "on", "amount_label", "receipt_photo"),
        *("submitted_at", "decided_at", "decided_by", "reason", "closed_at", "paid_by"),
    )
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        expense: Expense = context["original"]
        own = is_own(expense.application, user_of(request))
        may = self.has_change_permission(request, expense) and expense.is_waiting
        context |= {
            "may_decide": may and not own,
            "is_own": may and own,
            "approve_url": admin_path(expense, "step", APPROVE),
            "decline_url": admin_path(expense, "step", DECLINE),
            "show_save": False,
            "show_save_and_continue": False,
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def step_view(self, request: UserRequest, object_id: int, step: str) -> HttpResponse:
        """The page behind a button; asks on GET, decides on POST."""
        expense = self.get_object(request, str(object_id))
        if not self.has_change_permission(request, expense):
            raise PermissionDenied
        if step not in (APPROVE, DECLINE):
            raise Http404
        data = request.POST if request.method == "POST" else None
        form = forms.Form(data) if step == APPROVE else DeclineExpenseForm(data)
        if data is not None and form.is_valid():
            self._decide(request, expense, form)
            return HttpResponseRedirect(admin_path(expense))
        label = _("Genehmigen") if step == APPROVE else _("Ablehnen")
        return self.step_page(request, expense, form, label, danger=step == DECLINE)

    def _decide(self, request: UserRequest, expense: Expense, form: forms.Form) -> None:
        try:
            if "reason" in form.cleaned_data:
                reason = form.cleaned_data["reason"]
                services.decline_expense(expense=expense, reason=reason, by=request.user)
                done = __("Abgelehnt. Die Person bekommt den Grund als Mail.")
            else:
                services.approve_expense(expense=expense, by=request.user)
                done = __("Genehmigt. Die Auslage steht jetzt auf der Liste für die Kasse.")
        except DomainError as error:
            messages.error(request, str(error))
        else:
            self.log_change(request, expense, done)
            messages.success(request, done)

    @admin.action(description=_("Genehmigen"), permissions=["change"])
    def approve_selected(self, request: HttpRequest, queryset: QuerySet[Expense]) -> None:
        done = 0
        for expense in queryset.filter(status=Expense.Status.SUBMITTED):
            try:
                services.approve_expense(expense=expense, by=user_of(request))
            except DomainError as error:
                messages.error(request, f"{expense}: {error}")
            else:
                self.log_change(request, expense, __("Genehmigt."))
                done += 1
        text = ngettext("%(count)d Auslage genehmigt.", "%(count)d Auslagen genehmigt.", done)
        messages.success(request, text % {"count": done})

    @admin.action(description=_("Als ausgezahlt eintragen"), permissions=["change"])
    def mark_selected_as_paid(self, request: HttpRequest, queryset: QuerySet[Expense]) -> None:
        """Only rows that the page showed: what was approved meanwhile has not been paid."""
        if request.POST.get("select_across") == "1":
            text = __("Bitte wählen Sie nur Auslagen aus, die Sie auf der Seite sehen.")
            messages.error(request, text)
            return
        chosen = list(queryset.filter(status=Expense.Status.APPROVED))
        try:
            done = services.mark_paid(expenses=chosen, by=user_of(request))
        except DomainError as error:
            messages.error(request, str(error))
            return
        for expense in chosen:
            self.log_change(request, expense, __("Als ausgezahlt eingetragen."))
        text = ngettext(
            "%(count)d Auslage ist jetzt als ausgezahlt eingetragen; nicht genehmigte bleiben, wie sie sind.",
            "%(count)d Auslagen sind jetzt als ausgezahlt eingetragen; nicht genehmigte bleiben, wie sie sind.",
            done,
        )
        messages.success(request, text % {"count": done})

    @admin.display(description=_("Wofür"), ordering="kind")
    def what(self, expense: Expense) -> str:
        return expense.get_kind_display()

    @admin.display(description=_("Betrag"), ordering="amount")
    def amount_label(self, expense: Expense) -> str:
        return expense.amount_label

    @admin.display(description=_("Person"), ordering="application__name")
    def person(self, expense: Expense) -> SafeString:
        url = admin_path(Application, "change", expense.application_id)
        return format_html('<a href="{}"><bdi>{}</bdi></a>', url, expense.application.name)

    @admin.display(description=_("Engagement"))
    def wish(self, expense: Expense) -> str:
        return expense.application.wish

    @admin.display(description=_("Status"), ordering="status")
    def state(self, expense: Expense) -> SafeString:
        return display.badge(BADGES[expense.status], expense.get_status_display())

    @admin.display(description=_("Beleg"))
    def receipt_photo(self, expense: Expense) -> SafeString | str:
        receipt = Receipt.objects.filter(expense=expense).first()
        if receipt is None:
            return __("gelöscht, wie vorgesehen")
        data = base64.b64encode(bytes(receipt.data)).decode()
        return format_html(
            '<img class="preview" src="data:image/jpeg;base64,{}" alt="{}">',
            data,
            __("Foto des Belegs"),
        )
