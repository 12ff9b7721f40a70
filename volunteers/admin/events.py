"""Events with the people who come, which only this app knows. Replaces the admin of ``programs``."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from programs.addresses import admin_path
from programs.admin.events import EventAdmin
from programs.admin.only import OnlyFilter
from programs.models import Event
from programs.one_row import number_of
from programs.requests import user_of

from ..models import Registration
from ..models.registrations import RegistrationStatus
from ..services.attendance import lists_to_tick
from .attendance import AttendanceViews, keeps_list
from .inviting import InvitingViews, may_invite

admin.site.unregister(Event)


class ListFilter(OnlyFilter):
    """Events that took place and whose attendance nobody has entered."""

    title = _("Teilnahmeliste")
    parameter_name = "liste"
    choice = ("offen", _("abzuhaken"))

    def only(self, request: HttpRequest, rows: Any) -> QuerySet[Any]:
        return lists_to_tick(rows, user_of(request))


@admin.register(Event)
class EventWithListAdmin(InvitingViews, AttendanceViews, EventAdmin):
    change_form_template = "admin/volunteers/events/change_form.html"
    list_filter = (*EventAdmin.list_filter[:1], ListFilter, *EventAdmin.list_filter[1:])
    list_display = (
        "title",
        "kind",
        "starts_at",
        "place",
        "organisation",
        "seats",
        "is_published",
        "is_cancelled",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Adds the numbers of the list, and whether the user may see who is on it."""
        seen = Registration.objects.visible_to(request.user).filter(event=OuterRef("pk"))
        seen = seen.exclude(status=RegistrationStatus.INVITED)
        holding, waiting = Registration.objects.holding_a_seat(), Registration.objects.waiting()
        return (
            super()
            .get_queryset(request)
            .annotate(
                held=number_of(holding, "event"),
                waiting=number_of(waiting, "event"),
                has_list=Exists(seen),
            )
        )

    def get_urls(self) -> list[URLPattern]:
        return [*self.attendance_urls(), *self.inviting_urls(), *super().get_urls()]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        event: Event | None = context["original"]
        if event is not None and keeps_list(user_of(request), event):
            context["attendance_url"] = self._attendance_url(event)
            context["registrations_url"] = admin_path(Registration, event__id__exact=event.pk)
            if may_invite(user_of(request), event):
                context["invite_url"] = admin_path(event, "invite")
        return super().render_change_form(request, context, *args, **kwargs)

    def _attendance_url(self, event: Event) -> str:
        return admin_path(event, "attendance")

    @admin.display(description=_("Teilnahme"))
    def seats(self, event: Any) -> SafeString | str:
        """„3 von 12, 2 wartend“, a link for users who may see the list; a dash where no registration is needed."""
        if not event.takes_registrations and not event.held:
            return "–"
        text = str(event.held)
        if event.capacity is not None:
            text = __("%(held)d von %(all)d") % {"held": event.held, "all": event.capacity}
        if event.waiting:
            text += ", " + __("%(n)d wartend") % {"n": event.waiting}
        if not event.has_list:
            return text
        return format_html('<a href="{}">{}</a>', self._attendance_url(event), text)
