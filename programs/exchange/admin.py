"""Export pages of the administration, based on django-import-export's mixin; with the import pages beside them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.admin import ExportMixin

from programs.requests import UserRequest, user_of

from ..addresses import admin_path
from ..counting import Counted, counts_of
from ..models import ExportFile, SavedList
from ..seeing import narrowed, permission
from .background import order
from .forms import ListExportForm
from .import_admin import ImportAdminMixin
from .resources import SheetResource
from .sending import Sheet, send_file
from .sheets import MOST_ROWS, Row
from .writers import EXPORT_FORMATS

if TYPE_CHECKING:
    from volunteers.models import User

LEFT_OUT = gettext_lazy(
    "Nicht dabei sind Zeilen der Organisationen, bei denen Ihre Rolle nicht exportieren darf."
)


def takes_long(count: Counted) -> bool:
    """Whether a worker makes the file: of many rows, and of a list that is too long to be counted."""
    return bool(count.words) or count > settings.EXPORT_AT_ONCE_ROWS


def has_room(form: ListExportForm, rows: QuerySet[Any], count: Counted) -> bool:
    """Whether the format of the valid ``form`` has room for ``rows``; if not, the form says so.

    Where the number is estimated as too large, the rows are counted so far. Where it is not known, the
    worker finds out before it writes.
    """
    fmt = EXPORT_FORMATS[form.cleaned_data["format"]]
    if fmt.holds(count) or form.cleaned_data.get("letters"):
        return True
    if count.words and fmt.holds(counts_of([rows], MOST_ROWS + 1)[0]):
        return True
    text = _(
        "Die Liste hat mehr als %(most)s Zeilen. Bitte nehmen Sie CSV, oder filtern Sie die Liste."
    )
    form.add_error("format", text % {"most": Counted(MOST_ROWS).grouped})
    return False


def filter_text(changelist: Any) -> str:
    """The filters and the search of a list in words, for the log of exports."""
    parts = [_("Suche: %(text)s") % {"text": changelist.query}] if changelist.query else []
    for spec in changelist.filter_specs:
        chosen = [c["display"] for c in list(spec.choices(changelist))[1:] if c.get("selected")]
        parts += [f"{spec.title}: {', '.join(map(str, chosen))}"] if chosen else []
    hierarchy = changelist.date_hierarchy
    if hierarchy:
        parts += [
            f"{k}={v}"
            for k, v in changelist.get_filters_params().items()
            if k.startswith(hierarchy)
        ]
    return "; ".join(parts)


class ExportAdminMixin(ExportMixin):
    """Exports the rows of a list that the user sees, with the list's filter and search.

    The form asks for the purpose, which is logged (``sending``).
    """

    letters: type[SheetResource] | None = None
    """The addresses of the rows for a mail merge, if they have any."""
    import_export_change_list_template = "admin/exchange/change_list.html"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.actions: Any = (*(self.actions or ()), "export_selected")

    def has_export_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(permission("export", self.opts.model))

    def exporting(self, request: HttpRequest) -> "User":
        """The user, limited to the roles that may export this list.

        Example: a coordinator who is also a deputy elsewhere exports no rows of the other organisation.
        """
        return user_of(request).limited_to(permission("export", self.opts.model))

    def exported_rows(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The ``rows`` that the user may export."""
        return narrowed(rows, self.exporting(request))

    def resource(self, request: HttpRequest) -> SheetResource:
        return cast("SheetResource", self.resource_classes[0](user=self.exporting(request)))

    def lines(
        self, request: HttpRequest, rows: QuerySet[Any], columns: list[str], *, letters: bool
    ) -> Iterator[Row]:
        """The rows of the file: those of the list, or one a letter."""
        if letters and self.letters:
            return self.letters(user=self.exporting(request)).rows(rows)
        return self.resource(request).rows(rows, columns)

    def offers_action(self, request: HttpRequest, name: str) -> bool:
        allowed = name != "export_selected" or self.has_export_permission(request)
        return allowed and bool(super().offers_action(request, name))

    @admin.action(description=gettext_lazy("Ausgewählte exportieren"))
    def export_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
        """Opens the export page for the selected rows."""
        chosen = list(self.exported_rows(request, queryset).values_list("pk", flat=True))
        if not chosen:
            messages.error(request, LEFT_OUT)
            return HttpResponseRedirect(request.get_full_path())
        form = self._export_form(request, initial={"ids": ",".join(map(str, chosen))})
        count = Counted(len(chosen))
        return self._export_page(request, form, count, is_less=count < queryset.count())

    def _export_form(self, request: HttpRequest, data: Any = None, **more: Any) -> ListExportForm:
        more |= {"offered": self.resource(request).offered(), "has_letters": bool(self.letters)}
        return ListExportForm(data, **more)

    def export_action(
        self, request: UserRequest, saved: SavedList | None = None
    ) -> HttpResponseBase:
        """The page that asks for purpose, columns and format. A valid POST returns the file.

        ``saved`` is the saved list that is exported; its filter is in the query of the request.
        """
        if not self.has_export_permission(request):
            raise PermissionDenied
        try:
            changelist = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(request.path)
        data = request.POST if request.method == "POST" else None
        begin = {"columns": saved.columns, "letters": saved.letters} if saved else {}
        form = self._export_form(request, data, initial=begin)
        if not (form.is_bound and form.is_valid()):
            count = self._number_of(request, changelist)
            listed: Counted = changelist.result_count
            is_less = count is not listed and (count < listed or bool(listed.words))
            return self._export_page(request, form, count, saved, is_less=is_less)
        ids = form.cleaned_data["ids"]
        rows, words = self._chosen_rows(request, changelist, ids)
        words = "; ".join(filter(None, [words, form.in_words()]))
        count = Counted(rows.count()) if ids else self._number_of(request, changelist)
        if takes_long(count):
            if not has_room(form, rows, count):
                return self._export_page(request, form, count, saved, is_less=False)
            return self._ordered(request, form, words)
        letters = form.cleaned_data.get("letters", False)
        lines = self.lines(request, rows, form.cleaned_data["columns"], letters=letters)
        what = str(self.opts.verbose_name_plural)
        sheet = Sheet(what, words, lines, None if letters else int(count))
        return send_file(request, self.admin_site, form, sheet)

    def _number_of(self, request: HttpRequest, changelist: Any) -> Counted:
        """How many rows will be exported: the number of the list; of a part of it, counted until it is large."""
        seeing = user_of(request).limited_to(permission("view", self.opts.model))
        if seeing.roles <= self.exporting(request).roles:
            return cast("Counted", changelist.result_count)
        rows = self.exported_rows(request, changelist.queryset)
        return counts_of([rows], settings.EXPORT_AT_ONCE_ROWS)[0]

    def _chosen_rows(
        self, request: HttpRequest, changelist: Any, ids: list[int]
    ) -> tuple[QuerySet[Any], str]:
        """The rows that the user exports from the list as it is filtered, and the filter in words."""
        rows, words = self.exported_rows(request, changelist.queryset), filter_text(changelist)
        if not ids:
            return rows, words
        words = "; ".join(filter(None, [words, _("ausgewählte Zeilen")]))
        return rows.filter(pk__in=ids), words

    def asked_for(
        self, request: HttpRequest, file: ExportFile
    ) -> tuple[QuerySet[Any], Iterator[Row]]:
        """The records of a large export and its lines, for a worker."""
        rows, _words = self._chosen_rows(request, self.get_changelist_instance(request), file.ids)
        return rows, self.lines(request, rows, file.columns, letters=file.letters)

    def _ordered(self, request: UserRequest, form: ListExportForm, words: str) -> HttpResponse:
        """Have a worker make the file, and show how far it is."""
        file = order(
            by=request.user,
            model=self.opts.label_lower,
            what=str(self.opts.verbose_name_plural),
            query=request.GET.urlencode(),
            filter=words,
            **form.cleaned_data,
        )
        return HttpResponseRedirect(reverse("admin:export_file", args=[file.pk]))

    def _export_page(
        self,
        request: HttpRequest,
        form: ListExportForm,
        count: Counted,
        saved: SavedList | None = None,
        *,
        is_less: bool,
    ) -> HttpResponse:
        """The export form. ``count`` rows will be exported; ``is_less``: the list has others, too."""
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        there = {name for name, _heading in form.offered}
        context = {
            **self.admin_site.each_context(request),
            "title": _("%(list)s exportieren") % {"list": self.opts.verbose_name_plural},
            "subtitle": saved or "",
            "opts": self.opts,
            "form": form,
            "count": count,
            "left_out": LEFT_OUT if is_less else "",
            "takes_long": takes_long(count),
            "most_rows": MOST_ROWS,
            "files": ExportFile.objects.visible_to(request.user),
            "columns_gone": bool(saved and not there.issuperset(saved.columns)),
            "export_url": request.path if saved else f"{admin_path(self.opts, 'export')}{query}",
        }
        return TemplateResponse(request, "admin/exchange/export.html", context)


class ExchangeAdminMixin(ImportAdminMixin, ExportAdminMixin):
    """Export and import."""
