"""Rate limits: how often something may be tried by one network address and for one target.

Every request that sends mail or checks a secret is counted. The counts are in PostgreSQL, so that
all processes and servers share them, and one atomic statement counts, so that two requests at once
never count as one. The libraries for this (django-ratelimit, and the limits of django-allauth,
which are switched off) count in Django's cache: for each process separately when there is no Redis,
and with a read before the write, so that parallel tries slip through.

The limits are in ``settings.RATE_LIMITS``. A time window begins with the first try and ends after
the given seconds; then the count starts again (``counting.py``).

A count commits on its own: views run outside of transactions here (no ``ATOMIC_REQUESTS``), and
when a service rolls back later, the try still counts.
"""

import datetime
import ipaddress
import math
from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from programs.unsent import unsent, way_back

from ..errors import DomainError
from ..models import RateCount, SecurityEvent
from . import counting, security_log

View = Callable[..., HttpResponseBase]
Target = Callable[..., object]

LIMITS = "limits"
"""Attribute on a view; decorators that use ``wraps`` copy it."""
RIGHT = "secret_was_right"
"""Attribute on a request."""


class TooManyTries(DomainError):
    """The limit is exceeded; from ``until`` on tries count from one again."""

    def __init__(self, until: datetime.datetime) -> None:
        super().__init__()
        self.until = until

    @property
    def retry_after(self) -> int:
        """Whole seconds to wait, at least one."""
        return max(1, math.ceil((self.until - timezone.now()).total_seconds()))

    @property
    def when(self) -> str:
        """The time of day when it works again, rounded up to the next minute."""
        minute = datetime.timedelta(minutes=1)
        at = timezone.localtime(self.until + minute - datetime.timedelta(microseconds=1))
        today = at.date() == timezone.localdate()
        return date_format(at, "H:i" if today else _("j. F, H:i"))

    def __str__(self) -> str:
        """A sentence with that time."""
        return _(
            "Das waren in kurzer Zeit sehr viele Versuche. Ab %(when)s Uhr geht es wieder."
        ) % {"when": self.when}


def client_address(request: HttpRequest) -> str:
    """The network of the client: an IPv4 address, or the /64 of an IPv6 address.

    A household or a phone has a whole /64, so its single addresses mean nothing. Behind the city's
    proxy (``settings.BEHIND_PROXY``) it is the last entry of ``X-Forwarded-For``, which this proxy
    added itself. The entries before it come from the client and are not trusted.
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


Counted = tuple[str, str, tuple[int, int]]
"""What one try counts for: one of „address“, „pair“ and „target“, its value, and the limit."""


def _counted(request: HttpRequest, purpose: str, target: object) -> Iterator[Counted]:
    limits = settings.RATE_LIMITS[purpose]
    address = client_address(request)
    yield "address", address, limits["address"]
    if target and "target" in limits:
        value = mailbox(str(target))
        if "pair" in limits:
            yield "pair", f"{address}|{value}", limits["pair"]
        yield "target", value, limits["target"]


def try_once(request: HttpRequest, purpose: str, target: object = None) -> None:
    """Count one try of ``purpose`` by the network of ``request`` and, if given, for ``target``.

    ``target`` is what is tried: a mail address, a token, the key of a record. Upper and lower case
    are the same, and so are the addresses of one mailbox (:func:`mailbox`). Raises
    ``TooManyTries``. A try that is refused to the network does not count for the target. Where a
    limit for the ``pair`` of both is given, one network cannot use up all tries for a target: so a
    single visitor cannot lock others out of the codes and links of their mailbox.
    """
    _count(purpose, list(_counted(request, purpose, target)))


def give_back(request: HttpRequest, purpose: str, target: object = None) -> None:
    """Take back one :func:`try_once`: it was no guess, because the secret was right."""
    for of, value, _limit in _counted(request, purpose, target):
        counting.take_back(counting.key_of(purpose, of, value))


def was_right(request: HttpRequest) -> None:
    """Note that this request brought the right secret; see ``wrong_only`` of :func:`limited`."""
    setattr(request, RIGHT, True)


def try_for(purpose: str, target: object) -> None:
    """Count one try for ``target``, from any network. Raises ``TooManyTries``."""
    _count(purpose, [("target", str(target), settings.RATE_LIMITS[purpose]["target"])])


def may_mail(address: str) -> bool:
    """Count one mail that its receiver may not have asked for; False above the limit of the mailbox."""
    try:
        try_for("mailbox", mailbox(address))
    except TooManyTries:
        return False
    return True


def mailbox(value: str) -> str:
    """The mailbox behind an address: „Name+News@example.org“ reaches „name@example.org“."""
    name, at, host = value.strip().lower().rpartition("@")
    return f"{name.partition('+')[0] or name}{at}{host}"


def _count(purpose: str, tried: Sequence[Counted]) -> None:
    counters = [
        counting.Counter(counting.key_of(purpose, of, value), *limit) for of, value, limit in tried
    ]
    for (of, _value, (times, _seconds)), (count, until) in zip(
        tried, counting.count_each(counters), strict=False
    ):
        if count == times + 1:  # only once in a window, however many tries follow
            security_log.record(SecurityEvent.Kind.LIMITED, about=f"{purpose} {of}")
        if count > times:
            raise TooManyTries(until)


def _require_within(request: HttpRequest, purpose: str) -> None:
    """Refuse a network that is over its limit; counts nothing itself. Raises ``TooManyTries``."""
    times, _seconds = settings.RATE_LIMITS[purpose]["address"]
    key = counting.key_of(purpose, "address", client_address(request))
    if RateCount.objects.filter(key=key, count__gte=times, until__gt=timezone.now()).exists():
        try_once(request, purpose)


def limited(
    purpose: str,
    *,
    target: Target | None = None,
    methods: tuple[str, ...] = ("POST",),
    wrong_only: bool = False,
) -> Callable[[View], View]:
    """Count every request to a view, by default each POST; over the limit the response is a page with 429.

    With ``wrong_only`` the try of a request that :func:`was_right` is taken back. It was counted
    before the check all the same, so that many guesses at once do not slip through.

    ``purpose`` is a key of ``settings.RATE_LIMITS``. ``target`` is a function of the request and
    the view's arguments that returns what is tried; :func:`posted` and :func:`given` make the usual
    ones::

        @never_cache
        @require_http_methods(["GET", "HEAD", "POST"])
        @limited("own_link", target=posted("email"))
        def ask_for_link(request): …

        @limited("invitation", target=given("token"))
        def accept(request, token): …

    A form that has to come back with what was typed calls :func:`try_once` itself, after
    validation; its view declares that with :func:`counts`.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            counts = request.method in methods
            what = target(request, *args, **kwargs) if counts and target else None
            try:
                if counts:
                    try_once(request, purpose, what)
                response = view(request, *args, **kwargs)
            except TooManyTries as refusal:
                return refused(request, refusal)
            if counts and wrong_only and getattr(request, RIGHT, False):
                give_back(request, purpose, what)
            return response

        return declared(counted, purpose)

    return decorate


