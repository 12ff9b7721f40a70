"""Changes of entries that come by a mailed link: proposed, then accepted field by field, or declined."""

import hashlib
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs import confirming
from programs.models import Entry
from volunteers.errors import DomainError
from volunteers.links.organisations import Holder
from volunteers.models import User
from volunteers.services.locks import hold_off_merging, locked

from . import mails
from .confirming import by_holder, note_once
from .fields import AT_ONCE, Values, label_of, values_of, write
from .models import ChangeProposal, ChangeRule, Upkeep

State = ChangeProposal.State
LONGEST_REASON = 500


class Decided(DomainError):
    message = _(
        "Über diese Änderung hat inzwischen jemand entschieden. Hier steht, was jetzt gilt."
    )


class ChangedMeanwhile(DomainError):
    message = _(
        "Der Eintrag oder der Vorschlag hat sich geändert, seit Sie diese Seite geöffnet haben. Hier steht, was "
        "jetzt gilt. Bitte sehen Sie noch einmal hin."
    )


class NothingChosen(DomainError):
    message = _(
        "Bitte kreuzen Sie an, was Sie übernehmen. Sonst lehnen Sie den Vorschlag mit einem Grund ab."
    )


class ReasonMissing(DomainError):
    message = _("Bitte nennen Sie den Grund. Die Organisation liest ihn.")


class ReasonTooLong(DomainError):
    message = _(
        "Der Grund ist zu lang: höchstens 500 Zeichen. Er steht noch da; bitte kürzen Sie ihn."
    )


class NotPossible(DomainError):
    """A value that the entry cannot have any more; the message names the field."""


def at_once() -> frozenset[str]:
    """The fields whose changes hold without a look."""
    rules = dict(ChangeRule.objects.values_list("field", "at_once"))
    return frozenset(AT_ONCE - rules.keys()) | {name for name, now in rules.items() if now}


def waiting_for(entry: Entry) -> ChangeProposal | None:
    return entry.change_proposals.waiting().first()


def propose(
    *, holder: Holder, entry: Entry, values: Values, note: str = ""
) -> ChangeProposal | None:
    """Store what differs from the entry; returns None when nothing does, and nothing was written.

    What holds at once is saved now, the rest waits, with a mail to nobody: it is in the worklist. An
    earlier proposal that waits is replaced. When all holds at once, that confirms the entry, too. A
    double click returns the first proposal. Locks the entry. Raises ``NotPossible``.
    """
    with transaction.atomic(), by_holder(holder):
        entry = _locked(entry)
        before = values_of(entry, values)
        after = {name: value for name, value in values.items() if value != before[name]}
        earlier = waiting_for(entry)
        if earlier and earlier.waits == after and earlier.note == note:
            return earlier
        _replace(entry)
        if not after and not note:
            return None
        live = at_once() & after.keys()
        _write(entry, {name: after[name] for name in live})
        note_once(holder.organisation, Upkeep.Kind.CHANGED, holder.user)
        proposal = ChangeProposal(entry=entry, after=after, live=sorted(live), note=note)
        proposal.before = {name: before[name] for name in after}
        proposal.by = holder.user
        if not (proposal.waits or note):
            proposal.state = State.LIVE
            confirming.confirm(entry)
        proposal.save()
    return proposal


def _replace(entry: Entry) -> None:
    waiting = ChangeProposal.objects.waiting().filter(entry=entry)
    waiting.update(state=State.REPLACED, decided_at=timezone.now())


def accept(
    *, proposal: ChangeProposal, names: Collection[str], seen: str, by: User
) -> ChangeProposal:
    """Write these fields into the entry, which is confirmed by that, and tell the organisation.

    ``seen`` is the fingerprint of what the page showed. A proposal that is only a message has no
    fields; accepting it means that somebody has read it. Locks the entry. Raises ``Decided``,
    ``ChangedMeanwhile``, ``NothingChosen``, ``NotPossible``.
    """
    with transaction.atomic():
        proposal = _lock(proposal, seen)
        chosen = [name for name in proposal.open_fields if name in names]
        if proposal.open_fields and not chosen:
            raise NothingChosen
        entry = proposal.entry
        _write(entry, {name: proposal.after[name] for name in chosen})
        confirming.confirm(entry)
        proposal.accepted = chosen
        _decide(proposal, State.ACCEPTED, by)
        mails.decided(proposal)
    return proposal


def decline(*, proposal: ChangeProposal, reason: str, seen: str, by: User) -> ChangeProposal:
    """Leave the entry as it is and tell the organisation why. Raises ``Decided``, ``ChangedMeanwhile``,
    ``ReasonMissing``, ``ReasonTooLong``.
    """
    if not reason.strip():
        raise ReasonMissing
    if len(reason.strip()) > LONGEST_REASON:
        raise ReasonTooLong
    with transaction.atomic():
        proposal = _lock(proposal, seen)
        proposal.reason = reason.strip()
        _decide(proposal, State.DECLINED, by)
        mails.decided(proposal)
    return proposal


def fingerprint(proposal: ChangeProposal) -> str:
    """Changes with the proposal, and with what the entry says in its fields."""
    now = sorted(values_of(proposal.entry, proposal.after).items())
    digest = hashlib.sha256(repr(now).encode()).hexdigest()[:16]
    return f"{proposal.pk}.{proposal.state}.{digest}"


def _lock(proposal: ChangeProposal, seen: str) -> ChangeProposal:
    """The proposal as it is now, with its locked entry, if it says what the page showed."""
    entry = _locked(proposal.entry)
    proposal = ChangeProposal.objects.get(pk=proposal.pk)
    proposal.entry = entry
    if not proposal.is_waiting:
        raise Decided
    if seen != fingerprint(proposal):
        raise ChangedMeanwhile
    return proposal


def _locked(entry: Entry) -> Entry:
    hold_off_merging()
    return locked(Entry.objects.all()).get(pk=entry.pk)


def _write(entry: Entry, values: Values) -> None:
    try:
        write(entry, values)
    except ValidationError as error:
        texts = [
            f"{label_of(name)}: {text}"
            for name, found in error.message_dict.items()
            for text in found
        ]
        raise NotPossible(" ".join(texts)) from error


def _decide(proposal: ChangeProposal, state: str, by: User) -> None:
    proposal.state, proposal.decided_by, proposal.decided_at = state, by, timezone.now()
    proposal.save(update_fields=["state", "reason", "accepted", "decided_by", "decided_at"])
