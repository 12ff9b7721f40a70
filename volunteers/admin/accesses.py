"""„Zugänge“: who works for which organisation; inviting people and ending accesses.

Replaces the list of memberships of ``programs``.
"""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from programs.addresses import admin_path
from programs.admin.only import OnlyFilter
from programs.admin.present import PresentFilter
from programs.models import Membership, Organisation
from programs.requests import UserRequest, user_of

from ..errors import DomainError
from ..forms.invitations import InvitationForm
from ..guard import limits
from ..models import Invitation, User
from ..periods import after_months, days
from ..services import accesses, invitations
from .absences import AbsencesMixin

admin.site.unregister(Membership)


class UnusedFilter(OnlyFilter):
    title = _("Nutzung")
    parameter_name = "ungenutzt"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        period = after_months(settings.ACCESS_UNUSED_MONTHS)
        return [("ja", _("seit %(period)s ungenutzt") % {"period": period})]

    def only(self, request: HttpRequest, rows: Any) -> QuerySet[Any]:
        return accesses.unused(rows)


@admin.register(Membership)
class AccessAdmin(AbsencesMixin):
    list_display = ("person", "at", "role", "until", "used")
    list_filter = (
        UnusedFilter,
        "role",
        ("organisation", PresentFilter),
    )
    actions = ("end_chosen",)
    change_list_template = "admin/volunteers/accesses/change_list.html"
    readonly_fields = ("person", "used")

    def get_fields(self, request: HttpRequest, obj: Membership | None = None) -> tuple[str, ...]:
        fields = super().get_fields(request, obj)
        return (*fields, "used") if obj else fields

    def has_end_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("programs.end_membership")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        own = {"title": __("Zugänge"), "invite_at": self._invite_at(request)}
        return super().changelist_view(request, own | (extra_context or {}))

    def _invite_at(self, request: HttpRequest) -> list[Organisation]:
        """The organisation that the user may invite for. Two in the list mean „several“."""
        user = user_of(request)
        if not user.has_perm("volunteers.add_invitation"):
            return []
        return list(accesses.organisations_to_invite_for(user)[:2])

    @admin.display(description=_("Organisation"), ordering="organisation__title")
    def at(self, membership: Membership) -> SafeString:
        url = admin_path(Organisation, "access", membership.organisation_id)
        return format_html('<a href="{}">{}</a>', url, membership.organisation)

    @admin.display(description=_("zuletzt genutzt"), ordering="last_used_on")
    def used(self, membership: Membership) -> str:
        if membership.last_used_on:
            return membership.last_used_on.strftime("%d.%m.%Y")
        day = membership.created_at.strftime("%d.%m.%Y")
        return __("noch nie (angelegt am %(day)s)") % {"day": day}

    @admin.action(description=_("Zugänge beenden"), permissions=["end"])
    def end_chosen(
        self, request: UserRequest, queryset: QuerySet[Membership]
    ) -> HttpResponse | None:
        """Lists the chosen accesses and the consequences; the button on that page ends them."""
        chosen = list(queryset.select_related("user", "organisation"))
        if "confirmed" not in request.POST:
            return self.page(
                request,
                "admin/volunteers/accesses/end_chosen.html",
                __("Zugänge beenden"),
                chosen=chosen,
                left_alone=accesses.left_alone(chosen),
                checkbox=helpers.ACTION_CHECKBOX_NAME,
            )
        knowing = "knowing_last" in request.POST
        ended, refused = accesses.end_accesses(
            memberships=chosen, by=request.user, knowing_last=knowing
        )
        for sentence in refused:
            messages.error(request, sentence)
        text = ngettext("%(n)d Zugang beendet.", "%(n)d Zugänge beendet.", ended)
        messages.success(request, text % {"n": ended})
        return None

    # --- one organisation ---------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        one = "organisation/<int:pk>/"
        return [
            path(one, view(self.access_view), name="programs_organisation_access"),
            path(f"{one}einladen/", view(self.invite_view), name="programs_organisation_invite"),
            path("<int:pk>/beenden/", view(self.end_view), name="programs_membership_end"),
            path(
                "einladung/<int:pk>/zuruecknehmen/",
                view(require_POST(self.withdraw_view)),
                name="volunteers_invitation_withdraw",
            ),
            *super().get_urls(),
        ]

    def access_view(self, request: UserRequest, pk: int) -> HttpResponse:
        """The members of the organisation, the open invitations, and buttons for what the user may do."""
        organisation = self._organisation(request, pk)
        if not self.has_view_permission(request):
            raise PermissionDenied
        roles = self._roles_to_give(request, organisation)
        members = Membership.objects.filter(organisation=organisation)
        shown = members.select_related("user", "substitute__user")
        rows = [(one, one.role in roles) for one in shown.order_by("role", "user__name__folded")]
        sees = request.user.has_perm("volunteers.view_invitation")
        open_ones = Invitation.objects.open().filter(organisation=organisation)
        return self.page(
            request,
            "admin/volunteers/accesses/organisation.html",
            __("Zugänge"),
            subtitle=organisation,
            organisation=organisation,
            rows=rows,
            invitations=[(one, one.role in roles) for one in open_ones] if sees else [],
            may_invite=bool(roles),
            may_note_away=self._answering_of(request.user, rows),
            unused={one.pk for one in accesses.unused(members)},
        )

    @limits.counts("invitation")
    def invite_view(self, request: UserRequest, pk: int) -> HttpResponse:
        """The invitation form; the response does not tell whether the address has an account."""
        organisation = self._organisation(request, pk)
        roles = self._roles_to_give(request, organisation)
        if not roles:
            raise PermissionDenied
        form = InvitationForm(request.POST if request.method == "POST" else None, roles=roles)
        if form.is_valid():
            try:
                limits.try_once(request, "invitation", request.user.pk)
                invitations.invite(organisation=organisation, offer=form.offer(), by=request.user)
            except DomainError as error:
                form.add_error(None, str(error))
            else:
                text = __("Die Einladung an %(email)s ist unterwegs.")
                messages.success(request, text % {"email": form.cleaned_data["email"]})
                return self._back(organisation)
        return self.page(
            request,
            "admin/volunteers/accesses/invite.html",
            __("Einladen"),
            subtitle=organisation,
            organisation=organisation,
            form=form,
            period=days(settings.INVITATION_DAYS),
        )

    def end_view(self, request: UserRequest, pk: int) -> HttpResponse:
        """Shows the consequences; the button on this page ends the access."""
        membership = self._membership(request, pk)
        if not (self.has_end_permission(request) and accesses.may_end(request.user, membership)):
            raise PermissionDenied
        if request.method == "POST":
            knowing = "knowing_last" in request.POST
            try:
                accesses.end_access(membership=membership, by=request.user, knowing_last=knowing)
            except DomainError as error:
                messages.error(request, str(error))
                return HttpResponseRedirect(request.path)
            messages.success(request, __("Der Zugang ist beendet."))
            if membership.user_id == request.user.pk:
                return HttpResponseRedirect(reverse("admin:index"))
            return self._back(membership.organisation)
        return self.page(
            request,
            "admin/volunteers/accesses/end.html",
            __("Zugang beenden"),
            subtitle=membership.organisation,
            membership=membership,
            organisation=membership.organisation,
            left_alone=accesses.left_alone([membership]),
        )

    def withdraw_view(self, request: UserRequest, pk: int) -> HttpResponse:
        """The button in the list."""
        seen = Organisation.objects.visible_to(request.user)
        found = Invitation.objects.select_related("organisation")
        invitation = get_object_or_404(found, pk=pk, organisation__in=seen)
        try:
            invitations.withdraw_invitation(invitation=invitation, by=request.user)
        except accesses.NotYours as error:
            raise PermissionDenied from error
        messages.success(request, __("Die Einladung ist zurückgenommen. Der Link gilt nicht mehr."))
        return self._back(invitation.organisation)

    @staticmethod
    def _answering_of(user: User, rows: list[tuple[Membership, bool]]) -> set[int]:
        """Whose absence ``user`` may note: their own, and that of those whose role they give."""
        answering = [(one, gives) for one, gives in rows if one.role in Membership.ANSWERING]
        return {one.pk for one, gives in answering if gives or one.user_id == user.pk}

    def _organisation(self, request: UserRequest, pk: int) -> Organisation:
        return get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)

    def _membership(self, request: UserRequest, pk: int) -> Membership:
        found = self.get_queryset(request).select_related("user", "organisation").filter(pk=pk)
        membership: Membership | None = found.first()
        if membership is None:
            raise Http404
        return membership

    def _roles_to_give(
        self, request: UserRequest, organisation: Organisation
    ) -> tuple[Membership.Role, ...]:
        if not request.user.has_perm("volunteers.add_invitation"):
            return ()
        return accesses.roles_to_give(request.user, organisation)

    def _back(self, organisation: Organisation) -> HttpResponse:
        url = admin_path(organisation, "access")
        return HttpResponseRedirect(url)
