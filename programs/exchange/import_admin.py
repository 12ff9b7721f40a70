"""Import pages of the administration: upload, columns, preview, result. A worker does the work between them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.urls.resolvers import URLPattern
from django.utils.translation import gettext as _

from ..addresses import admin_path
from ..models import ListImport
from ..requests import user_of
from ..seeing import permission
from . import steps
from .alike import UndecidedForm
from .columns import Columns
from .forms import ColumnsForm, UploadForm
from .reading.table import Table
from .reloading import reloading
from .resources import SheetResource

if TYPE_CHECKING:
    from volunteers.models import User

State = ListImport.State
REFRESH_SECONDS = 2
"""Between two looks at a list that a worker has."""
TEMPLATES = {
    State.REFUSED: "admin/exchange/import_refused.html",
    State.COLUMNS: "admin/exchange/import_columns.html",
    State.PREVIEW: "admin/exchange/import_preview.html",
    State.DONE: "admin/exchange/import_done.html",
}
WAITING = "admin/exchange/import_wait.html"


class ImportAdminMixin:
    """Upload, columns, preview, confirm. The confirmation imports all rows or none; before it nothing changes."""

    opts: Any
    admin_site: Any
    resource_classes: Any
    page: Callable[..., TemplateResponse]
    """Of ``PagesMixin``, as every model admin of the portal has it."""

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_import"
        view = self.admin_site.admin_view
        own = [
            path("import/", view(self.upload_view), name=name),
            path("import/<uuid:pk>/", view(self.import_view), name=f"{name}_list"),
        ]
        others: list[URLPattern] = super().get_urls()  # type: ignore[misc]  # of the model admin
        return own + others

    def _import_perm(self) -> str:
        return permission("import", self.opts.model)

    def may_import(self, user: "User") -> bool:
        return user.has_perm(self._import_perm())

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.may_import(user_of(request))

    def import_resource(self, user: "User") -> SheetResource:
        """The list as ``user`` may import it, in those of their roles that may."""
        return cast(
            "SheetResource", self.resource_classes[0](user=user.limited_to(self._import_perm()))
        )

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        more = {
            **(extra_context or {}),
            "has_import_permission": self.has_import_permission(request),
        }
        return cast("HttpResponse", super().changelist_view(request, more))  # type: ignore[misc]  # of the model admin

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        """The form for the file. A valid POST keeps the file and lets a worker read it."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        is_sent = request.method == "POST"
        form = UploadForm(request.POST, request.FILES) if is_sent else UploadForm()
        if is_sent and form.is_valid():
            upload = steps.keep(
                file=form.cleaned_data["import_file"],
                owner=user_of(request),
                target=self.opts.label_lower,
            )
            return redirect(upload)
        columns = Columns(resource := self.import_resource(user_of(request)))
        names = [(label, key in resource.required) for key, label in columns.labels.items()]
        return self._import_page(
            request, "admin/exchange/import_upload.html", form=form, columns=names
        )

    def import_view(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """One uploaded list at its present step. A POST takes it to the next one."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        own = ListImport.objects.visible_to(request.user).defer("data")
        upload = own.filter(pk=pk, target=self.opts.label_lower).first()
        if upload is None:
            raise Http404
        if request.method == "POST":
            return self._next_step(request, upload)
        return self._step_page(request, upload)

    def _next_step(self, request: HttpRequest, upload: ListImport) -> HttpResponse:
        match request.POST.get("step"):
            case "columns" if upload.state == State.COLUMNS:
                form = self._columns_form(request, upload, request.POST)
                if not form.is_valid():
                    return self._import_page(
                        request, TEMPLATES[State.COLUMNS], form=form, upload=upload
                    )
                steps.understand(upload=upload, form=form)
            case "decide" if upload.state == State.PREVIEW:
                undecided = self._undecided_form(upload, request.POST)
                if not undecided.is_valid():
                    return self._import_page(
                        request, TEMPLATES[State.PREVIEW], form=undecided, upload=upload
                    )
                steps.decide(upload=upload, form=undecided)
            case "back":
                steps.back_to_columns(upload=upload)
            case "confirm":
                steps.confirm(upload=upload, digest=request.POST.get("digest", ""))
            case "discard":
                steps.discard(upload=upload)
                return HttpResponseRedirect(self._list_url())
        return redirect(upload)

    def _step_page(self, request: HttpRequest, upload: ListImport) -> HttpResponse:
        more: dict[str, Any] = {"upload": upload}
        if upload.state == State.COLUMNS:
            more["form"] = self._columns_form(request, upload)
        if upload.state == State.PREVIEW:
            more["form"] = self._undecided_form(upload)
        if upload.is_working:
            more["total"] = len(upload.table["rows"]) if upload.table else 0
        response = self._import_page(request, TEMPLATES.get(State(upload.state), WAITING), **more)
        if upload.is_working:
            return reloading(request, response, seconds=REFRESH_SECONDS)
        return response

    def _columns_form(
        self, request: HttpRequest, upload: ListImport, data: Any = None
    ) -> ColumnsForm:
        columns = Columns(self.import_resource(user_of(request)))
        return ColumnsForm(
            data, columns=columns, upload=upload, table=Table.from_json(upload.table or {})
        )

    @staticmethod
    def _undecided_form(upload: ListImport, data: Any = None) -> UndecidedForm:
        return UndecidedForm(data, rows=(upload.preview or {}).get("undecided", []))

    def _import_page(self, request: HttpRequest, template: str, **more: Any) -> HttpResponse:
        title = _("%(list)s importieren") % {"list": self.opts.verbose_name_plural}
        return self.page(request, template, title, **more)

    def _list_url(self) -> str:
        return admin_path(self.opts)
