"""One mail from one template.

What strangers typed never stands in a mail to an unconfirmed address: the portal is no means to
write to others.
"""

from collections.abc import Sequence
from typing import Any

from django.core.mail import EmailMessage
from django.template.loader import render_to_string

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
    **context: Any,
) -> None:
    """Put ``templates/mail/<template>.txt`` into the outbox, in the caller's transaction.

    With ``forget`` the portal keeps nothing of it once it is delivered.
    """
    body = render_to_string(f"mail/{template}.txt", context)
    message = Mail(subject, body.strip() + "\n", to=[to])
    for name, content, mimetype in attachments:
        message.attach(name, content, mimetype)
    message.forget = forget
    message.send()
