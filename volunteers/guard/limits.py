"""How often something may be tried from one network address and for one target.

Whatever sends mail or checks a secret is counted: in PostgreSQL, so that all processes and servers
share one count, with one atomic statement, so that two at once never count as one. The libraries for
this (django-ratelimit, the limits of django-allauth, which are switched off) count in Django's cache:
per process without a Redis beside the portal, and read-then-write, so that parallel tries slip through.

The limits stand in ``settings.RATE_LIMITS``. A span of time begins with the first try and ends after
the given seconds, then the count starts anew. Nothing is kept but a keyed hash and a number; nobody
reads an address out of it, and it goes when the span is over (``RateCount.until``).

Counting commits by itself: views run outside of transactions here (no ``ATOMIC_REQUESTS``), and what
a service rolls back later was counted before.
"""

import datetime
import ipaddress
import math
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..errors import DomainError
from ..models import RateCount, SecurityEvent
from . import security_log

View = Callable[..., HttpResponseBase]
Target = Callable[..., object]

LIMITS = "limits"
"""Attribute of a view; decorators that wrap it carry it along."""

COUNT = """
    INSERT INTO volunteers_ratecount AS kept (key, count, until) VALUES (%(key)s, 1, %(until)s)
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN kept.until <= %(now)s THEN 1 ELSE kept.count + 1 END,
        until = CASE WHEN kept.until <= %(now)s THEN excluded.until ELSE kept.until END
    RETURNING count, until
"""


class TooManyTries(DomainError):
    """Over the limit; ``until`` is when the next try counts as the first one again."""

    def __init__(self, until: datetime.datetime) -> None:
        super().__init__()
        self.until = until

    @property
    def retry_after(self) -> int:
        """Whole seconds to wait, at least one."""
        return max(1, math.ceil((self.until - timezone.now()).total_seconds()))

    def __str__(self) -> str:
        """When it works again, rounded up to the minute that a clock shows."""
        minute = datetime.timedelta(minutes=1)
        at = timezone.localtime(self.until + minute - datetime.timedelta(microseconds=1))
        when = date_format(at, "H:i")
        if at.date() != timezone.localdate():
            when = date_format(at, "j. F, H:i")
        return _(
            "Das waren in kurzer Zeit sehr viele Versuche. Ab %(when)s Uhr geht es wieder."
        ) % {"when": when}


def client_address(request: HttpRequest) -> str:
    """The network that a request comes from: an IPv4 address, or the /64 of an IPv6 address.

    A household or a phone has a whole /64, so its single addresses say nothing. Behind the city's
    proxy (``settings.BEHIND_PROXY``) it is the last entry of ``X-Forwarded-For``, the one that this
    proxy added itself; what stands before it was sent by the client and is never believed.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    if settings.BEHIND_PROXY:
        peer = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")[-1].strip() or peer
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address.packed, 64), strict=False))
    return str(address)


def try_once(request: HttpRequest, purpose: str, target: object = None) -> None:
    """Count one try of ``purpose`` by the address of ``request`` and, if given, for ``target``.

    ``target`` is what is tried: a mail address, a token, the key of a record. Upper and lower case
    are the same, and so are the addresses of one mailbox (:func:`mailbox`). Raises ``TooManyTries``.
    What is refused to an address does not count for the target, and where a limit for the ``pair`` of
    both is given, no address uses up all tries for a target: nobody is shut out of their mailbox's
    codes and links by one visitor alone.
    """
    limits = settings.RATE_LIMITS[purpose]
    address = client_address(request)
    _count(purpose, "address", address, limits["address"])
    if target and "target" in limits:
        value = mailbox(str(target))
        if "pair" in limits:
            _count(purpose, "pair", f"{address}|{value}", limits["pair"])
        _count(purpose, "target", value, limits["target"])


def try_for(purpose: str, target: object) -> None:
    """Count one try for ``target``, wherever it comes from. Raises ``TooManyTries``."""
    _count(purpose, "target", str(target), settings.RATE_LIMITS[purpose]["target"])


def may_mail(address: str) -> bool:
    """Count one mail that nobody has proven to want; False above the limit of its mailbox."""
    try:
        try_for("mailbox", mailbox(address))
    except TooManyTries:
        return False
    return True


def mailbox(value: str) -> str:
    """The mailbox behind an address: «Name+News@example.org» reaches «name@example.org»."""
    name, at, host = value.strip().lower().rpartition("@")
    return f"{name.partition('+')[0] or name}{at}{host}"


def _count(purpose: str, of: str, value: str, limit: tuple[int, int]) -> None:
    times, seconds = limit
    now = timezone.now()
    values: dict[str, str | datetime.datetime] = {
        "key": _key(purpose, of, value),
        "now": now,
        "until": now + datetime.timedelta(seconds=seconds),
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNT, values)
        count, until = cursor.fetchone()
    if count == times + 1:  # once in this span of time, however many follow
        security_log.record(SecurityEvent.Kind.LIMITED, about=f"{purpose} {of}")
    if count > times:
        raise TooManyTries(until)


def _key(purpose: str, of: str, value: str) -> str:
    text = f"{purpose}|{of}|{value}"
    return salted_hmac("volunteers.guard.limits", text, algorithm="sha256").hexdigest()


def _require_within(request: HttpRequest, purpose: str) -> None:
    """Refuse an address that has used up its limit; only then it counts. Raises ``TooManyTries``."""
    times, _seconds = settings.RATE_LIMITS[purpose]["address"]
    key = _key(purpose, "address", client_address(request))
    if RateCount.objects.filter(key=key, count__gte=times, until__gt=timezone.now()).exists():
        try_once(request, purpose)


def limited(
    purpose: str, *, target: Target | None = None, methods: tuple[str, ...] = ("POST",)
) -> Callable[[View], View]:
    """Count every request to a view, by default those that POST; over the limit a page says when (429).

    ``purpose`` is a row of ``settings.RATE_LIMITS``. ``target`` says what is tried, given the request
    and the arguments of the view; :func:`posted` and :func:`given` make the usual ones::

        @never_cache
        @require_http_methods(["GET", "HEAD", "POST"])
        @limited("own_link", target=posted("email"))
        def ask_for_link(request): …

        @limited("invitation", target=given("token"))
        def accept(request, token): …

    A form that shall come back with what was typed calls :func:`try_once` itself, once it is valid;
    its view says so with :func:`counts`.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                if request.method in methods:
                    what = target(request, *args, **kwargs) if target else None
                    try_once(request, purpose, what)
                return view(request, *args, **kwargs)
            except TooManyTries as refusal:
                return refused(request, refusal)

        return declared(counted, purpose)

    return decorate


