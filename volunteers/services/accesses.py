"""Access to the administration: which roles a user may give, ending an access, noting its use."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.models import Membership, Organisation

from ..errors import DomainError
from ..guard import security_log
from ..models import SecurityEvent, User
from ..notifications import accesses as notifications
from ..periods import add_months
from ..roles.table import GIVES, GIVES_BELOW
from .locks import lock_organisation, locked

Role = Membership.Role


class NotYours(DomainError):
    message = _("Diese Rolle können Sie hier nicht vergeben und nicht beenden.")


class LastAnswering(DomainError):
    """Ending this access would leave the organisation with nobody who answers."""

    message = _(
        "Danach ist für diese Organisation niemand mehr da, der antwortet. Bitte bestätigen Sie das "
        "ausdrücklich, oder laden Sie zuerst jemanden ein."
    )


def roles_to_give(user: User, organisation: Organisation) -> tuple[Membership.Role, ...]:
    """The roles that ``user`` may give and end at ``organisation``; never one above their own role."""
    if not user.is_active:
        return ()
    if user.is_superuser:
        return tuple(Role)
    held = dict(Membership.objects.active().filter(user=user).values_list("organisation", "role"))
    giver = held.get(organisation.pk)
    if giver not in GIVES and held.get(organisation.department_id) == Role.STAFF:
        return tuple(Role(name) for name in GIVES_BELOW)
    return tuple(Role(name) for name in GIVES.get(giver or "", ()))


def organisations_to_invite_for(user: User) -> QuerySet[Organisation]:
    """The organisations for which :func:`roles_to_give` returns at least one role; one query."""
    if user.is_superuser:
        return Organisation.objects.all()
    held = Membership.objects.active().held_by(user)
    own = held.filter(role__in=tuple(GIVES)).values("organisation")
    offices = held.filter(role=Role.STAFF).values("organisation")
    return Organisation.objects.filter(Q(pk__in=own) | Q(department__in=offices))


def organisations_to_name_trust_at(user: User) -> QuerySet[Organisation]:
    """The organisations whose person of trust ``user`` may name: their own office and those below it."""
    if user.is_superuser:
        return Organisation.objects.all()
    held = Membership.objects.active().held_by(user)
    offices = held.filter(role=Role.STAFF).values("organisation")
    return Organisation.objects.filter(Q(pk__in=offices) | Q(department__in=offices))


def may_end(user: User, membership: Membership) -> bool:
    return membership.role in roles_to_give(user, membership.organisation)


def end_access(*, membership: Membership, by: User, knowing_last: bool = False) -> None:
    """End an access at once: the next request finds it gone, even in an open session.

    Locks the organisation first, then the membership. If two people remove each other's access at
    the same time, the second one is checked after the first one is gone, so one of the last two
    stays. Idempotent. The person gets a mail, unless they ended their own access. Raises
    ``NotYours``, and ``LastAnswering`` unless ``knowing_last`` says that the user has seen that
    warning and confirmed.
    """
    with transaction.atomic():
        lock_organisation(membership.organisation_id)
        memberships = locked(Membership.objects.filter(pk=membership.pk))
        found = memberships.select_related("organisation", "user").first()
        if found is None:
            return
        if not may_end(by, found):
            raise NotYours
        if not knowing_last and left_alone([found]):
            raise LastAnswering
        security_log.record(SecurityEvent.Kind.ROLE_ENDED, by=by, about=found)
        Membership.objects.filter(pk=found.pk).delete()
        if found.user_id != by.pk:
            notifications.access_ended(found)


def end_accesses(
    *, memberships: Iterable[Membership], by: User, knowing_last: bool = False
) -> tuple[int, list[str]]:
    """Call :func:`end_access` for each; returns how many ended, and one sentence for each refusal."""
    ended, refused = 0, []
    for membership in memberships:
        try:
            end_access(membership=membership, by=by, knowing_last=knowing_last)
        except DomainError as error:
            refused.append(f"{membership.user}, {membership.organisation}: {error}")
        else:
            ended += 1
    return ended, refused


def note_use(user: User) -> None:
    """Note that ``user`` works in the administration today; writes at most once a day."""
    today = timezone.localdate()
    if any(one.used is None or one.used < today for one in user.accesses):
        before = Q(last_used_on__isnull=True) | Q(last_used_on__lt=today)
        Membership.objects.active().filter(before, user=user).update(last_used_on=today)


def left_alone(memberships: Iterable[Membership]) -> list[Organisation]:
    """The organisations that nobody would answer for any more without ``memberships``."""
    going = list(memberships)
    organisations = {one.organisation_id for one in going}
    there = Membership.objects.present().filter(organisation__in=organisations)
    before = set(there.values_list("organisation", flat=True))
    rest = there.exclude(pk__in=[one.pk for one in going])
    after = set(rest.values_list("organisation", flat=True))
    return sorted(
        {one.organisation for one in going if one.organisation_id in before - after},
        key=lambda organisation: organisation.title,
    )


def unused_since() -> datetime.date:
    """Accesses last used before this day count as unused."""
    return add_months(timezone.localdate(), -settings.ACCESS_UNUSED_MONTHS)


def unused(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    """Active accesses that were not used for ``ACCESS_UNUSED_MONTHS``.

    An access that was never used counts from the day on which it was given.
    """
    used = Coalesce(F("last_used_on"), TruncDate("created_at"))
    today = timezone.localdate()
    return memberships.alias(used=used).filter(used__lt=unused_since()).exclude(until__lt=today)
