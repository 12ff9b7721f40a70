"""Asks a website whether it is still there: politely, within limits, and never one inside a network.

The address is looked up once, and the connection goes to what was looked up: a name that means something
else a moment later leads nowhere. A redirect is followed with the same care.
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from .models import LinkCheck

STEP_SECONDS, WHOLE_SECONDS = 10, 30
"""How long to wait for a connection or a line; and for one answer as a whole, however slowly it drips."""
MOST_REDIRECTS = 5
NAME = "Freiwilligenportal Stuttgart (prueft Links)"
PORTS = {"http": 80, "https": 443}
ONLY_GET = {403, 405, 501}
"""Some servers answer these to HEAD although there is a page."""
SHY = {401, 403, 429}
GONE = {404, 410}

Outcome = LinkCheck.Outcome


@dataclass(frozen=True)
class Answer:
    """``code`` is the status of HTTP, if there was one."""

    outcome: LinkCheck.Outcome
    code: int | None = None


class NotPublic(OSError):
    """The address belongs to a private network, to this machine or to nobody."""


def is_public(address: str) -> bool:
    found = ipaddress.ip_address(address)
    mapped = getattr(found, "ipv4_mapped", None) or found
    return mapped.is_global and not mapped.is_multicast


def ask(url: str, *, allowed: Callable[[str], bool] = is_public) -> Answer:
    """What ``url`` answers; never raises for what a server or a network does.

    ``allowed`` says of an IP address whether it may be asked.
    """
    try:
        for _redirect in range(MOST_REDIRECTS + 1):
            parts = urlsplit(url)
            if parts.scheme not in PORTS or not parts.hostname:
                return Answer(Outcome.REFUSED)
            code, location = _head_or_get(parts, allowed)
            if not (300 <= code < 400 and location):
                return Answer(_meaning(code), code)
            url = urljoin(url, location)
    except NotPublic:
        return Answer(Outcome.REFUSED)
    except (OSError, http.client.HTTPException, ValueError):
        return Answer(Outcome.SILENT)
    return Answer(Outcome.BROKEN, code)


def _meaning(code: int) -> LinkCheck.Outcome:
    if code in GONE:
        return Outcome.GONE
    if code in SHY:
        return Outcome.SHY
    return Outcome.FINE if code < 400 else Outcome.BROKEN


def _head_or_get(parts: SplitResult, allowed: Callable[[str], bool]) -> tuple[int, str]:
    answer = _status("HEAD", parts, allowed)
    return _status("GET", parts, allowed) if answer[0] in ONLY_GET else answer


def _status(method: str, parts: SplitResult, allowed: Callable[[str], bool]) -> tuple[int, str]:
    """The status and where it leads; the body is not read."""
    connection = _connection(parts, allowed)
    watch = threading.Timer(WHOLE_SECONDS, _hang_up, [connection.sock])
    watch.start()
    try:
        if isinstance(connection.sock, ssl.SSLSocket):
            connection.sock.do_handshake()
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(method, path, headers={"User-Agent": NAME, "Accept": "*/*"})
        answer = connection.getresponse()
        return answer.status, answer.headers.get("Location", "")
    finally:
        watch.cancel()
        connection.close()


def _hang_up(opened: socket.socket) -> None:
    with contextlib.suppress(OSError):
        opened.shutdown(socket.SHUT_RDWR)


def _connection(parts: SplitResult, allowed: Callable[[str], bool]) -> http.client.HTTPConnection:
    """An open connection to the looked-up address; the handshake demands the certificate of the name."""
    host = parts.hostname or ""
    port = parts.port or PORTS[parts.scheme]
    tls = parts.scheme == "https"
    connection = (http.client.HTTPSConnection if tls else http.client.HTTPConnection)(host, port)
    connection.sock = _opened(host, port, allowed)
    if tls:
        connection.sock = ssl.create_default_context().wrap_socket(
            connection.sock, server_hostname=host, do_handshake_on_connect=False
        )
    return connection


def _opened(host: str, port: int, allowed: Callable[[str], bool]) -> socket.socket:
    error: OSError = NotPublic()
    for *_rest, where in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        address = str(where[0])
        if not allowed(address):
            raise NotPublic
        try:
            return socket.create_connection((address, port), timeout=STEP_SECONDS)
        except OSError as failed:
            error = failed
    raise error
