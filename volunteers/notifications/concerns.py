"""Mails about concerns. None holds a word of what somebody wrote, about whom, or who wrote."""

from django.utils.translation import gettext as _

from programs.addresses import admin_url

from ..links import concerns as concern_links
from ..models import Concern
from ..models.concerns import readers_of
from .people import because_of_work
from .sending import send
from .speaking import as_asked, to_staff


@to_staff
def to_read(concern: Concern, *, again: bool = False) -> int:
    """To the persons of trust: there is something to read. Returns to how many."""
    readers = readers_of(concern.organisation, but_not=concern.kept_from)
    addresses = set(readers.values_list("user__email", flat=True))
    subject = _("Noch etwas zu lesen im Portal") if again else _("Etwas zu lesen im Portal")
    why = because_of_work(concern.organisation)
    for address in sorted(addresses):
        send(address, subject, "concerns/to_read", why=why, url=admin_url(concern), again=again)
    return len(addresses)


@as_asked
def received(concern: Concern, address: str) -> None:
    """To the address that somebody typed: the link to follow it. Others may read the mailbox, too."""
    url = concern_links.state_url(concern)
    send(address, _("Ihre Nachricht ist angekommen"), "concerns/received", unasked=True, url=url)
