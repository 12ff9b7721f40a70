"""``/api/v1/``: what is public, as JSON and CSV, for reading only.

Answers are kept like public pages (``portal/public.py``) and may be read from pages of other sites
(CORS). They are German, whatever language somebody prefers.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt

from programs.exchange.writers import csv_chunks
from programs.models import Organisation
from volunteers.guard.limits import TooManyTries, counts, told_when, try_once

from .asking import BadQuestion, Question, key
from .description import description
from .licences import ATTRIBUTION, licence
from .lists import LISTS, OF_ORGANISATIONS, OpenList

View = Callable[..., HttpResponse]
ALLOWED = "GET, HEAD, OPTIONS"
UNKNOWN = "Diese Adresse gibt es nicht. Alle Listen stehen unter /api/v1/."
GONE = "Diesen Datensatz gibt es nicht, oder er ist nicht mehr öffentlich."


def failed(status: int, message: str) -> HttpResponse:
    return _json({"status": status, "error": message}, status)


def open_to_all(view: View) -> View:
    """A page for programs of any site: limited, with answers in JSON whatever happens.

    Nothing here changes anything or reads a cookie, so a form of another site may ask, too, and gets 405.
    """

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "OPTIONS":
            response = HttpResponse(status=204)
        elif request.method not in {"GET", "HEAD"}:
            response = failed(405, "Hier kann man nur lesen (GET).")
        else:
            try:
                try_once(request, "open_data")
                with override(settings.LANGUAGE_CODE):
                    response = view(request, *args, **kwargs)
            except TooManyTries as refusal:
                message = "Das waren in kurzer Zeit sehr viele Abrufe. Bitte warten Sie etwas."
                response = told_when(failed(429, message), refusal)
        return _for_any_site(response)

    return cast(View, csrf_exempt(counts("open_data")(answered)))


def _for_any_site(response: HttpResponse) -> HttpResponse:
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "ETag, Link, Retry-After"
    if response.status_code in {204, 405}:
        response["Allow"] = response["Access-Control-Allow-Methods"] = ALLOWED
        response["Access-Control-Allow-Headers"] = "If-None-Match"
        response["Access-Control-Max-Age"] = "86400"
    return response


def _json(content: dict[str, Any], status: int = 200) -> HttpResponse:
    return JsonResponse(
        content, status=status, json_dumps_params={"ensure_ascii": False, "allow_nan": False}
    )


def in_own_words() -> dict[str, str]:
    """The licence as every answer names it."""
    own = licence()
    return {
        "id": own.key,
        "title": own.title,
        "url": own.address,
        "attribution": ATTRIBUTION,
    }


def address(name: str, *args: Any) -> str:
    return settings.SITE_URL + reverse(f"open_data:{name}", args=args)


def start(request: HttpRequest) -> HttpResponse:
    """What lists there are."""
    lists = [
        {
            "name": one.name,
            "title": one.title,
            "url": address("api_list", one.name),
            "csv": address("api_csv", one.name),
        }
        for one in LISTS.values()
    ]
    return _json(
        {"license": in_own_words(), "description": address("api_description"), "lists": lists}
    )


def describe(request: HttpRequest) -> HttpResponse:
    return _json(description(address("api")))


def unknown(request: HttpRequest, rest: str) -> HttpResponse:
    return failed(404, UNKNOWN)


def list_of(request: HttpRequest, name: str) -> HttpResponse:
    """One page of a list."""
    asked = LISTS.get(name)
    if asked is None:
        return failed(404, UNKNOWN)
    try:
        question = Question.of(request.GET, asked)
    except BadQuestion as refusal:
        return failed(400, str(refusal))
    found, rows = question.page(asked.rows()), question.changed(asked.all_rows())
    shown, has_more = found[: question.limit], len(found) > question.limit
    following = f"{address('api_list', name)}?{question.following(shown[-1])}" if has_more else None
    response = _json(
        {
            "license": in_own_words(),
            "total": rows.count(),
            "next": following,
            "items": [asked.in_json(row) for row in shown],
        }
    )
    if following:
        response["Link"] = f'<{following}>; rel="next"'
    return response


def item(request: HttpRequest, name: str, number: str) -> HttpResponse:
    """One record; an organisation that was merged or is of another kind now leads to where it is."""
    asked = LISTS.get(name)
    if asked is None:
        return failed(404, UNKNOWN)
    if request.GET:
        return failed(400, "Diese Adresse hat keine Parameter.")
    try:
        row = asked.rows().filter(pk=key(number, asked)).first()
    except BadQuestion:
        row = None
    else:
        if row is None and (elsewhere := _moved(asked, number)):
            response = failed(301, "Dieser Datensatz steht jetzt unter einer anderen Adresse.")
            response["Location"] = elsewhere
            return response
    if row is None:
        return failed(404, GONE)
    return _json({"license": in_own_words(), "item": asked.in_json(row)})


def _moved(asked: OpenList, number: str) -> str | None:
    if asked.name not in OF_ORGANISATIONS.values():
        return None
    now = Organisation.objects.filter(is_published=True).current(int(number))
    return address("api_item", OF_ORGANISATIONS[now.kind], now.pk) if now else None


def table(request: HttpRequest, name: str) -> HttpResponse:
    """A whole list as CSV."""
    asked = LISTS.get(name)
    if asked is None:
        return failed(404, UNKNOWN)
    if request.GET:
        return failed(400, "Diese Adresse hat keine Parameter: Die Datei enthält die ganze Liste.")
    response = HttpResponse(
        b"".join(csv_chunks(asked.table())), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Link"] = f'<{licence().address}>; rel="license"'
    return response
