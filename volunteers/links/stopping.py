"""The link in mails that people may stop: it stands in their last lines and in ``List-Unsubscribe``."""

from ..models.stops import MailKind
from . import signing

STOP = "person.mails"


def token(kind: MailKind, address: str) -> str:
    return signing.sign(STOP, f"{kind.value}\n{address}")


def stop_url(kind: MailKind, address: str) -> str:
    """Absolute URL. It works without an end, because a mail may be old when somebody has enough."""
    return signing.url_of("stop_mails", token(kind, address))


def one_click(url: str) -> dict[str, str]:
    """The headers of a mail for the button of the mail program that stops it (RFC 2369, RFC 8058).

    They have the long link, because the program's server must not be led on. The mail server signs
    both with DKIM.
    """
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def read(value: str) -> tuple[MailKind, str]:
    """The kind and the address. Raises ``WrongLink`` for an invalid token."""
    kind, address = signing.read(STOP, value).split("\n")
    return MailKind(kind), address
