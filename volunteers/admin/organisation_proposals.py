"""Proposed organisations: whether the portal knows them already, and the decision."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.safestring import SafeString
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from programs.addresses import admin_path
from programs.admin.base import ScopedModelAdmin
from programs.doubles import Likely
from programs.requests import UserRequest

from ..errors import DomainError
from ..models import OrganisationProposal
from ..services import organisation_proposals as services
from . import display
from .access_requests import BADGES, DeclineForm
from .filters import StatusFilter
from .stepping import SteppingMixin

ACCEPT, DECLINE = "annehmen", "ablehnen"


@admin.register(OrganisationProposal)
class OrganisationProposalAdmin(
    SteppingMixin[OrganisationProposal], ScopedModelAdmin[OrganisationProposal]
):
    """What people typed is read only."""

    change_form_template = "admin/volunteers/organisation_proposals/change_form.html"
    list_display = ("title", "type", "district", "name", "submitted_at", "answer_by", "state")
    list_select_related = ("district",)
    list_filter = (("status", StatusFilter), "type")
    search_fields = ("title", "name", "email", "phone")
    search_help_text = _("Organisation, Name, E-Mail oder Telefon")
    ordering = ("-submitted_at", "-pk")
    fields = (
        *("title", "type", "district", "summary", "website", "state", "answer_by"),
        *("name", "function", "mail_link", "phone_link", "submitted_at"),
        *("organisation", "decided_at", "decided_by", "reason"),
    )
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        proposal: OrganisationProposal = context["original"]
        may = self.has_change_permission(request, proposal) and proposal.is_open
        context |= {
            "may_decide": may,
            "accept_url": admin_path(proposal, "step", ACCEPT),
            "decline_url": admin_path(proposal, "step", DECLINE),
            "doubles": services.doubles_of(proposal) if proposal.is_open else [],
            "show_save": False,
            "show_save_and_continue": False,
            "title": __("Soll diese Organisation ins Portal?")
            if proposal.is_open
            else __("Vorgeschlagene Organisation"),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def step_view(self, request: UserRequest, object_id: int, step: str) -> HttpResponse:
        """The page behind a button; asks on GET, decides on POST."""
        proposal = self.get_object(request, str(object_id))
        if not self.has_change_permission(request, proposal):
            raise PermissionDenied
        if step not in (ACCEPT, DECLINE):
            raise Http404
        is_post = request.method == "POST"
        data = request.POST if is_post else None
        if step == ACCEPT:
            form: forms.Form = forms.Form(data)
        else:
            words = "" if is_post else _already_there(services.doubles_of(proposal))
            form = DeclineForm(data, initial={"reason": words})
        if is_post and form.is_valid():
            self._decide(request, proposal, form)
            return HttpResponseRedirect(admin_path(proposal))
        return self.step_page(
            request,
            proposal,
            form,
            _("Anlegen und einladen") if step == ACCEPT else _("Ablehnen"),
            subtitle=proposal.title,
            text=_accepting(proposal) if step == ACCEPT else "",
            danger=step == DECLINE,
        )

    def _decide(
        self, request: UserRequest, proposal: OrganisationProposal, form: forms.Form
    ) -> None:
        by = request.user
        try:
            if isinstance(form, DeclineForm):
                reason = form.cleaned_data["reason"]
                services.decline_proposal(proposal=proposal, reason=reason, by=by)
                messages.success(request, __("Abgelehnt. Die Person bekommt den Grund als Mail."))
            else:
                services.accept_proposal(proposal=proposal, by=by)
                text = __(
                    "Angelegt, aber noch nicht öffentlich. Die Einladung ist unterwegs an: %(email)s."
                )
                messages.success(request, text % {"email": proposal.email})
        except DomainError as error:
            messages.error(request, str(error))

    @admin.display(description=_("Status"), ordering="status")
    def state(self, proposal: OrganisationProposal) -> SafeString:
        return display.badge(BADGES[proposal.status], proposal.get_status_display())

    @admin.display(description=_("E-Mail"))
    def mail_link(self, proposal: OrganisationProposal) -> SafeString | str:
        return display.mail_link(proposal.email)

    @admin.display(description=_("Telefon"))
    def phone_link(self, proposal: OrganisationProposal) -> SafeString | str:
        return display.phone_link(proposal.phone)


def _accepting(proposal: OrganisationProposal) -> str:
    text = __(
        "Der Eintrag wird angelegt und ist noch nicht öffentlich. %(email)s bekommt eine Einladung und "
        "richtet ihn ein."
    )
    return text % {"email": proposal.email}


def _already_there(doubles: list[Likely]) -> str:
    """A sentence to begin with, where one of the doubles is public."""
    public = (one.organisation for one in doubles if one.organisation.is_published)
    first = next(public, None)
    if first is None:
        return ""
    text = __(
        "Diese Organisation steht schon im Portal: %(name)s. Möchten Sie den Eintrag pflegen, dann klicken Sie "
        "auf der Seite auf „Das sind wir“: %(url)s"
    )
    return text % {"name": first.title, "url": settings.SITE_URL + first.get_absolute_url()}
