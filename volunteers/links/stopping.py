"""The link in mails that people may stop: it stands in their last lines and in ``List-Unsubscribe``."""

from ..models.stops import MailKind
from . import signing

STOP = "person.mails"


def token(kind: MailKind, address: str) -> str:
    return signing.sign(STOP, f"{kind.value}\n{address}")


def stop_url(kind: MailKind, address: str) -> str:
    """Absolute URL. It works without an end, because a mail may be old when somebody has enough."""
    return signing.url_of("stop_mails", token(kind, address))


def read(value: str) -> tuple[MailKind, str]:
    """The kind and the address. Raises ``WrongLink`` for an invalid token."""
    kind, address = signing.read(STOP, value).split("\n")
    return MailKind(kind), address
