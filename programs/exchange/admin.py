"""Export and import pages of the administration, based on django-import-export's mixins."""

from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.admin import ExportMixin, ImportMixin
from import_export.formats.base_formats import Format
from import_export.results import RowResult

from programs.requests import UserRequest, user_of

from ..addresses import admin_path
from .forms import ExportForm, SheetImportForm, SignedConfirmForm
from .readers import FileProblem, read_sheet
from .resources import SheetResource, as_dataset
from .sending import Sheet, send_file
from .uploads import UploadGoneError, UploadStorage, signed

if TYPE_CHECKING:
    from volunteers.models import User

PREVIEWED = 100
"""Maximum number of rows in a preview. The totals above it count all rows."""

LOGGED_AS = {RowResult.IMPORT_TYPE_NEW: ADDITION, RowResult.IMPORT_TYPE_UPDATE: CHANGE}

LEFT_OUT = gettext_lazy(
    "Nicht dabei sind Zeilen der Organisationen, bei denen Ihre Rolle nicht exportieren darf."
)


def in_roles_with(request: HttpRequest, perm: str) -> "User":
    """The user, limited to those of their roles that have ``perm`` (``User.limited_to``)."""
    return user_of(request).limited_to(perm)


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

    import_export_change_list_template = "admin/exchange/change_list.html"

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self._has_exchange_permission(request, "export")

    def _has_exchange_permission(self, request: HttpRequest, action: str) -> bool:
        return request.user.has_perm(f"{self.opts.app_label}.{action}_{self.opts.model_name}")

    def exporting(self, request: HttpRequest) -> "User":
        """The user, limited to the roles that may export this list.

        Example: a coordinator who is also a deputy elsewhere exports no rows of the other organisation.
        """
        return in_roles_with(request, f"{self.opts.app_label}.export_{self.opts.model_name}")

    def exported_rows(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The ``rows`` that the user may export."""
        visible_to = getattr(rows, "visible_to", None)
        return visible_to(self.exporting(request)) if visible_to else rows

    def resource(self, request: HttpRequest) -> SheetResource:
        return cast("SheetResource", self.resource_classes[0](user=self.exporting(request)))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions: dict[str, Any] = super().get_actions(request)
        if self.has_export_permission(request):
            label = _("Ausgewählte exportieren")
            actions["export_selected"] = (
                ExportAdminMixin.export_selected,
                "export_selected",
                label,
            )
        return actions

    def export_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse:
        """Admin action: opens the export page for the selected rows."""
        chosen = list(self.exported_rows(request, queryset).values_list("pk", flat=True))
        if not chosen:
            messages.error(request, LEFT_OUT)
            return HttpResponseRedirect(request.get_full_path())
        form = ExportForm(initial={"ids": ",".join(map(str, chosen))})
        return self._export_page(request, form, len(chosen), queryset.count())

    def export_action(self, request: UserRequest) -> HttpResponseBase:
        """The page that asks for purpose and format. A valid POST returns the file."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        try:
            changelist = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(request.path)
        form = ExportForm(request.POST if request.method == "POST" else None)
        if not (form.is_bound and form.is_valid()):
            count = self.exported_rows(request, changelist.queryset).count()
            return self._export_page(request, form, count, changelist.result_count)
        rows = self.exported_rows(request, changelist.queryset)
        words = filter_text(changelist)
        if ids := form.cleaned_data["ids"]:
            rows = rows.filter(pk__in=ids)
            words = "; ".join(filter(None, [words, _("ausgewählte Zeilen")]))
        lines = self.resource(request).rows(rows)
        sheet = Sheet(str(self.opts.verbose_name_plural), words, lines)
        return send_file(request, self.admin_site, form, sheet)

    def _export_page(
        self, request: HttpRequest, form: ExportForm, count: int, listed: int
    ) -> HttpResponse:
        """The export form. ``count`` rows will be exported, of ``listed`` rows in the list."""
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        context = {
            **self.admin_site.each_context(request),
            "title": _("%(list)s exportieren") % {"list": self.opts.verbose_name_plural},
            "opts": self.opts,
            "form": form,
            "count": count,
            "left_out": LEFT_OUT if count < listed else "",
            "columns": [field.column_name for field in self.resource(request).get_export_fields()],
            "export_url": f"{admin_path(self.opts, 'export')}{query}",
        }
        return TemplateResponse(request, "admin/exchange/export.html", context)


class SheetFormat(Format):
    """All kinds of tables that the portal can read. It is the only import format of import-export here."""

    def __init__(self, encoding: str | None = None) -> None:
        """``encoding`` is ignored: the reader detects it."""

    def get_title(self) -> str:
        return "Tabelle"

    def can_import(self) -> bool:
        return True

    def create_dataset(self, in_stream: bytes) -> Any:
        return as_dataset(read_sheet(in_stream))


class ImportAdminMixin(ImportMixin):
    """Upload, preview, confirm. The confirmation imports all rows or none; before it nothing changes."""

    import_export_change_list_template = "admin/exchange/change_list.html"
    import_template_name = "admin/exchange/import.html"
    import_form_class = SheetImportForm
    confirm_form_class = SignedConfirmForm
    import_formats = (SheetFormat,)
    tmp_storage_class = UploadStorage

    def has_import_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(f"{self.opts.app_label}.import_{self.opts.model_name}")

    def get_import_resource_kwargs(self, request: HttpRequest, **kwargs: Any) -> dict[str, Any]:
        return {"user": self.importing(request)}

    def importing(self, request: HttpRequest) -> "User":
        """The user, limited to the roles that may import this list."""
        return in_roles_with(request, f"{self.opts.app_label}.import_{self.opts.model_name}")

    def get_confirm_form_kwargs(
        self, request: HttpRequest, import_form: Any = None
    ) -> dict[str, Any]:
        return {**super().get_confirm_form_kwargs(request, import_form), "user": request.user}

    def get_confirm_form_initial(self, request: HttpRequest, import_form: Any) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_confirm_form_initial(request, import_form)
        if initial:
            initial["import_file_name"] = signed(initial["import_file_name"], request.user)
        return initial

    def add_data_read_fail_error_to_form(self, form: Any, e: Exception) -> None:
        if not isinstance(e, FileProblem):
            raise e
        form.add_error("import_file", str(e))

    def import_action(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The upload and its preview. A file that cannot be confirmed is deleted at once."""
        response = super().import_action(request, **kwargs)
        context = response.context_data
        self._add_to_page(request, context)
        upload = context["form"].files.get("import_file") if context["form"].is_bound else None
        name = getattr(upload, "tmp_storage_name", None)
        if name and not context.get("confirm_form"):
            UploadStorage(name=name).remove()
        return cast("HttpResponse", response)

    def _add_to_page(self, request: HttpRequest, context: dict[str, Any]) -> None:
        resource = self.resource_classes[0](user=self.importing(request))
        result = context.get("result")
        context |= {
            "title": _("%(list)s importieren") % {"list": self.opts.verbose_name_plural},
            "columns": [
                (field.column_name, name in resource.required)
                for name in resource.get_export_order()
                if not (field := resource.fields[name]).readonly
            ],
            "preview": result.valid_rows()[:PREVIEWED] if result else [],
            "previewed": PREVIEWED,
        }

    def process_import(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Import the previewed file. After a second click the file is gone, and a message says so."""
        try:
            response = super().process_import(request, **kwargs)
        except UploadGoneError:
            response = None
        if response is None or getattr(response, "context_data", {}).get("errors"):
            messages.error(
                request,
                _("Diese Datei liegt nicht mehr bereit. Bitte laden Sie sie noch einmal hoch."),
            )
            return HttpResponseRedirect(self._import_url())
        return cast("HttpResponse", response)

    def _import_url(self) -> str:
        return admin_path(self.opts, "import")

    def process_result(self, result: Any, request: HttpRequest) -> HttpResponse:
        """Imports nothing if rows are bad now because data has changed since the preview."""
        if result.base_errors or result.problems:
            messages.error(
                request,
                _(
                    "Seit der Vorschau hat sich etwas geändert. Es wurde nichts übernommen; "
                    "bitte laden Sie die Datei noch einmal hoch."
                ),
            )
            return HttpResponseRedirect(self._import_url())
        return cast("HttpResponse", super().process_result(result, request))

    def add_success_message(self, result: Any, request: HttpRequest) -> None:
        text = _("Import fertig: %(new)d neu, %(update)d geändert, %(skip)d unverändert.")
        messages.success(request, text % result.totals)

    def generate_log_entries(self, result: Any, request: HttpRequest) -> None:
        """One entry in the admin log for each new or changed record."""
        user = user_of(request)
        for import_type, flag in LOGGED_AS.items():
            rows = [row.instance for row in result if row.import_type == import_type]
            LogEntry.objects.log_actions(user.pk, rows, flag, change_message="Import")


class ExchangeAdminMixin(ImportAdminMixin, ExportAdminMixin):
    """Export and import."""
