"""Who gets the mails that are meant for «the coordination»; and a mail to a person about their page."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from programs.models import Membership, Organisation

from ..links.people import person_url
from ..models import User
from .sending import send


def members_of(organisation: Organisation | None) -> Iterable[str]:
    """Addresses of those who work for ``organisation`` today; without one, for the Sozialamt."""
    members = Membership.objects.answering().filter(user__is_active=True)
    if organisation is None:
        members = members.filter(organisation__is_clearing_office=True)
    else:
        members = members.filter(organisation=organisation)
    return members.order_by("user__email").values_list("user__email", flat=True).distinct()


def send_my_page_link(email: str) -> None:
    """A fresh link to «Meine Seite», for one who asked with an old one."""
    context = {"url": person_url(email), "days": settings.MAILED_LINK_DAYS}
    send(email, _("Ihr neuer Link zu «Meine Seite»"), "my_page/link", **context)


def addresses(organisation: Organisation, *, but_not: User | None = None) -> list[str]:
    """Where whoever answers for the people of ``organisation`` today is reached."""
    members = Membership.objects.answering().filter(organisation=organisation, user__is_active=True)
    if but_not is not None:
        members = members.exclude(user=but_not)
    return list(members.order_by("user__email").values_list("user__email", flat=True))


def send_to_members(
    organisation: Organisation,
    subject: str,
    template: str,
    *,
    but_not: User | None = None,
    **context: Any,
) -> int:
    """One mail to each, so that no address shows another one; returns how many."""
    to = addresses(organisation, but_not=but_not)
    for address in to:
        send(address, subject, template, organisation=organisation, **context)
    return len(to)
