"""Visit counts in the administration: the page for the phone, the list, and sums by month."""

import datetime
from collections.abc import Iterator
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.addresses import admin_path
from programs.admin.base import ScopedAdminMixin, ScopedModelAdmin
from programs.admin.present import PresentFilter
from programs.exchange.admin import ExchangeAdminMixin
from programs.exchange.cells import exported
from programs.exchange.forms import ExportForm
from programs.exchange.sending import ExportSite, Sheet, send_file
from programs.requests import UserRequest

from ..forms import CountsForm
from ..models import VisitCount, WelcomeRoom
from ..resources import VisitCountResource
from ..visits import Month, by_month, keep_counts

WEEK = 7
MONTHS_SHOWN = 12
CHANGE = "welcome_rooms.change_visitcount"
VIEW = "welcome_rooms.view_visitcount"


class VisitsOfRoomViews(ScopedAdminMixin[WelcomeRoom]):
    """„Besuche“: how many came today, on another day, or in a week. Mixin for the admin of rooms."""

    def visits_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.visits_view)
        return [
            path("<path:object_id>/besuche/", view, name="welcome_rooms_welcomeroom_visits"),
        ]

    def visits_view(self, request: UserRequest, object_id: str) -> HttpResponse:
        room = self.get_object(request, object_id)
        if not request.user.has_perm(VIEW, room):
            raise PermissionDenied
        prefetch_related_objects([room], "offers", "closures")
        is_week = "woche" in request.GET
        day = asked_day(request)
        days = whole_week(day) if is_week else [day]
        form = CountsForm(request.POST if request.method == "POST" else None, room=room, days=days)
        if request.method == "POST":
            if not request.user.has_perm(CHANGE, room):
                raise PermissionDenied
            if form.is_valid():
                self._keep(request, room, form)
                return HttpResponseRedirect(request.get_full_path())
        return self._visits_page(request, room, form, days, is_week=is_week)

    def _keep(self, request: UserRequest, room: WelcomeRoom, form: CountsForm) -> None:
        counts = form.counts()
        keep_counts(room=room, counts=counts)
        if not counts:
            messages.info(request, _("Nichts geändert."))
            return
        self.log_change(request, room, _("Besuchszahlen eingetragen."))
        messages.success(request, _("Gespeichert. Danke!"))

    def _visits_page(
        self,
        request: UserRequest,
        room: WelcomeRoom,
        form: CountsForm,
        days: list[datetime.date],
        *,
        is_week: bool,
    ) -> HttpResponse:
        today = timezone.localdate()
        step = datetime.timedelta(days=WEEK if is_week else 1)
        after = days[0] + step
        return self.page(
            request,
            "admin/welcome_rooms/visits.html",
            _("Besuche"),
            subtitle=room.title,
            room=room,
            form=form,
            day=days[0],
            today=today,
            is_week=is_week,
            days=[(one, form.rows_of(one), room.why_closed_on(one)) for one in days],
            before=days[0] - step,
            after=after if after <= today else None,
            months=by_month(VisitCount.objects.filter(room=room))[:MONTHS_SHOWN],
            may_change=request.user.has_perm(CHANGE, room),
            back=admin_path(room),
        )


def asked_day(request: HttpRequest) -> datetime.date:
    """The day in the address; today if it is none, lies in the future or long ago."""
    today = timezone.localdate()
    try:
        day = datetime.date.fromisoformat(request.GET.get("tag", ""))
    except ValueError:
        return today
    return day if datetime.date(2000, 1, 1) <= day <= today else today


def whole_week(day: datetime.date) -> list[datetime.date]:
    """Monday to Sunday of the week of ``day``, without days to come."""
    monday = day - datetime.timedelta(days=day.weekday())
    days = [monday + datetime.timedelta(days=n) for n in range(WEEK)]
    return [one for one in days if one <= timezone.localdate()]


SPLITS = {
    "raum": (gettext_lazy("Willkommensraum"), "room__title"),
    "bezirk": (gettext_lazy("Stadtbezirk"), "room__districts__short_name"),
    "stadt": (gettext_lazy("ganze Stadt"), ""),
}
"""How the sums may be split: name in the address → (heading, column)."""


@admin.register(VisitCount)
class VisitCountAdmin(ExchangeAdminMixin, ScopedModelAdmin[VisitCount]):
    """New counts are entered on the page of the room, in which a day has one number per offer."""

    resource_classes = (VisitCountResource,)
    import_export_change_list_template = "admin/welcome_rooms/visit_list.html"
    list_display = ("day", "room", "offer_label", "number", "is_estimate")
    list_select_related = ("room", "offer")
    list_filter = (("room", PresentFilter), "is_estimate")
    date_hierarchy = "day"
    ordering = ("-day", "-pk")
    fields = ("room", "offer_label", "day", "number", "is_estimate")
    readonly_fields = ("room", "offer_label", "day")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description=gettext_lazy("Angebot"), ordering="offer__title")
    def offer_label(self, count: VisitCount) -> str:
        return count.offer.title if count.offer else _("alles andere")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.months_view)
        return [
            path("monate/", view, name="welcome_rooms_visitcount_months"),
            *super().get_urls(),
        ]

    def months_view(self, request: UserRequest) -> HttpResponseBase:
        """Visits by month, of all rooms that the user sees; a POST returns the table as a file."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        split = request.GET.get("nach", "")
        split = split if split in SPLITS else "raum"
        heading, column = SPLITS[split]
        rows = by_month(self.get_queryset(request), column)
        may_export = self.has_export_permission(request)
        form = ExportForm(request.POST if may_export and request.method == "POST" else None)
        if form.is_valid():
            sheet = Sheet(_("Besuche nach Monat"), str(heading), as_lines(rows, str(heading)))
            return send_file(request, cast("ExportSite", self.admin_site), form, sheet)
        return self.page(
            request,
            "admin/welcome_rooms/months.html",
            _("Besuche nach Monat"),
            rows=rows,
            splits=SPLITS,
            split=split,
            heading=heading,
            now=timezone.localtime(),
            form=form if rows else None,
            may_export=may_export,
        )


def as_lines(rows: list[Month], heading: str) -> Iterator[list[Any]]:
    """The table for a spreadsheet; every row has its Stand and source."""
    yield [
        _("Monat"),
        heading,
        _("Besuche"),
        _("davon geschätzt"),
        _("Anteil geschätzt in Prozent"),
        _("Stand"),
        _("Quelle"),
    ]
    as_of = timezone.localdate()
    for row in rows:
        place = row.of or _("ganze Stadt")
        values = [row.first_day, place, row.number, row.estimated, row.share, as_of, source()]
        yield [exported(value) for value in values]


def source() -> str:
    return _("Besuchszahlen der Willkommensräume im Freiwilligenportal Stuttgart")
