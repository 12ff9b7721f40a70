"""Sending one mail from one template.

A mail to an unconfirmed address never contains text that strangers typed, so that nobody can use
the portal to write to others. It does not contain titles of offers either, because coordinators
choose them. Its links lead only to the portal, and one mailbox gets only a few such mails an hour,
from all forms together.
"""

import re
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from ..guard.limits import may_mail

Attachment = tuple[str, bytes, str]
"""File name, content, MIME type."""


class Mail(EmailMessage):
    forget = False
    """Whether the portal deletes the mail once it is delivered."""


def send(
    to: str,
    subject: str,
    template: str,
    attachments: Sequence[Attachment] = (),
    *,
    forget: bool = False,
    unasked: bool = False,
    **context: Any,
) -> None:
    """Put ``templates/mail/<template>.txt`` into the outbox, in the caller's transaction.

    With ``forget`` the portal deletes the mail once it is delivered. With ``unasked`` somebody else
    may have typed the address: then links to other sites are removed, and above the limit of the
    mailbox the mail is silently dropped, because whoever typed the address must learn nothing.
    """
    body = str(render_to_string(f"mail/{template}.txt", context))
    if unasked:
        if not may_mail(to):
            return
        subject, body = without_foreign_links(subject), without_foreign_links(body)
    message = Mail(subject, body.strip() + "\n", to=[to])
    for name, content, mimetype in attachments:
        message.attach(name, content, mimetype)
    message.forget = forget
    message.send()


LINK = re.compile(
    r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b(?:/\S*)?", re.IGNORECASE
)
"""What mail programs turn into a link, with or without a scheme."""


def without_foreign_links(text: str) -> str:
    """``text`` with «…» in place of every link that leads to another site."""
    own = settings.SITE_URL
    return LINK.sub(lambda found: found[0] if found[0].startswith(own) else "…", text)
