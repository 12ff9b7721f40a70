"""Mails that carry a message to the other side, without the address of either side."""

import textwrap

from django.conf import settings
from django.utils.translation import gettext as _

from programs.addresses import admin_url

from ..links.applications import status_url
from ..models import MailKind, Message
from . import speaking
from .applications import offer_of
from .in_german import as_said, is_foreign
from .people import send_to_members
from .sending import send


def from_staff(text: str) -> str:
    """Quote what staff wrote; in a mail of another language below a line that says that it is German."""
    if not is_foreign():
        return quoted(text)
    note = _("Die Nachricht ist auf Deutsch geschrieben:")
    return f"{note}\n\n{quoted(text)}"


def quoted(text: str) -> str:
    """Quote a message with a mark on each line, so that it cannot look like the portal's own text."""
    return textwrap.indent(text, "> ", lambda line: True)


@speaking.to_person("application")
def to_person(message: Message, *, kind: MailKind | None = None) -> None:
    """Mails with a ``kind`` may be stopped."""
    application = message.application
    send(
        application.email,
        _("Neue Nachricht zu Ihrer Anmeldung"),
        "messages/to_person",
        offer=offer_of(application),
        wish=as_said(application.wish),
        who=as_said(application.answered_by),
        text=from_staff(message.text),
        url=f"{status_url(application)}#verlauf",
        kind=kind,
        written_in=settings.LANGUAGE_CODE,
    )


@speaking.to_staff
def to_staff(message: Message) -> None:
    application = message.application
    send_to_members(
        application.organisation,
        _("Neue Nachricht zu einer Anmeldung"),
        "messages/to_staff",
        offer=offer_of(application),
        application=application,
        text=quoted(message.text),
        url=f"{admin_url(application)}#messages",
    )
