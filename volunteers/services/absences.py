"""When somebody who answers for an organisation is away, and who stands in. Never why."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.models import Membership

from ..errors import DomainError
from ..models import User
from .accesses import NotYours, roles_to_give
from .locks import lock_organisation


class AlsoAway(DomainError):
    message = _("Diese Person ist in der Zeit selbst abwesend. Bitte wählen Sie eine andere.")


def may_note_absence(by: User, membership: Membership) -> bool:
    """The person themselves, and whoever gives this role there."""
    if membership.role not in Membership.ANSWERING:
        return False
    own = membership.user_id == by.pk
    return own or membership.role in roles_to_give(by, membership.organisation)


def possible_substitutes(membership: Membership) -> "list[Membership]":
    """Those who answer for the same organisation, so that they see its worklist and get its mails."""
    others = Membership.objects.present().filter(organisation=membership.organisation_id)
    return list(others.exclude(pk=membership.pk).select_related("user").order_by("user__name"))


def note_absence(
    *,
    membership: Membership,
    first: datetime.date | None,
    last: datetime.date | None,
    substitute: Membership | None,
    by: User,
) -> None:
    """Replace what was noted before; without dates the person is there. Raises ``NotYours``, ``AlsoAway``.

    Locks the organisation, so that two who name each other come one after the other.
    """
    with transaction.atomic():
        lock_organisation(membership.organisation_id)
        if not may_note_absence(by, membership):
            raise NotYours
        if first and last and substitute is not None:
            others = Membership.objects.present().filter(organisation=membership.organisation_id)
            away = others.filter(away_from__lte=last, away_until__gte=first)
            if not others.filter(pk=substitute.pk).exists() or away.filter(pk=substitute.pk):
                raise AlsoAway
        Membership.objects.filter(pk=membership.pk).update(
            away_from=first, away_until=last, substitute=substitute if first else None
        )


def forget_past_absences() -> int:
    """Delete the dates of absences that are over; returns how many."""
    over = Membership.objects.filter(away_until__lt=timezone.localdate())
    return over.update(away_from=None, away_until=None, substitute=None)
