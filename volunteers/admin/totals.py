"""Totals of hours by year, programme and district, without personal data."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, cast

from django.db.models import Count, F, Max, Min, Sum
from django.db.models.functions import ExtractYear
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.admin.base import ScopedAdminMixin
from programs.counting import counts_of
from programs.exchange.admin import LEFT_OUT, ExportAdminMixin
from programs.exchange.cells import exported
from programs.exchange.forms import ExportForm
from programs.exchange.sending import ExportSite, Sheet, send_file
from programs.models import Organisation
from programs.requests import UserRequest

from ..figures import tally
from ..models import HoursEntry, Tally, User
from ..models.thanks import HoursEntryQuerySet, hours_label
from ..reads.engaged import PROGRAMME_TITLE, programme_title

CONFIRMED, ALL = "bestaetigt", "alle"


class TotalsViews(ExportAdminMixin, ScopedAdminMixin[HoursEntry]):
    """The page and its file; mixin for the admin of hours."""

    def totals_view(self, request: UserRequest) -> HttpResponseBase:
        """Hours of the organisations that the user works for; a POST returns the table as a file."""
        if not self.has_view_permission(request):
            return HttpResponse(status=403)
        counted = ALL if request.GET.get("zaehlen") == ALL else CONFIRMED
        exporting = self.exporting(request)
        only_confirmed = counted == CONFIRMED
        years = self._years(request, only_confirmed=only_confirmed)
        year = chosen_year(request, years)
        shown = self._rows(request, request.user, year, only_confirmed=only_confirmed)
        words = _words(counted, year)
        form = ExportForm(request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid() and self.has_export_permission(request):
            taken = self._rows(request, exporting, year, only_confirmed=only_confirmed)
            lines = as_lines(taken, words, source())
            sheet = Sheet(_("Summen der Stunden"), words, lines)
            return send_file(request, cast("ExportSite", self.admin_site), form, sheet)
        return self.page(
            request,
            "admin/volunteers/hours/totals.html",
            _("Summen der Stunden"),
            http_status=200,
            rows=[row | {"label": hours_label(row["hours"])} for row in shown],
            total=hours_label(sum((row["hours"] for row in shown), start=Decimal(0))),
            years=years,
            year=year,
            counted=counted,
            words=words,
            organisations=_names_of(request),
            left_out=LEFT_OUT if exporting.only_roles is not None else "",
            now=timezone.localtime(),
            source=source(),
            form=form if shown else None,
            may_export=self.has_export_permission(request),
        )

    def _rows(
        self, request: HttpRequest, user: User, year: int | None, *, only_confirmed: bool
    ) -> list[dict[str, Any]]:
        """The table for ``user``, of one year or of all."""
        hours = cast("HoursEntryQuerySet", self.get_queryset(request)).visible_to(user)
        if year is not None:
            hours = hours.filter(on__year=year)
        kept = hours_of_deleted(user, only_confirmed=only_confirmed)
        kept = [row for row in kept if year in (None, row["year"])]
        return together(totals(hours, only_confirmed=only_confirmed), kept)

    def _years(self, request: UserRequest, *, only_confirmed: bool) -> list[int]:
        """The years that the table for the user has rows of, newest first; each is asked for one row only."""
        hours = cast("HoursEntryQuerySet", self.get_queryset(request)).visible_to(request.user)
        hours = hours.confirmed() if only_confirmed else hours
        found = {
            row["year"] for row in hours_of_deleted(request.user, only_confirmed=only_confirmed)
        }
        bounds = HoursEntry.objects.aggregate(first=Min("on"), last=Max("on"))
        if bounds["first"]:
            years = range(bounds["first"].year, bounds["last"].year + 1)
            # of all hours, the first of a year is found by its day; of some, by whose they are
            order = ["on"] if request.user.is_superuser else []
            firsts = [hours.filter(on__year=year).order_by(*order)[:1] for year in years]
            counts = counts_of(firsts)
            found |= {year for year, count in zip(years, counts, strict=True) if count}
        return sorted(found, reverse=True)


def totals(hours: HoursEntryQuerySet, *, only_confirmed: bool) -> list[dict[str, Any]]:
    """One row per year, organisation, programme and district, newest year first; one query."""
    counted = hours.confirmed() if only_confirmed else hours
    rows: Any = (
        counted.order_by()
        .values(
            year=ExtractYear("on"),
            organisation=F("application__organisation__title"),
            programme=PROGRAMME_TITLE,
            place=F("district__short_name"),
        )
        .annotate(hours=Sum("hours"), entries=Count("pk"))
        .order_by("-year", "organisation", "programme", "district__number")
    )
    return list(rows)


def hours_of_deleted(user: User, *, only_confirmed: bool) -> list[dict[str, Any]]:
    """The same for people whose data is deleted, from the stored counts, for organisations of ``user``."""
    kept = Tally.objects.filter(kind=Tally.Kind.HOURS)
    if not user.is_superuser:
        kept = kept.filter(organisation__in=Organisation.objects.of(user))
    if only_confirmed:
        kept = kept.filter(outcome=tally.CONFIRMED)
    rows: Any = (
        kept.order_by()
        .values(
            year=ExtractYear("month"),
            organisation_title=F("organisation__title"),
            programme=programme_title("entry"),
            place=F("district__short_name"),
        )
        .annotate(sum=Sum("hours"), entries=Sum("count"))
    )
    return list(rows)


def together(rows: list[dict[str, Any]], kept: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row for each year, organisation, programme and district: live and deleted hours added up."""
    sums = {_key(row): row for row in rows}
    for one in kept:
        row = {
            "year": one["year"],
            "organisation": one["organisation_title"],
            "programme": one["programme"],
            "place": one["place"],
            "hours": one["sum"],
            "entries": one["entries"],
        }
        if (known := sums.get(_key(row))) is not None:
            row["hours"] += known["hours"]
            row["entries"] += known["entries"]
        sums[_key(row)] = row
    return sorted(sums.values(), key=_key) if kept else rows


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    names = ("organisation", "programme", "place")
    return (-row["year"], *(row[name] or "" for name in names))


