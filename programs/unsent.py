"""What somebody typed into a form that cannot be accepted now, to be sent again with one press.

It goes from the request into the answer as hidden inputs, and nothing is kept on the server. The
answer's form has no ``action``, so it goes to the address of the request and nowhere else. Only a
request of the portal's own pages is answered with what was typed: otherwise a foreign page could
fill in a form, and a visitor would send it. Tokens and passwords are left out.
"""

from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
)
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import get_token
from django.utils.http import url_has_allowed_host_and_scheme

NEVER = ("csrfmiddlewaretoken",)
SECRET = ("password", "secret")
"""Parts of names of inputs that are never sent back."""
TEXT = 12
"""From this many characters on, a value is shown, too; shorter ones are mostly choices."""
UNREADABLE = (
    BadRequest,
    MultiPartParserError,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    UnreadablePostError,
)


class Unsent(NamedTuple):
    fields: list[tuple[str, str]]
    token: str

    @property
    def texts(self) -> list[str]:
        """What the person wrote, to read and to copy."""
        return [value for name, value in self.fields if len(value) >= TEXT and " " in value.strip()]


def unsent(request: HttpRequest) -> Unsent | None:
    """What was typed; None if nothing was, or if the form is not one of the portal's."""
    if request.method != "POST":
        return None
    try:
        if not is_own(request):
            return None
        posted = request.POST
    except UNREADABLE:
        return None
    fields = [(name, value) for name in posted for value in posted.getlist(name) if _may_go(name)]
    return Unsent(fields, get_token(request)) if any(value for _name, value in fields) else None


def is_own(request: HttpRequest) -> bool:
    """Whether a page of this site sent the request; all browsers say so with a POST."""
    origin = request.headers.get("Origin", "")
    own = f"{request.scheme}://{request.get_host()}"
    return origin in {own, "{0.scheme}://{0.netloc}".format(urlsplit(settings.SITE_URL))}


def way_back(request: HttpRequest) -> str:
    """Where to try again: the same address, or the page of the portal whose form was sent."""
    if request.method == "GET":
        return request.get_full_path()
    before = request.headers.get("Referer", "")
    own = url_has_allowed_host_and_scheme(before, {request.get_host()}, request.is_secure())
    return before if own else ""


def _may_go(name: str) -> bool:
    return name not in NEVER and not any(part in name.lower() for part in SECRET)
