"""The pages of a large export: how far it is, and its file."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from programs.requests import UserRequest

from ..models import ExportFile
from .background import is_too_long, may_have, parts_of
from .reloading import reloading
from .sending import ExportSite, file_name
from .sheets import MOST_ROWS
from .writers import EXPORT_FORMATS

REFRESH_SECONDS = 3


def _find(request: UserRequest, pk: int) -> ExportFile | None:
    """The person's own export. 403 if they may not export everything in it any more."""
    file = ExportFile.objects.visible_to(request.user).filter(pk=pk).first()
    if file is not None and not may_have(file, request.user):
        raise PermissionDenied
    return file


def progress_view(request: UserRequest, site: ExportSite, pk: int) -> HttpResponseBase:
    """How far the export is. A POST deletes it."""
    file = _find(request, pk)
    if file is None:
        return _gone(request, site)
    if request.method == "POST":
        ExportFile.objects.filter(pk=file.pk).withdraw()
        messages.success(request, _("Der Export ist gelöscht."))
        return HttpResponseRedirect(reverse("admin:index"))
    title = _("Export: %(list)s") % {"list": file.what}
    context = {**site.each_context(request), "title": title, "file": file}
    context |= {"is_too_long": is_too_long(file), "most_rows": MOST_ROWS}
    response = TemplateResponse(request, "admin/exchange/file.html", context)
    if file.is_unfinished:
        return reloading(request, response, seconds=REFRESH_SECONDS)
    return response


@require_safe
def content_view(request: UserRequest, site: ExportSite, pk: int) -> HttpResponseBase:
    file = _find(request, pk)
    if file is None:
        return _gone(request, site)
    if not file.is_done:
        return HttpResponseRedirect(reverse("admin:export_file", args=[pk]))
    fmt = EXPORT_FORMATS[file.format]
    response = StreamingHttpResponse(parts_of(file), content_type=fmt.content_type)
    name = file_name(file.what, fmt.key)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Length"] = str(file.size)
    response["Cache-Control"] = "private, no-store"
    return response


def _gone(request: UserRequest, site: ExportSite) -> HttpResponse:
    """The same for a file that has expired, one of somebody else, and one that never was."""
    context = {**site.each_context(request), "title": _("Diese Datei gibt es nicht mehr")}
    return TemplateResponse(request, "admin/exchange/file.html", context, status=404)
