"""The agreement of a tandem as it is now."""

from typing import NamedTuple

from ..models import Agreement, Tandem


class Now(NamedTuple):
    accepted: Agreement | None
    """The version that both accepted."""
    waiting: Agreement | None
    """The proposal that one side has not answered yet."""


def agreements_of(tandem: Tandem) -> Now:
    """Reads the prefetched rows."""
    rows = list(tandem.agreements.all())
    accepted = next((one for one in rows if one.accepted_at), None)
    return Now(accepted, next((one for one in rows if not one.accepted_at), None))
