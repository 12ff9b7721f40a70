"""„Abwesend“ and „Wer ist da, was wartet?“: pages of the accesses."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as __

from programs.addresses import admin_path
from programs.admin.organisations import MembershipAdmin
from programs.models import Organisation
from programs.requests import UserRequest, user_of

from ..errors import DomainError
from ..forms.absences import AbsenceForm
from ..reads.load import loads
from ..services import absences


class AbsencesMixin(MembershipAdmin):
    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("auslastung/", view(self.load_view), name="programs_membership_load"),
            path("<int:pk>/abwesend/", view(self.away_view), name="programs_membership_away"),
            *super().get_urls(),
        ]

    def away_view(self, request: UserRequest, pk: int) -> HttpResponse:
        """From when to when, and who stands in; nobody is asked why."""
        membership = self.get_object(request, str(pk))
        if not absences.may_note_absence(request.user, membership):
            raise PermissionDenied
        form = AbsenceForm(
            request.POST if request.method == "POST" else None,
            membership=membership,
            others=absences.possible_substitutes(membership),
        )
        if form.is_bound and form.is_valid():
            try:
                absences.note_absence(
                    membership=membership,
                    first=form.cleaned_data["first"],
                    last=form.cleaned_data["last"],
                    substitute=form.stands_in,
                    by=request.user,
                )
            except DomainError as error:
                form.add_error("substitute", str(error))
            else:
                messages.success(request, __("Gespeichert."))
                return HttpResponseRedirect(admin_path(membership.organisation, "access"))
        return self.page(
            request,
            "admin/volunteers/accesses/away.html",
            __("Abwesenheit"),
            subtitle=membership,
            organisation=membership.organisation,
            membership=membership,
            form=form,
        )

    def load_view(self, request: UserRequest) -> HttpResponse:
        """The organisations whose accesses the user sees."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        allowed = user_of(request).limited_to("programs.view_membership")
        rows = loads(Organisation.objects.visible_to(allowed))
        return self.page(
            request,
            "admin/volunteers/accesses/load.html",
            __("Wer ist da, was wartet?"),
            rows=rows,
        )