def chosen_year(request: HttpRequest, years: list[int]) -> int | None:
    """The requested year, else the newest one with data; None for all years."""
    asked = request.GET.get("jahr", "")
    if asked == ALL:
        return None
    if asked.isdecimal() and len(asked) == 4:
        return int(asked)
    return years[0] if years else timezone.localdate().year


def source() -> str:
    return _("Stundeneinträge im Freiwilligenportal Stuttgart")


def as_lines(rows: list[dict[str, Any]], words: str, origin: str) -> Iterator[list[Any]]:
    """The table for a spreadsheet; every row has its Stand and source."""
    yield [
        _("Jahr"),
        _("Organisation"),
        _("Programm"),
        _("Stadtbezirk"),
        _("Stunden"),
        _("Einträge"),
        _("gezählt"),
        _("Stand"),
        _("Quelle"),
    ]
    as_of = timezone.localdate()
    for row in rows:
        values = [
            row["year"],
            row["organisation"],
            row["programme"] or _("ohne Programm"),
            row["place"] or _("ohne Stadtbezirk"),
            float(row["hours"]),
            row["entries"],
            words,
            as_of,
            origin,
        ]
        yield [exported(value) for value in values]


def _words(counted: str, year: int | None) -> str:
    """What is counted, as text for the log and for every row of the file."""
    what = _("nur bestätigte Stunden") if counted == CONFIRMED else _("auch unbestätigte Stunden")
    when = year or _("alle Jahre")
    return f"{what}, {when}"


def _names_of(request: HttpRequest) -> list[str]:
    """The organisations whose hours are shown; for the Portalverwaltung all of them."""
    if request.user.is_superuser:
        return [_("alle Organisationen")]
    own = Organisation.objects.of(request.user)
    return list(own.order_by("title").values_list("title", flat=True))
