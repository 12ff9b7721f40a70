"""The receivers of mails to „the coordination“; and the mail with a new link to „Meine Seite“."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from programs.models import Membership, Organisation

from ..links.people import my_page_url
from ..models import User, Volunteer
from ..periods import days
from ..reads.persons import Person
from .sending import send
from .speaking import as_asked, to_person


@as_asked
def send_my_page_link(email: str, people: Sequence[Person]) -> None:
    """A new link to „Meine Seite“, for somebody who used an old one; one for each who shares the mailbox."""
    send(
        email,
        _("Ihr neuer Link zu „Meine Seite“"),
        "my_page/link",
        unasked=True,
        people=[(one.spoken, my_page_url(one.whose)) for one in people],
        period=days(settings.MAILED_LINK_DAYS),
    )


@to_person()
def merged(volunteer: Volunteer, email: str) -> None:
    """To each mailbox of somebody who stood there twice. It names nobody: the merge may be a mistake."""
    send(email, _("Ihre Angaben stehen jetzt an einer Stelle"), "people/merged")


def addresses(organisation: Organisation | None, *, but_not: User | None = None) -> list[str]:
    """Addresses of those who answer for ``organisation`` today; without one, for the Sozialamt.

    Who is away gets no mail, unless all are.
    """
    clearing = Organisation.objects.clearing()
    members = Membership.objects.present().filter(
        organisation__in=clearing if organisation is None else [organisation]
    )
    if but_not is not None:
        members = members.exclude(user=but_not)
    found = members.order_by("user__email").annotate(is_here=Exists(_same_and_here()))
    rows = list(found.values_list("user__email", "is_here"))
    here = [address for address, is_here in rows if is_here]
    return here or [address for address, _is_here in rows]


def _same_and_here() -> QuerySet[Membership]:
    return Membership.objects.here().filter(pk=OuterRef("pk"))


def send_to_members(
    organisation: Organisation | None,
    subject: str,
    template: str,
    *,
    but_not: User | None = None,
    **context: Any,
) -> int:
    """Send one mail to each of these :func:`addresses`, so that nobody sees another's; returns how many."""
    to = addresses(organisation, but_not=but_not)
    why = because_of_work(organisation)
    for address in to:
        send(address, subject, template, why=why, organisation=organisation, **context)
    return len(to)


def because_of_work(organisation: Organisation | None) -> str:
    """Why somebody who works for ``organisation`` gets a mail; without one, for the Sozialamt."""
    name = organisation.title if organisation else _("das Sozialamt")
    return _("Sie bekommen diese Mail, weil Sie im Freiwilligenportal mitarbeiten: %(name)s.") % {
        "name": name
    }
