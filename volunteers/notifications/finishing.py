"""What every mail gets on its way into the outbox: short links, who sends it and why, and HTML.

Mails of allauth come this way, too. The plain text is the source; the HTML says the same in the
portal's look, loads nothing, and carries no mark that would tell who has read it.
"""

from email.generator import BytesGenerator
from io import BytesIO

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from ..links import short
from ..models.reading import tag_of
from .blocks import SIGNATURE, blocks_of
from .in_german import unmarked

COLOURS = ("#814300", "#00683e", "#8a3829", "#145892", "#6d3f80", "#006673", "#82365e")
"""Those of the kinds of entries, as on the pages."""


def finish(message: EmailMessage) -> EmailMessage:
    """The mail as it goes out. One that has HTML already, or is no plain text, stays as it is."""
    if message.content_subtype != "plain" or getattr(message, "alternatives", None):
        return message
    text = short.shorten(str(message.body).strip("\n"))
    sender = short.shorten(_sender(message))
    language = tag_of(get_language() or settings.LANGUAGE_CODE)
    html = _html(message, text, sender, language)
    finished = EmailMultiAlternatives(
        subject=str(message.subject),
        body=f"{unmarked(text)}\n{SIGNATURE}{sender}\n",
        from_email=message.from_email,
        to=message.to,
        bcc=message.bcc,
        attachments=message.attachments,
        headers={**message.extra_headers, "Content-Language": language},
        cc=message.cc,
        reply_to=message.reply_to,
    )
    finished.attach_alternative(html, "text/html")
    return finished


def as_sent(message: EmailMessage) -> bytes:
    """The mail byte for byte as a mail server gets it: with CRLF, and „From“ at the start of a line left alone."""
    written = BytesIO()
    BytesGenerator(written, mangle_from_=False).flatten(message.message(), linesep="\r\n")
    return written.getvalue()


def _sender(message: EmailMessage) -> str:
    """Who sends the mail, and why this mailbox gets it."""
    links = [(_("Impressum"), settings.SITE_URL + reverse("portal:page", args=["impressum"]))]
    why = getattr(message, "why", "") or _(
        "Sie bekommen diese Mail, weil diese Adresse im Freiwilligenportal angegeben wurde."
    )
    if stop := getattr(message, "stop_url", ""):
        links.append((_("Solche Mails nicht mehr bekommen"), stop))
    return "\n".join(
        [
            _("Landeshauptstadt Stuttgart, Freiwilligenportal"),
            why,
            *(f"{label}:\n{url}" for label, url in links),
        ]
    )


def _html(message: EmailMessage, text: str, sender: str, language: str) -> str:
    context = {
        "subject": str(message.subject),
        "written_in": getattr(message, "written_in", ""),
        "language": language,
        "direction": "rtl" if get_language_bidi() else "ltr",
        "blocks": blocks_of(text),
        "sender": blocks_of(sender),
        "home": f"{settings.SITE_URL}{settings.SITE_PATH}/",
        "colours": COLOURS,
    }
    return str(render_to_string("mail/_html.html", context))
