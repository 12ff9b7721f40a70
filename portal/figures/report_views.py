"""„Berichte“: choose figures, period and split; look at them, take them away."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.utils.translation import gettext as __

from programs.exchange.sending import ExportSite, Sheet, file_name, send_file
from programs.requests import UserRequest
from volunteers.papers import CannotPrint

from .hiding import rule
from .measures import SPLITS
from .paper import report_pdf
from .report import Report
from .report_forms import PDF, ReportExportForm, ReportFilter
from .values import Reader, stands


def report_view(request: UserRequest, site: ExportSite) -> HttpResponseBase:
    """The page. A POST returns what it shows as a file, as everybody may read it, and needs a purpose."""
    if not request.user.has_perm("volunteers.view_figures"):
        raise PermissionDenied
    chosen = ReportFilter(request.GET, stands=stands())
    reader = Reader(request.user, outside=False)
    form = None
    if chosen.stands and request.user.has_perm("volunteers.export_figures"):
        data = request.POST if request.method == "POST" else None
        form = ReportExportForm(data, reads_exact=reader.reads_something_exact)
    if form and form.is_bound and form.is_valid():
        try:
            return _taken_away(request, site, form, chosen)
        except CannotPrint as error:
            form.add_error("format", str(error))
    context = {
        **site.each_context(request),
        "title": __("Berichte"),
        "filter": chosen,
        "report": Report(chosen.chosen, reader),
        "by": SPLITS[chosen.chosen.split],
        "rule": rule(),
        "has_figures": bool(chosen.stands),
        "reads_exact": reader.reads_something_exact,
        "form": form,
    }
    status = 422 if form and form.is_bound else 200
    return TemplateResponse(request, "admin/reports/report.html", context, status=status)


def _taken_away(
    request: UserRequest, site: ExportSite, form: ReportExportForm, chosen: ReportFilter
) -> HttpResponseBase:
    report = Report(chosen.chosen, Reader(request.user, outside=not form.is_inside))
    what = __("Bericht Engagement")
    inside = [__("nur für das Haus")] if form.is_inside else []
    words = ", ".join([report.chosen.words, *inside])
    if form.cleaned_data["format"] != PDF:
        return send_file(request, site, form, Sheet(what, words, report.lines()))
    pdf = report_pdf(report, inside=form.is_inside)
    site.record_export(
        by=request.user,
        what=what,
        purpose=form.cleaned_data["purpose"],
        filter_text=words,
        file_format=PDF,
        rows=sum(len(part.months) + len(part.rows) for part in report.parts),
    )
    headers = {
        "Content-Disposition": f'attachment; filename="{file_name(what, PDF)}"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(pdf, "application/pdf", headers=headers)
