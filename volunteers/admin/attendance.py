"""„Teilnahmeliste“: the attendance list of an event, for printing and ticking."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from programs.addresses import admin_path
from programs.admin.base import ScopedAdminMixin
from programs.models import Event, Organisation
from programs.requests import UserRequest

from .. import papers
from ..errors import DomainError
from ..forms.registrations import GuestForm
from ..models import Qualification, Registration, User
from ..models.registrations import RegistrationStatus
from ..services.attendance import admit_at_the_door, may_tick, record_attendance
from ..services.registrations import list_keeper

VIEW, CHANGE = "volunteers.view_registration", "volunteers.change_registration"

BLANK_ROWS = range(6)
"""Empty lines at the end of the printed list, for people who come unannounced."""


def keeps_list(user: User, event: Event) -> bool:
    """Whether ``user`` may see who comes: works for the organisation that keeps the list now, or
    kept it when people registered.
    """
    if user.is_superuser:
        return True
    keeper = list_keeper(event)
    if Organisation.objects.of(user).filter(pk=keeper.pk).exists():
        return True
    seen = Registration.objects.visible_to(user).filter(event=event)
    return seen.exclude(status=RegistrationStatus.INVITED).exists()


class AttendanceViews(ScopedAdminMixin[Event]):
    """Mixin for the admin of events."""

    def attendance_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.attendance_view)
        door = self.admin_site.admin_view(require_safe(self.door_view))
        return [
            path("<path:object_id>/teilnahme/", view, name="programs_event_attendance"),
            path("<path:object_id>/eingang.pdf", door, name="programs_event_door"),
        ]

    def door_view(self, request: UserRequest, object_id: str) -> HttpResponse:
        """The sheet with the QR code for the entrance, for those who keep the list."""
        event = self._of_own_list(request, object_id)
        headers = {"Content-Disposition": f'inline; filename="eingang-{event.slug}.pdf"'}
        return HttpResponse(papers.door_sheet(event), "application/pdf", headers=headers)

    def _of_own_list(self, request: UserRequest, object_id: str) -> Event:
        event = self.get_object(request, object_id)
        if not keeps_list(request.user, event):
            raise Http404
        if not keeps_list(request.user.limited_to(VIEW), event):
            raise PermissionDenied
        return event

    def attendance_view(self, request: UserRequest, object_id: str) -> HttpResponse:
        event = self._of_own_list(request, object_id)
        adds = request.method == "POST" and "add" in request.POST
        form = GuestForm(request.POST if adds else None)
        if request.method == "POST":
            if not keeps_list(request.user.limited_to(CHANGE), event):
                raise PermissionDenied
            if not adds or form.is_valid():
                self._save(request, event, form if adds else None)
                return HttpResponseRedirect(request.path)
        return self._page(request, event, form)

    def _save(self, request: UserRequest, event: Event, form: GuestForm | None) -> None:
        try:
            if form is not None:
                added = admit_at_the_door(event=event, guest=form.guest(), by=request.user)
                messages.success(request, _("%(name)s steht auf der Liste.") % {"name": added.name})
                self._log(request, event, 1)
                return
            changed = record_attendance(event=event, ticked=ticked_now(request), by=request.user)
        except DomainError as error:
            messages.error(request, str(error))
            return
        if changed:
            self._log(request, event, changed)
        text = ngettext("%(n)d Eintrag geändert.", "%(n)d Einträge geändert.", changed)
        messages.success(request, text % {"n": changed} if changed else _("Nichts geändert."))

    def _log(self, request: UserRequest, event: Event, changed: int) -> None:
        """Add an entry to the event's admin log, without names."""
        text = ngettext("Teilnahmeliste: %(n)d Eintrag", "Teilnahmeliste: %(n)d Einträge", changed)
        self.log_change(request, event, text % {"n": changed})

    def _page(self, request: UserRequest, event: Event, form: GuestForm) -> HttpResponse:
        found = Registration.objects.visible_to(request.user).filter(event=event)
        rows = list(
            found.filter(status=RegistrationStatus.REGISTERED).order_by("name__folded", "pk")
        )
        day = timezone.localdate(event.ends_at)
        return self.page(
            request,
            "admin/volunteers/attendance/attendance.html",
            _("Teilnahmeliste"),
            subtitle=event.title,
            event=event,
            rows=rows,
            arrived=sum(row.is_to_be_ticked for row in rows) if may_tick(event) else 0,
            door_url=admin_path(event, "door"),
            present=sum(bool(row.attended) for row in rows),
            waiting=found.filter(status=RegistrationStatus.WAITING).count(),
            blank_rows=BLANK_ROWS,
            may_tick=may_tick(event),
            form=form,
            last_day=Qualification.last_day(day, event.qualification_months),
            back=admin_path(event),
        )


def ticked_now(request: HttpRequest) -> dict[int, bool]:
    """The ticks that the user changed, compared with the page as it was shown, not with the present state.

    The page had ticked those who had checked in themselves; saving it says whether that is right.
    """
    shown, before, arrived, after = (
        {int(v) for v in request.POST.getlist(name) if v.isdecimal() and len(v) < 19}
        for name in ("row", "was", "arrived", "attended")
    )
    changed = {pk for pk in shown if (pk in after) != (pk in before)} | (shown & arrived)
    return {pk: pk in after for pk in changed}
