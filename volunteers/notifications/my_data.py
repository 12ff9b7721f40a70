"""Mails that open „Meine Daten“, or say that there is nothing to open."""

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _

from ..links import my_data as my_data_links
from ..periods import hours
from ..reads.persons import Person
from .sending import send
from .speaking import as_asked


@as_asked
def link(email: str, people: Sequence[Person]) -> None:
    """The link, for each of the people who share the mailbox; it works for hours only."""
    send(
        email,
        _("Ihre Daten im Freiwilligenportal"),
        "my_data/link",
        unasked=True,
        people=[(one.spoken, my_data_links.url_for(one.whose)) for one in people],
        period=hours(settings.MY_DATA_LINK_HOURS),
    )


@as_asked
def nothing_kept(email: str) -> None:
    """The portal does not know this address, and keeps no trace of the question."""
    send(email, _("Ihre Daten im Freiwilligenportal"), "my_data/nothing", forget=True, unasked=True)


@as_asked
def new_address(email: str, url: str) -> None:
    """The confirmation link. The mailbox may be a stranger's, so the mail does not say whose data it is about."""
    send(
        email,
        _("Bitte bestätigen Sie Ihre neue Adresse"),
        "my_data/new_address",
        forget=True,
        unasked=True,
        url=url,
        period=hours(settings.MY_DATA_LINK_HOURS),
    )


@as_asked
def address_changed(email: str, name: str) -> None:
    """To the old address, without the new one. The portal deletes the mail once it is delivered.

    ``name`` says whose address it was, if others still have it.
    """
    subject = _("Ihre E-Mail-Adresse ist geändert")
    send(email, subject, "my_data/address_changed", forget=True, name=name)
