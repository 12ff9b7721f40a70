"""Whose page a link opens: addresses, and one record of the person, because people share mailboxes.

A link carries no name, which would stand in the address of the page. It carries the kind and number
of a record, so it still finds the person whose name was corrected.
"""

from dataclasses import dataclass
from typing import Any

from ..models.above import model_called


@dataclass(frozen=True)
class Whose:
    """Proven addresses; ``ref`` is one of the person's records, empty for whoever reads the mailbox."""

    emails: tuple[str, ...]
    ref: str = ""

    def packed(self) -> str:
        return "\n".join([*self.emails, *(["", self.ref] if self.ref else [])])


def unpacked(value: str) -> Whose:
    emails, _, ref = value.partition("\n\n")
    return Whose(tuple(emails.split("\n")), ref)


def whose(record: Any) -> Whose:
    """The person of a record: its volunteer where it is linked to one, else the record itself."""
    number = getattr(record, "volunteer_id", None)
    ref = f"Volunteer:{number}" if number else f"{type(record).__name__}:{record.pk}"
    return Whose((record.email,), ref)


def name_behind(whose: Whose) -> str | None:
    """The name in the record of a link, or None when it is gone, or has another address by now."""
    kind, _, number = whose.ref.partition(":")
    records = model_called(kind)._default_manager.all()
    record: Any = records.filter(pk=number, email__in=whose.emails).first()
    if record is None:
        return None
    volunteer = getattr(record, "volunteer", None)
    return str(volunteer.name if volunteer else record.name)
