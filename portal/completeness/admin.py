"""The page „Wie vollständig ist das Verzeichnis?“, its file, and the lists that its numbers lead to.

Replaces the list of entries of ``programs``.
"""

from collections.abc import Iterator
from typing import Any, ClassVar, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from portal.compared import COUNTED, Compared, compare
from portal.figures.key_figures import figure_series
from programs.addresses import admin_path
from programs.admin.entries import EntryAdmin
from programs.exchange.cells import exported
from programs.exchange.forms import ExportForm
from programs.exchange.sending import ExportSite, Sheet, send_file
from programs.models import Entry, Organisation
from programs.requests import UserRequest, user_of

from .lacks import BY_SLUG, LACKS, Cell, Completeness, Row, lacking

EXPORT = "programs.export_organisation"
NOWHERE = _("ohne Stadtbezirk")
admin.site.unregister(Entry)


class LackFilter(admin.SimpleListFilter):
    """Counts what the board counts: published entries that have not ended."""

    title = _("es fehlt")
    parameter_name = "fehlt"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(lack.slug, lack.label) for lack in LACKS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        lack = BY_SLUG.get(self.value() or "")
        return lacking(queryset, lack) if lack else queryset


@admin.register(Entry)
class BoardAdmin(EntryAdmin):
    change_list_template = "admin/completeness/entries.html"
    list_filter: ClassVar[tuple[Any, ...]] = (
        *EntryAdmin.list_filter[:1],
        LackFilter,
        *EntryAdmin.list_filter[1:],
    )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.board_view)
        return [path("vollstaendig/", view, name="programs_entry_board"), *super().get_urls()]

    def board_view(self, request: UserRequest) -> HttpResponseBase:
        """The numbers of the user's entries. A valid POST returns them as a file, and needs a purpose."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        may_export = request.user.has_perm(EXPORT)
        form = ExportForm(request.POST if request.method == "POST" else None)
        if form.is_bound and may_export and form.is_valid():
            return self._sent(request, form)
        numbers = Completeness(Entry.objects.visible_to(request.user))
        return self.page(
            request,
            "admin/completeness/board.html",
            __("Wie vollständig ist das Verzeichnis?"),
            bars=[Bar(cell, cell_url(cell)) for cell in numbers.whole.cells],
            entries=numbers.whole.entries,
            rows=[Shown(row) for row in numbers.districts],
            compared=[Counted(one) for one in compare(figure_series()).values()],
            form=form if may_export else None,
            now=timezone.localtime(),
        )

    def _sent(self, request: UserRequest, form: ExportForm) -> HttpResponseBase:
        seen = Entry.objects.visible_to(user_of(request).limited_to(EXPORT))
        lines = as_lines(Completeness(seen))
        sheet = Sheet(__("Wie vollständig ist das Verzeichnis?"), __("eigene Einträge"), lines)
        return send_file(request, cast("ExportSite", self.admin_site), form, sheet)


def cell_url(cell: Cell, row: Row | None = None) -> str:
    """The list of the entries that a number counts."""
    where: dict[str, Any] = {}
    if row is not None and row.district is not None:
        where = {"districts__number__exact": row.district.pk}
    elif row is not None:
        where = {"districts__isnull": "True"}
    return admin_path(Entry, fehlt=cell.lack.slug, **where)


class Bar:
    """One bar of the chart, and its row of the table."""

    def __init__(self, cell: Cell, url: str) -> None:
        self.cell, self.url = cell, url


class Shown:
    """One district with the addresses of its lists."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.name = str(row.district.short_name if row.district else NOWHERE)
        self.bars = [Bar(cell, cell_url(cell, row)) for cell in row.cells]


class Counted:
    """What the city counted, what the portal knows, and the lists of both."""

    def __init__(self, compared: Compared) -> None:
        self.compared = compared
        kind = COUNTED[compared.series.slug]
        self.known_url = admin_path(Organisation, type__exact=kind.value, is_published__exact=1)
        self.drafts_url = admin_path(Organisation, type__exact=kind.value, is_published__exact=0)


def as_lines(numbers: Completeness) -> Iterator[list[Any]]:
    """One line for each number; every line has its Stand and source."""
    yield [
        __("Stadtbezirk"),
        __("Was fehlt"),
        __("fehlt bei"),
        __("von Einträgen"),
        __("Prozent"),
        __("Stand"),
        __("Quelle"),
    ]
    as_of, source = timezone.localdate(), __("Verzeichnis des Freiwilligenportals Stuttgart")
    named = [(Shown(row).name, row) for row in numbers.districts]
    for name, row in [(__("ganze Stadt"), numbers.whole), *named]:
        for cell in row.cells:
            values = [name, cell.lack.label, cell.missing, cell.of, cell.percent, as_of, source]
            yield [exported(value) for value in values]
