"""Mails to the people who work for an organisation, each one singly."""

from typing import Any

from programs.models import Membership, Organisation

from ..models import User
from .sending import send


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