def counts(purpose: str) -> Callable[[View], View]:
    """Say of a view that it calls :func:`try_once` itself, or its ``GuardedForm`` does."""
    return lambda view: declared(view, purpose)


def declared(view: View, purpose: str) -> View:
    """``view`` with ``purpose`` among its :func:`limits_of`. Raises ``ValueError`` for a second time."""
    if purpose in limits_of(view):
        raise ValueError(f"{view} is counted for {purpose} already")
    view.__dict__[LIMITS] = (purpose, *limits_of(view))
    return view


def limits_of(view: View) -> tuple[str, ...]:
    """Rows of ``settings.RATE_LIMITS`` that hold for ``view``, the outermost first."""
    limits: tuple[str, ...] = getattr(view, LIMITS, ())
    return limits


def limited_guesses(purpose: str, *, shut_out: bool = True) -> Callable[[View], View]:
    """Count what a view does not know (404), so that nobody finds by trying.

    With ``shut_out`` an address over the limit gets no answer at all. Without, it can still open what
    it has the right link to: a signature of 256 bits is not guessed, and a house full of people
    shares one address. The guesses are refused and noted all the same.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                if shut_out:
                    _require_within(request, purpose)
                return _unknown_counted(request, purpose, lambda: view(request, *args, **kwargs))
            except TooManyTries as refusal:
                return refused(request, refusal)

        return declared(counted, purpose)

    return decorate


def _unknown_counted(
    request: HttpRequest, purpose: str, answer: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    try:
        response = answer()
    except Http404:
        try_once(request, purpose)
        raise
    if response.status_code == 404:
        try_once(request, purpose)
    return response


def posted(field: str) -> Target:
    """The target is what was typed into ``field``."""
    return lambda request, *args, **kwargs: request.POST.get(field)


def given(argument: str) -> Target:
    """The target is an argument from the address, such as the token."""
    return lambda request, *args, **kwargs: kwargs.get(argument)


def account(request: HttpRequest, *args: Any, **kwargs: Any) -> object:
    """The target is the account that is logged in."""
    return request.user.pk


def refused(request: HttpRequest, refusal: TooManyTries) -> HttpResponse:
    """A plain page that says when it works again."""
    response = render(request, "429.html", {"reason": str(refusal)})
    return told_when(response, refusal)


def told_when(response: HttpResponse, refusal: TooManyTries) -> HttpResponse:
    """Make ``response`` the answer to one try too many: 429, ``Retry-After``, kept by no cache."""
    response.status_code = 429
    response["Retry-After"] = str(refusal.retry_after)
    response["Cache-Control"] = "no-store"
    return response