def counts(purpose: str) -> Callable[[View], View]:
    """Declare that a view, or its ``GuardedForm``, calls :func:`try_once` itself."""
    return lambda view: declared(view, purpose)


def declared(view: View, purpose: str) -> View:
    """``view`` with ``purpose`` added to its :func:`limits_of`. Raises ``ValueError`` if it is there already."""
    if purpose in limits_of(view):
        raise ValueError(f"{view} is counted for {purpose} already")
    view.__dict__[LIMITS] = (purpose, *limits_of(view))
    return view


def limits_of(view: View) -> tuple[str, ...]:
    """The keys of ``settings.RATE_LIMITS`` that apply to ``view``, the outermost first."""
    limits: tuple[str, ...] = getattr(view, LIMITS, ())
    return limits


def limited_guesses(purpose: str, *, shut_out: bool = True) -> Callable[[View], View]:
    """Count responses of a view with 404, so that nobody finds tokens or codes by guessing.

    With ``shut_out`` a network over the limit gets no more answers at all. Without it, right links
    still work for that network: nobody can guess a signature of 256 bits, and a whole house may
    share one address. Its wrong guesses get 429 and are logged.
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
    """The target is the value of the form field ``field``."""
    return lambda request, *args, **kwargs: request.POST.get(field)


def given(argument: str) -> Target:
    """The target is an argument of the view, such as the token."""
    return lambda request, *args, **kwargs: kwargs.get(argument)


def account(request: HttpRequest, *args: Any, **kwargs: Any) -> object:
    """The target is the account that is logged in."""
    return request.user.pk


def refused(request: HttpRequest, refusal: TooManyTries) -> HttpResponse:
    """A plain page that says when it works again, and has what was typed."""
    context = {"reason": str(refusal), "unsent": unsent(request), "back": way_back(request)}
    response = render(request, "429.html", context)
    return told_when(response, refusal)


def told_when(response: HttpResponse, refusal: TooManyTries) -> HttpResponse:
    """Turn ``response`` into the answer for an exceeded limit: 429, ``Retry-After``, not cacheable."""
    response.status_code = 429
    response["Retry-After"] = str(refusal.retry_after)
    response["Cache-Control"] = "no-store"
    return response
