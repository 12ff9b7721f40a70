"""„Eingeladene Organisationen“: choosing them in the list of organisations, and what became of each."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from programs.admin.base import ScopedModelAdmin
from programs.admin.pages import ReadOnlyMixin
from programs.models import Organisation
from programs.requests import user_of
from volunteers.admin import display

from . import inviting
from .invited_models import InvitedOrganisation, InvitedState

if TYPE_CHECKING:
    from programs.admin.organisations import OrganisationAdmin

    Base = OrganisationAdmin
else:
    Base = object
ASSIGN = "programs.assign_entry"
BADGES = {"sent": "new", "opened": "in_contact", "kept": "completed", "declined": "declined"}
"""State → the status of an application whose colours it has."""


class InviteAction(Base):
    """The action of the list of organisations, for those who say who is in charge of them."""

    def permission_to(self, action: str) -> str:
        return ASSIGN if action == "invite" else super().permission_to(action)

    def has_invite_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(ASSIGN)

    @admin.action(
        description=_("Per Mail einladen, den Eintrag zu pflegen"), permissions=["invite"]
    )
    def invite_organisations(
        self, request: HttpRequest, queryset: QuerySet[Organisation]
    ) -> HttpResponse | None:
        """Shows who gets a mail and who has no address; the button on that page sends."""
        if queryset.count() > inviting.MOST:
            text = __("Bitte wählen Sie höchstens %(number)d Organisationen auf einmal.")
            messages.error(request, text % {"number": inviting.MOST})
            return None
        looked = inviting.look_at(queryset)
        if "confirmed" not in request.POST:
            return self.page(
                request,
                "admin/directory/invite.html",
                __("Organisationen einladen"),
                chosen=looked,
                checkbox=helpers.ACTION_CHECKBOX_NAME,
            )
        count = inviting.invite_organisations(organisations=looked.to_mail, by=user_of(request))
        text = ngettext("%(n)d Organisation eingeladen.", "%(n)d Organisationen eingeladen.", count)
        messages.success(request, text % {"n": count})
        return None


class StateFilter(admin.SimpleListFilter):
    title = _("Stand")
    parameter_name = "stand"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Each state with how many there are."""
        rows = model_admin.get_queryset(request).order_by().values_list("state")
        counts = dict(rows.annotate(number=Count("pk")))
        return [(one.value, f"{one.label} ({counts.get(one.value, 0)})") for one in InvitedState]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(state=self.value()) if self.value() in InvitedState else queryset


@admin.register(InvitedOrganisation)
class InvitedOrganisationAdmin(
    ReadOnlyMixin[InvitedOrganisation], ScopedModelAdmin[InvitedOrganisation]
):
    list_display = ("organisation", "state_badge", "made_at", "deadline", "reminded_at", "by")
    list_select_related = ("organisation", "by")
    list_filter = (StateFilter,)
    search_fields = ("organisation__search_names",)
    ordering = ("-made_at", "-pk")
    fields = (
        *("organisation", "state_badge", "made_at", "deadline", "reminded_at", "opened_at"),
        *("declined_at", "by"),
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found: Any = super().get_queryset(request)
        rows: QuerySet[Any] = found.with_state()
        return rows

    @admin.display(description=_("Stand"), ordering="state")
    def state_badge(self, invited: Any) -> SafeString:
        return display.badge(BADGES[invited.state], str(InvitedState(invited.state).label))
