"""Mails to the people who work for an organisation, each one singly."""

from typing import Any

from programs.models import Membership, Organisation

from .sending import send


def addresses(organisation: Organisation) -> list[str]:
    """Where whoever works for ``organisation`` today is reached."""
    members = Membership.objects.active().filter(organisation=organisation, user__is_active=True)
    return list(members.order_by("user__email").values_list("user__email", flat=True))


def send_to_members(organisation: Organisation, subject: str, template: str, **context: Any) -> int:
    """One mail to each, so that no address shows another one; returns how many."""
    to = addresses(organisation)
    for address in to:
        send(address, subject, template, organisation=organisation, **context)
    return len(to)
