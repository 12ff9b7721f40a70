"""Under which numbers an organisation was known before somebody asked for access to it."""

from dataclasses import dataclass

from programs.models import Entry, Organisation
from programs.phones import dialled


@dataclass(frozen=True)
class Number:
    """A number to ring, and the entry that it stands in."""

    phone: str
    hours: str
    title: str

    @property
    def dial(self) -> str:
        return dialled(self.phone)


def known_numbers(organisation: Organisation) -> list[Number]:
    """Its own number, then those of its entries; each once."""
    own = Entry.objects.filter(organisation=organisation).exclude(phone="").order_by("title")
    found = [Number(organisation.phone, organisation.phone_hours, organisation.title)]
    found += [Number(one.phone, one.phone_hours, one.title) for one in own.defer("description")]
    known: dict[str, Number] = {}
    for one in found:
        if one.phone:
            known.setdefault(one.dial, one)
    return list(known.values())
