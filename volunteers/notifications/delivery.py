"""What the mail server says to one mail, in words that hold no address and no text.

The exceptions of ``smtplib`` carry recipients, and those of other mail backends may: a traceback of
theirs must reach neither a log nor a monitor. So none leaves this module.
"""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

TOO_LARGE = 552
"""Some servers refuse a large mail when they hear of its sender."""
CLOSING = 421
"""„Service not available, closing transmission channel“ (RFC 5321, 4.2.3)."""


@dataclass(frozen=True)
class Refusal:
    """Why a mail was not taken."""

    kind: str
    """The name of the exception's class."""
    code: int | None
    """The answer to the recipient or the text; None when the server is down or does not let the portal in."""

    def __str__(self) -> str:
        return self.kind if self.code is None else f"{self.kind} {self.code}"

    @property
    def is_permanent(self) -> bool:
        """5xx: the same mail would be refused again (RFC 5321, 4.2.1)."""
        return self.code is not None and self.code >= 500

    @property
    def is_of_server(self) -> bool:
        """The server takes no mail at all just now; the address has nothing to do with it."""
        return self.code is None or self.code == CLOSING

    @property
    def is_of_address(self) -> bool:
        """The server refuses the recipient, not the text."""
        return self.kind == smtplib.SMTPRecipientsRefused.__name__ and not self.is_of_server


class NotDelivered(Exception):
    """To be tried again later; says what kind of failure it was, and the code."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.kind, refusal.code)
        self.is_of_server = refusal.is_of_server


def hand_over(message: EmailMessage, line: BaseEmailBackend | None = None) -> Refusal | None:
    """Give the mail to the mail server, over an open ``line``; None when it has taken it."""
    try:
        if line is not None:
            line.send_messages([message])
            return None
        with get_connection(settings.MAIL_DELIVERY_BACKEND, fail_silently=False) as connection:
            connection.send_messages([message])
    except Exception as error:  # noqa: BLE001 - whatever it is, it may hold the address
        return Refusal(type(error).__name__, _code(error))
    return None


@contextmanager
def open_line() -> Iterator[BaseEmailBackend]:
    """One connection for many mails. If none can be had, each mail says so when it is handed over."""
    line = get_connection(settings.MAIL_DELIVERY_BACKEND, fail_silently=False)
    with suppress(Exception):
        line.open()
    try:
        yield line
    finally:
        with suppress(Exception):
            line.close()


def _code(error: Exception) -> int | None:
    match error:
        case smtplib.SMTPRecipientsRefused():
            return min(code for code, _words in error.recipients.values())
        case smtplib.SMTPDataError():
            return int(error.smtp_code)
        case smtplib.SMTPSenderRefused(smtp_code=code) if code == TOO_LARGE:
            return TOO_LARGE
    return None
