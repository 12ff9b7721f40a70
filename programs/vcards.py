"""Business cards (vCard 4.0, RFC 6350) of a function, never of a person."""

from icalendar import vText
from icalendar.parser import Contentline

from .phones import dialled


def vcard(*, name: str, organisation: str, phone: str, note: str, url: str) -> bytes:
    """A card for the address book of a phone; what is empty is left out."""
    lines = [
        "BEGIN:VCARD",
        "VERSION:4.0",
        "KIND:org",
        f"FN:{_text(name)}",
        f"ORG:{_text(organisation)}",
        f'TEL;VALUE=uri;TYPE="work,voice":tel:{dialled(phone)}' if phone else "",
        f"NOTE:{_text(note)}" if note else "",
        f"URL:{url}",
        "END:VCARD",
    ]
    folded = [Contentline(line).to_ical() for line in lines if line]  # type: ignore[no-untyped-call]  # icalendar's
    return b"\r\n".join([*folded, b""])


def _text(value: str) -> str:
    """``value`` with the characters escaped that mean something in a card."""
    return vText(value).to_ical().decode()
