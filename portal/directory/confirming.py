"""The entries of an organisation as those see them who hold its link, and confirming them."""

from collections.abc import Collection

import pghistory
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from programs import confirming
from programs.models import Entry, Organisation
from volunteers.links.organisations import Holder
from volunteers.services.locks import hold_off_merging, locked

from .models import Upkeep


def entries_of(organisation: Organisation) -> QuerySet[Entry]:
    """Itself and what it offers: what is public, or was until the portal hid it, and has not ended."""
    own = Entry.objects.filter(Q(pk=organisation.pk) | Q(organisation=organisation))
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
            note_step(holder, Upkeep.Kind.CONFIRMED)
    return len(found)


def by_holder(holder: Holder) -> pghistory.context:
    """The history names the member whose link it is; the middleware knows only who is logged in."""
    return pghistory.context(user=holder.user.pk if holder.user else None)


def note_step(holder: Holder, kind: str) -> None:
    """Once a day: a double click is no second answer. The caller has locked an entry of the organisation."""
    today = timezone.localdate()
    rows = Upkeep.objects.filter(organisation=holder.organisation, kind=kind)
    if not rows.filter(at__date=today).exists():
        Upkeep.objects.create(organisation=holder.organisation, kind=kind, by=holder.user)
