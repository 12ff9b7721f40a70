"""Public pages that are made already, kept for all processes of a web server.

``portal/public.py`` says which pages these are, and by which key: the path, and the parameters that the
page reads. A kept page is right for one version of the content and one minute. The middleware answers with
it before the rest of the portal hears of the request: no session, no form, no template, one small query.
"""

import gzip
import re
import time
from collections.abc import Callable, Collection
from hashlib import blake2b
from typing import NamedTuple, cast

from django.core.cache import BaseCache, caches
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import urlencode

from portal.operations import overload, replica
from portal.operations.outage import OUTAGE
from programs import tracing, versions

TAKES_GZIP = re.compile(r"\bgzip\b")
LONGEST_KEY = 500
"""A page with a longer path and query string, in characters, is made for every request."""
WORTH_IT = 200
"""Bytes from which on an answer is compressed."""
LEVEL = 5
"""Of gzip. Pages are 0.8 % smaller with 6, which takes half as long again."""
MOST_PATHS = 20_000
NOT_KEPT = {"Content-Encoding", "Content-Length", "ETag"}


class Kept(NamedTuple):
    """A page as it is sent, for the version and the minute for which it was made.

    ``etag`` is the one of ``body`` before it was compressed, without quotation marks.
    """

    version: str | None
    minute: int
    headers: list[tuple[str, str]]
    etag: str
    is_zipped: bool
    body: bytes

    def is_right(self, version: str | None, minute: int) -> bool:
        return version is not None and (self.version, self.minute) == (version, minute)


class Order(NamedTuple):
    """What the view of a public page asks of the middleware: keep this response under ``key``."""

    key: str
    reads: Collection[str] | None
    at_once: bool
    version: str | None
    minute: int


class Known(NamedTuple):
    """A page that may be answered at once: the parameters that it reads (None: all), and its pattern."""

    reads: Collection[str] | None
    route: str


_known: dict[str, Known] = {}
"""By its path."""


def this_minute() -> int:
    return int(time.time() // 60)


def key_of(request: HttpRequest, reads: Collection[str] | None) -> str:
    """Path and query string, in the order of the names, without what the page does not read.

    Empty values are left out: browsers send one for every empty field of a form. A page that reads
    everything gets it as it is.
    """
    if reads is None:
        return f"{request.path}?{request.META['QUERY_STRING']}"
    names = sorted(name for name in request.GET if name in reads)
    pairs = [(name, value) for name in names for value in request.GET.getlist(name) if value]
    return f"{request.path}?{urlencode(pairs)}"


def look_up(key: str) -> Kept | None:
    """The page that is kept, also one of another version or minute."""
    return cast("Kept | None", _cache(key).get(key)) if len(key) <= LONGEST_KEY else None


def _cache(key: str) -> BaseCache:
    """Answers to questions have a memory of their own, so that they push out no page that all people see."""
    return caches["pages" if key.endswith("?") else "answers"]


def answer(request: HttpRequest, kept: Kept) -> HttpResponse:
    """``kept`` as this client takes it: compressed or not; 304 if it has the page already."""
    takes_it = kept.is_zipped and TAKES_GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    etag = f'"{kept.etag}-gzip"' if takes_it else f'"{kept.etag}"'
    asked = request.META.get("HTTP_IF_NONE_MATCH")
    if asked == etag:
        response = HttpResponse(status=304)
    else:
        body = gzip.decompress(kept.body) if kept.is_zipped and not takes_it else kept.body
        response = HttpResponse(body, headers={"Content-Length": str(len(body))})
        if takes_it:
            response.headers["Content-Encoding"] = "gzip"
    for name, value in kept.headers:
        response.headers[name] = value
    response.headers["ETag"] = etag
    if asked is None or response.status_code == 304:
        return response
    return cast("HttpResponse", get_conditional_response(request, etag, None, response))


def _made(response: HttpResponse, order: Order) -> Kept:
    """The same bytes for the same page in every process, so that its ETag is a strong one."""
    patch_vary_headers(response, ["Accept-Encoding"])
    headers = [(name, value) for name, value in response.items() if name not in NOT_KEPT]
    body = response.content
    etag = blake2b(body, digest_size=12).hexdigest()
    is_zipped = len(body) >= WORTH_IT
    if is_zipped:
        body = gzip.compress(body, LEVEL, mtime=0)
    return Kept(order.version, order.minute, headers, etag, is_zipped, body)


class KeptPagesMiddleware:
    """Stands before all that reads or writes anything of a person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = _known.get(request.path)
        if known and request.method in {"GET", "HEAD"}:
            request.get_host()  # refuses a host that is not the portal's
            kept = look_up(key_of(request, known.reads))
            if kept and self._is_right(request, kept):
                tracing.note_route(known.route)
                return answer(request, kept)
        response = self.get_response(request)
        order: Order | None = getattr(response, "kept_by", None)
        if order is None or response.status_code != 200 or response.cookies:
            return response
        made = _made(response, order)
        if order.version is not None and len(order.key) <= LONGEST_KEY:
            _cache(order.key).set(order.key, made)
            if order.at_once and len(_known) < MOST_PATHS:
                _known[request.path] = Known(order.reads, tracing.current().route)
        return answer(request, made)

    def _is_right(self, request: HttpRequest, kept: Kept) -> bool:
        """Whether to answer with ``kept``: it is right, or PostgreSQL is away and it is all that there is."""
        if OUTAGE.is_on():
            return True
        try:
            version = replica.preferred(versions.current)
        except (OperationalError, InterfaceError) as error:
            overload.note(error)
            return True
        versions.hand_on(request, version)
        return kept.is_right(version, this_minute())
