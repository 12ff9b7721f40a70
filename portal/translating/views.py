"""The pages „Übersetzungen“ of the administration: only languages that the user may translate."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as __
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from programs.models.translated import GERMAN
from programs.requests import UserRequest
from programs.texts import keep

from . import xliff
from .access import TRANSLATE, languages_of
from .forms import XliffForm
from .importing import plan, write
from .kinds import BY_SLUG, KINDS, Line, lines
from .simple import form_class

View = Callable[..., HttpResponseBase]
SHOWN = 200
"""So many changes or refusals of a file are shown."""


class Site(Protocol):
    def each_context(self, request: HttpRequest) -> dict[str, Any]: ...

    def admin_view(self, view: View, cacheable: bool = False) -> View: ...


def paths(site: Site) -> list[URLPattern]:
    one = "uebersetzungen/<slug:language>/"

    def page(address: str, view: View, name: str) -> URLPattern:
        @wraps(view)
        def shown(request: UserRequest, **kwargs: Any) -> HttpResponseBase:
            return view(request, site, **kwargs)

        return path(address, site.admin_view(shown), name=name)

    return [
        page("uebersetzungen/", languages_view, "translations"),
        page("uebersetzungen/von/<slug:kind>/<int:pk>/", of_view, "translations_of"),
        page(one, list_view, "translations_language"),
        page(f"{one}datei/", require_safe(file_view), "translations_file"),
        page(f"{one}einlesen/", import_view, "translations_import"),
        page(f"{one}<slug:kind>/<int:pk>/", record_view, "translations_record"),
    ]


def languages_view(request: UserRequest, site: Site) -> HttpResponseBase:
    """The languages, each with a way to its list."""
    return _page(
        request,
        site,
        "admin/translating/languages.html",
        __("Übersetzungen"),
        languages=_languages(request),
    )


def list_view(request: UserRequest, site: Site, language: str) -> HttpResponseBase:
    """The records of a kind, or of all, each with „5 von 7“; ``?luecken=1``: where something is missing."""
    name = _language(request, language)
    found = lines(language)
    kind = BY_SLUG.get(request.GET.get("art", ""))
    only_gaps = bool(request.GET.get("luecken"))
    shown = [
        line
        for line in found
        if (kind is None or line.kind == kind) and (line.gaps or not only_gaps)
    ]
    context: dict[str, Any] = {
        "language": language,
        "language_name": name,
        "kinds": [(one, _counted([line for line in found if line.kind == one])) for one in KINDS],
        "kind": kind,
        "only_gaps": only_gaps,
        "total": _counted(found),
        "lines": shown,
    }
    return _page(
        request, site, "admin/translating/list.html", __("Übersetzungen: %s") % name, **context
    )


def of_view(request: UserRequest, site: Site, kind: str, pk: int) -> HttpResponseBase:
    """One record: how much of it is translated into each language of the user."""
    languages = _languages(request)
    line = _line(next(iter(languages), GERMAN), kind, pk)
    record = line.kind.model._base_manager.get(pk=pk)
    counted = [(code, name, len(record.translated(code))) for code, name in languages.items()]
    context: dict[str, Any] = {"line": line, "counted": counted, "of": len(line.names)}
    return _page(request, site, "admin/translating/of.html", line.label, **context)


def record_view(
    request: UserRequest, site: Site, language: str, kind: str, pk: int
) -> HttpResponseBase:
    """German beside the fields of one language. Two who save at once lose nothing (:func:`programs.texts.keep`)."""
    name = _language(request, language)
    line = _line(language, kind, pk)
    data = request.POST if request.method == "POST" else None
    form = form_class(language)(data, record=line.record, language=language)
    if form.is_bound and form.is_valid():
        line.record.pk = line.pk
        texts = form.texts()
        if texts:
            keep(line.record, language, texts)
        messages.success(request, __("Gespeichert: %(name)s") % {"name": line.label})
        return redirect("admin:translations_record", language, kind, pk)
    context = {"language": language, "language_name": name, "line": line, "form": form}
    title = f"{line.label}: {name}"
    return _page(
        request,
        site,
        "admin/translating/record.html",
        title,
        422 if form.errors else 200,
        **context,
    )


def file_view(request: UserRequest, site: Site, language: str) -> HttpResponseBase:
    """The XLIFF file of what is missing; ``?alles=1``: of everything."""
    _language(request, language)
    everything = bool(request.GET.get("alles"))
    document = xliff.written(language, lines(language), everything=everything)
    headers = {
        "Content-Disposition": f'attachment; filename="freiwilligenportal-{language}.xlf"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(document, "application/x-xliff+xml", headers=headers)


def import_view(request: UserRequest, site: Site, language: str) -> HttpResponseBase:
    """First the file, then what it changes, then the change."""
    name = _language(request, language)
    form = XliffForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    made = None
    if form.is_bound and form.is_valid():
        try:
            units = xliff.read(form.cleaned_data["xml"], language)
        except xliff.XliffProblem as problem:
            form.add_error("file", str(problem))
        else:
            made = plan(units, lines(language))
            if "confirmed" in request.POST:
                return _written(request, language, write_in_one(made))
    context = {
        "language": language,
        "language_name": name,
        "form": form,
        "plan": made,
        "changes": made.changes[:SHOWN] if made else [],
        "refused": made.refused[:SHOWN] if made else [],
        "content": form.cleaned_data["xml"].decode(errors="replace") if made else "",
    }
    title = __("Datei einlesen: %s") % name
    return _page(
        request,
        site,
        "admin/translating/import.html",
        title,
        422 if form.errors else 200,
        **context,
    )


def write_in_one(made: Any) -> int:
    with transaction.atomic():
        return write(made)


def _written(request: UserRequest, language: str, number: int) -> HttpResponseBase:
    text = ngettext("%(n)d Text übernommen.", "%(n)d Texte übernommen.", number)
    messages.success(request, text % {"n": number})
    return redirect("admin:translations_language", language)


def _languages(request: UserRequest) -> dict[str, str]:
    if not request.user.has_perm(TRANSLATE):
        raise PermissionDenied
    return languages_of(request)


def _language(request: UserRequest, code: str) -> str:
    """The name of the language; 404 if the user does not translate into it."""
    found = _languages(request)
    if code not in found:
        raise Http404
    return found[code]


def _line(language: str, kind: str, pk: int) -> Line:
    if kind not in BY_SLUG:
        raise Http404
    found = lines(language, (BY_SLUG[kind],), pk=pk)
    if not found:
        raise Http404
    return found[0]


def _counted(found: list[Line]) -> dict[str, int]:
    return {
        "done": sum(len(line.done) for line in found),
        "of": sum(len(line.names) for line in found),
        "old": sum(len(line.old) for line in found),
    }


def _page(
    request: UserRequest, site: Site, template: str, title: str, status: int = 200, **more: Any
) -> TemplateResponse:
    context = {**site.each_context(request), "title": title, "start": reverse("admin:translations")}
    return TemplateResponse(request, template, context | more, status=status)
