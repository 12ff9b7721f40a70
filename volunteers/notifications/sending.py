"""One mail from one template.

What strangers typed never stands in a mail to an unconfirmed address: the portal is no means to
write to others. Nor are the names of offers, which coordinators choose: such a mail holds no link but
the portal's own, and one mailbox gets only a few of them an hour, over all forms together.
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
    """Whether the portal keeps nothing of it once it is delivered."""


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

    With ``forget`` the portal keeps nothing of it once it is delivered. ``unasked`` is a mail to an
    address that somebody else may have typed: foreign links are taken out of it, and above the limit
    of the mailbox it does not go out at all; nobody is told, for whoever typed it must learn nothing.
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
"""What mail programs make a link of, with or without a scheme."""


def without_foreign_links(text: str) -> str:
    """``text`` with «…» in place of every link that does not lead to the portal."""
    own = settings.SITE_URL
    return LINK.sub(lambda found: found[0] if found[0].startswith(own) else "…", text)
