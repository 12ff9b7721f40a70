"""What somebody has just sent by a public form, for the page that says where the mail went.

It is kept in the session of that browser for ``settings.SENT_FORM_MINUTES``, so that a wrong
address can be corrected without typing everything again. The page says the same whether the
address is known or not, and whether this form or the one before made the portal write.
"""

from dataclasses import asdict, dataclass

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from programs.models import Entry, Event

KEY = "sent_form"
AGAIN = "aendern"
"""In the query of a form's address: show it with what was sent."""
MORE = "mehr"
"""There: with „Mehr über Sie“."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    address: str
    about: str
    """The title of what the form was for; empty where there is only one."""
    about_url: str
    path: str
    """Of the form."""
    data: dict[str, list[str]]
    is_short: bool = False
    """Whether the form left out „Mehr über Sie“."""
    asked_more: bool = False
    """Whether „Mehr über Sie“ was asked because the person wanted to."""

    @property
    def again(self) -> str:
        return f"{self.path}?{AGAIN}&{MORE}" if self.asked_more else f"{self.path}?{AGAIN}"

    @property
    def with_more(self) -> str:
        return f"{self.path}?{AGAIN}&{MORE}"


def keep(
    request: HttpRequest,
    purpose: str,
    *,
    address: str,
    about: Entry | Event | None,
    data: dict[str, list[str]],
    is_short: bool = False,
) -> None:
    """Keep what was sent; what was sent before by any form is forgotten."""
    sent = Sent(
        address=address,
        about=about.said("title") if about else "",
        about_url=about.get_absolute_url() if about else "",
        path=request.path,
        data=data,
        is_short=is_short,
        asked_more=MORE in request.GET,
    )
    now = timezone.now().timestamp()
    request.session[KEY] = {"purpose": purpose, "at": now, "sent": asdict(sent)}
    if not request.user.is_authenticated:
        request.session.set_expiry(60 * settings.SENT_FORM_MINUTES)


def kept(request: HttpRequest, purpose: str) -> Sent | None:
    """What this browser has sent by the form with this purpose; None when it is too long ago."""
    stored = request.session.get(KEY)
    if not stored or stored["purpose"] != purpose:
        return None
    if timezone.now().timestamp() - stored["at"] > 60 * settings.SENT_FORM_MINUTES:
        return None
    return Sent(**stored["sent"])


def forget(request: HttpRequest) -> None:
    request.session.pop(KEY, None)


def typed(request: HttpRequest, purpose: str) -> QueryDict | None:
    """What was typed, for a form that is shown again to be corrected."""
    sent = kept(request, purpose) if AGAIN in request.GET else None
    if sent is None or sent.path != request.path:
        return None
    data = QueryDict(mutable=True)
    for name, values in sent.data.items():
        data.setlist(name, values)
    return data
