"""„Antworten per Link“: the department lets an organisation answer its sign-ups without an account."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.addresses import admin_path
from programs.models import Organisation
from programs.requests import UserRequest
from volunteers.errors import DomainError
from volunteers.models import LinkAnswering
from volunteers.services import link_answers

if TYPE_CHECKING:
    from programs.admin.organisations import OrganisationAdmin

    Base = OrganisationAdmin
else:
    Base = object
ON, OFF = "ein", "aus"


class LinkAnswerViews(Base):
    """For the admin of organisations."""

    def link_answer_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.link_answers_view)
        name = "programs_organisation_link_answers"
        return [path("<int:pk>/antworten-per-link/", view, name=name)]

    def may_switch(self, request: HttpRequest, organisation: Organisation | None) -> bool:
        """The department in charge, and the Portalverwaltung: those who say who is in charge."""
        return request.user.has_perm("programs.assign_entry", organisation)

    def link_answers_view(self, request: UserRequest, pk: int) -> HttpResponse:
        """Who has switched it on, when the address said yes; the buttons switch it on and off."""
        organisation = self.get_object(request, str(pk))
        if not self.may_switch(request, organisation):
            raise PermissionDenied
        if request.method == "POST":
            self._switch(request, organisation)
            return HttpResponseRedirect(admin_path(organisation, "link_answers"))
        rows = LinkAnswering.objects.filter(organisation=organisation).select_related("asked_by")
        context: dict[str, Any] = {
            "organisation": organisation,
            "asked": rows.first(),
            "in_force": rows.in_force().exists(),
            "has_staff": Organisation.objects.with_staff().filter(pk=pk).exists(),
        }
        title = _("Antworten per Link")
        template = "admin/directory/link_answers.html"
        return self.page(request, template, title, subtitle=organisation, **context)

    def _switch(self, request: UserRequest, organisation: Organisation) -> None:
        try:
            if request.POST.get("switch") == ON:
                link_answers.switch_on(organisation=organisation, by=request.user)
                text = _("Die Mail ist unterwegs. Es gilt, sobald dort jemand Ja gesagt hat.")
                self.log_change(request, organisation, _("Antworten per Link: eingeschaltet"))
            elif request.POST.get("switch") == OFF:
                count = link_answers.switch_off(organisation=organisation, by=request.user)
                text = _switched_off(count)
                self.log_change(request, organisation, _("Antworten per Link: ausgeschaltet"))
            else:
                return
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, text)


def _switched_off(count: int) -> str:
    if not count:
        return _("Ausgeschaltet.")
    text = ngettext(
        "Ausgeschaltet. %(count)d offene Anmeldung beantwortet jetzt die zuständige Stelle.",
        "Ausgeschaltet. %(count)d offene Anmeldungen beantwortet jetzt die zuständige Stelle.",
        count,
    )
    return text % {"count": count}
