"""The entries of an organisation as those see them who hold its link, and confirming them."""

from collections.abc import Collection

import pghistory
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from programs import confirming
from programs.models import Entry, Organisation
from volunteers.links.organisations import Holder
from volunteers.models import User
from volunteers.periods import over_before
from volunteers.services.locks import hold_off_merging, lock_organisation, locked

from .models import ChangeProposal, Upkeep


def entries_of(organisation: Organisation) -> QuerySet[Entry]:
    """Itself and what it offers: what is public, or was until the portal hid it, and has not ended."""
    return shown_entries_of_all(Organisation.objects.filter(pk=organisation.pk))


def shown_entries_of_all(organisations: QuerySet[Organisation]) -> QuerySet[Entry]:
    """The same for several organisations."""
    numbers = organisations.values("pk")
    own = Entry.objects.filter(Q(pk__in=numbers) | Q(organisation__in=numbers))
    shown = Q(is_published=True) | Q(hidden_on__isnull=False)
    return own.filter(shown).exclude(status=Entry.Status.ENDED).order_by("kind", "title", "pk")


def confirm_entries(*, holder: Holder, numbers: Collection[int]) -> int:
    """Confirm these of its entries as of today; returns how many. Locks them.

    Only those that the page has shown: one that came since nobody has looked at. A second click on the
    same day changes nothing more.
    """
    with transaction.atomic(), by_holder(holder):
        hold_off_merging()
        wanted = entries_of(holder.organisation).filter(pk__in=numbers)
        found = list(locked(wanted).order_by("pk"))
        for entry in found:
            confirming.confirm(entry)
        if found:
            note_once(holder.organisation, Upkeep.Kind.CONFIRMED, holder.user)
    return len(found)


def by_holder(holder: Holder) -> pghistory.context:
    """The history names the member whose link it is; the middleware knows only who is logged in."""
    return pghistory.context(user=holder.user.pk if holder.user else None)


def confirm_by_phone(*, organisation: Organisation, entries: "QuerySet[Entry]", by: User) -> int:
    """Somebody of the organisation said on the phone that these are right; returns how many. Locks them."""
    with transaction.atomic():
        hold_off_merging()
        found = list(locked(entries).order_by("pk"))
        for entry in found:
            confirming.confirm(entry)
        note_once(organisation, Upkeep.Kind.PHONED, by)
    return len(found)


def note_missed(*, organisation: Organisation, by: User) -> None:
    """Nobody answered the phone."""
    with transaction.atomic():
        lock_organisation(organisation.pk)
        note_once(organisation, Upkeep.Kind.MISSED, by)


def note_once(organisation: Organisation, kind: str, by: User | None) -> None:
    """Once a day: a double click is no second answer. The caller has locked what it is about."""
    rows = Upkeep.objects.filter(organisation=organisation, kind=kind)
    if not rows.filter(at__date=timezone.localdate()).exists():
        Upkeep.objects.create(organisation=organisation, kind=kind, by=by)


def forget_old() -> int:
    """Delete what is ``KEEP_PROPOSALS_MONTHS`` old: decided proposals, and what happened; returns how many."""
    limit = over_before(settings.KEEP_PROPOSALS_MONTHS)
    waiting = ChangeProposal.State.WAITING
    proposals = ChangeProposal.objects.filter(made_at__lt=limit).exclude(state=waiting)
    steps = Upkeep.objects.filter(at__lt=limit)
    return proposals.delete()[0] + steps.delete()[0]
