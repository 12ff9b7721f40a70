"""„Vorgeschlagene Änderungen“: what organisations sent by their link, old beside new, and the rules for it."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from programs.addresses import admin_path
from programs.admin.base import ScopedModelAdmin
from programs.admin.entries import entry_admin_url
from programs.admin.pages import ComesAndStaysMixin
from programs.requests import user_of
from volunteers.errors import DomainError

from . import proposing
from .fields import label_of
from .models import ChangeProposal, ChangeRule
from .showing import shown_proposal


class ReasonForm(forms.Form):
    """What was typed stays after a problem; the service checks it."""

    reason = forms.CharField(
        label=_("Grund (die Organisation liest ihn)"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60, "dir": "auto"}),
    )


@admin.register(ChangeProposal)
class ChangeProposalAdmin(ComesAndStaysMixin[ChangeProposal], ScopedModelAdmin[ChangeProposal]):
    """Staff decide on the page of a proposal; nobody writes one here."""

    list_display = ("entry", "what", "state", "made_at", "decided_by")
    list_filter = ("state",)
    search_fields = ("entry__search_names",)
    ordering = ("-made_at",)

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return (
            super().get_queryset(request).select_related("entry__organisation", "by", "decided_by")
        )

    @admin.display(description=_("Angaben"))
    def what(self, proposal: ChangeProposal) -> str:
        labels = [label_of(name) for name in proposal.in_order]
        return ", ".join(labels) or __("nur eine Nachricht")

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
        problem: str = "",
    ) -> HttpResponse:
        """Old beside new; the POST decides. After a ``problem`` the page shows what holds now."""
        proposal = self.get_object(request, object_id)
        if request.method == "POST" and not problem:
            try:
                return self._decide(request, proposal)
            except DomainError as error:
                return self.change_view(request, object_id, problem=str(error))
        form = ReasonForm(request.POST if problem else None)
        if problem:
            form.full_clean()
            form.add_error(None, problem)
        return self.page(
            request,
            "admin/directory/proposal.html",
            __("Vorgeschlagene Änderung"),
            form=form,
            proposal=proposal,
            shown=shown_proposal(proposal),
            entry_url=entry_admin_url(proposal.entry),
            seen=proposing.fingerprint(proposal),
            may_decide=proposal.is_waiting and self.has_change_permission(request, proposal),
        )

    def _decide(self, request: HttpRequest, proposal: ChangeProposal) -> HttpResponse:
        if not self.has_change_permission(request, proposal):
            raise PermissionDenied
        by, seen = user_of(request), request.POST.get("seen", "")
        if "decline" in request.POST:
            reason = request.POST.get("reason", "").replace("\x00", "")
            proposing.decline(proposal=proposal, reason=reason, seen=seen, by=by)
            done = __("Nicht übernommen. Die Organisation bekommt Ihren Grund per Mail.")
        else:
            names = request.POST.getlist("field")
            proposing.accept(proposal=proposal, names=names, seen=seen, by=by)
            done = __(
                "Übernommen. Der Eintrag gilt als heute bestätigt; die Organisation bekommt eine Mail."
            )
        messages.success(request, done)
        return HttpResponseRedirect(
            admin_path(ChangeProposal, state__exact=ChangeProposal.State.WAITING.value)
        )


@admin.register(ChangeRule)
class ChangeRuleAdmin(ScopedModelAdmin[ChangeRule]):
    """Which changes hold at once."""

    list_display = ("field", "at_once")
    list_filter: ClassVar[tuple[Any, ...]] = ("at_once",)
    fields = ("field", "at_once")
