"""Who gets the mails that are meant for «the coordination»."""

from collections.abc import Iterable

from programs.models import Membership, Organisation


def members_of(organisation: Organisation | None) -> Iterable[str]:
    """Addresses of those who work for ``organisation`` today; without one, for the Sozialamt."""
    members = Membership.objects.answering().filter(user__is_active=True)
    if organisation is None:
        members = members.filter(organisation__is_clearing_office=True)
    else:
        members = members.filter(organisation=organisation)
    return members.order_by("user__email").values_list("user__email", flat=True).distinct()
