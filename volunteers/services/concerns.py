"""„Etwas stimmt nicht“: taking it in, and what a person of trust does with it.

Every step is a line in the concern's own log. Neither Django's log of the administration nor the
change history has one.
"""

import datetime
from collections.abc import Callable
from dataclasses import asdict, dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.models import Organisation

from ..errors import DomainError
from ..models import Concern, ConcernNote, KeptApart, Tandem, User
from ..models.companions import Hold
from ..models.concerns import ConcernState
from ..notifications import concerns as notifications
from ..periods import working_days_after
from ..reads.apart import marks_of
from ..reads.trust import coordinators_of
from . import date_offers, holds
from .ending import end_tandem
from .locks import lock_concern, lock_organisation, lock_tandem, lock_volunteer

Kind = ConcernNote.Kind
State = ConcernState
SAME_CONCERN = datetime.timedelta(minutes=10)
"""The same words of the same person within this time are a double click."""


class NobodyReads(DomainError):
    message = _(
        "Dafür ist zurzeit keine Vertrauensperson da, die die Koordination nicht selbst macht. Bitte rufen "
        "Sie an; die Nummern stehen oben."
    )


class NoTandem(DomainError):
    message = _("Zu diesem Hinweis gibt es kein Tandem mehr.")


@dataclass(frozen=True, kw_only=True)
class Report:
    """What somebody typed, validated by the form."""

    text: str
    about: str = ""
    who: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    about_coordination: bool = False


def raise_concern(
    *, report: Report, organisation: Organisation, tandem: Tandem | None = None, tell: str = ""
) -> Concern:
    """Store it and tell the persons of trust that there is something to read.

    ``tell`` is the address that gets the link to follow it; empty: none. If it is about the
    coordination, nobody who coordinates now reads it, whatever else they are. A double click returns the
    first one. Locks the organisation. Raises ``NobodyReads``; then nothing is stored.
    """
    with transaction.atomic():
        organisation = lock_organisation(organisation.pk)
        same = Concern.objects.filter(organisation=organisation, tandem=tandem, **asdict(report))
        twin = same.filter(came_at__gt=timezone.now() - SAME_CONCERN).first()
        if twin is not None:
            return twin
        answer_by = working_days_after(timezone.localdate(), settings.CONCERN_WORKING_DAYS)
        concern = Concern.objects.create(
            organisation=organisation,
            tandem=tandem,
            answer_by=answer_by,
            kept_from=sorted(coordinators_of(organisation) if report.about_coordination else ()),
            **asdict(report),
        )
        if not notifications.to_read(concern):
            raise NobodyReads
        if tell:
            notifications.received(concern, tell)
    return concern


def note_reading(*, concern: Concern, by: User) -> Concern:
    """``by`` has opened it; one line a day for each reader."""
    with transaction.atomic():
        concern = lock_concern(concern.pk)
        today = concern.notes.filter(kind=Kind.READ, by=by, at__date=timezone.localdate())
        if not today.exists():
            _log(concern, Kind.READ, by)
        if concern.state == State.NEW:
            _become(concern, State.READ)
    return concern


def note(*, concern: Concern, by: User, text: str) -> Concern:
    """Write down what was done; an open one is in hand from now on."""
    with transaction.atomic():
        return _took_care(concern, Kind.NOTE, by, text)


def hold_tandem(*, concern: Concern, by: User) -> Concern:
    """Put its tandem on hold. Raises ``NoTandem``, or ``holds.NotAlive``."""
    return _with_tandem(concern, Kind.HELD, by, lambda t: holds.hold(tandem=t, as_=Hold.TRUST))


def let_tandem_go(*, concern: Concern, by: User) -> Concern:
    """Its tandem goes on. Raises ``NoTandem``."""
    return _with_tandem(
        concern, Kind.LET_GO, by, lambda t: holds.let_go(tandem=t, as_=Hold.TRUST, by=by)
    )


def end_for_safety(*, concern: Concern, by: User) -> Concern:
    """End its tandem, never propose the two again, and keep the volunteer back until they are freed.

    The single dates that the volunteer has accepted go to others. The tandem and its mails say „anderer
    Grund“, the mails about dates none. Raises ``NoTandem``.
    """

    def end(tandem: Tandem) -> None:
        date_offers.give_to_others(tandem.volunteer)  # dates are locked before tandems
        tandem = lock_tandem(tandem)
        if tandem.status == Tandem.Status.RUNNING:
            end_tandem(tandem=tandem, reason=Tandem.EndReason.OTHER, by=by)
        KeptApart.objects.get_or_create(
            concern=concern,
            volunteer=tandem.volunteer,
            defaults={
                "organisation": concern.organisation,
                "marks": marks_of(tandem.request.email, tandem.request.phone),
            },
        )

    return _with_tandem(concern, Kind.ENDED, by, end)


def free(*, apart: KeptApart, by: User) -> None:
    """The volunteer may be proposed again, never to this person. A second click changes nothing."""
    with transaction.atomic():
        lock_volunteer(apart.volunteer_id)
        freed = KeptApart.objects.not_freed().filter(pk=apart.pk).update(freed_at=timezone.now())
        if freed and apart.concern_id:
            _log(lock_concern(apart.concern_id), Kind.FREED, by)


def close(*, concern: Concern, by: User, text: str = "") -> Concern:
    """Nothing is left to do; the time of deleting counts from now. A second click changes nothing."""
    with transaction.atomic():
        concern = lock_concern(concern.pk)
        if not concern.is_done:
            _log(concern, Kind.DONE, by, text)
            _become(concern, State.DONE)
    return concern


def take_up_again(*, concern: Concern, by: User) -> Concern:
    with transaction.atomic():
        concern = lock_concern(concern.pk)
        if concern.is_done:
            _log(concern, Kind.REOPENED, by)
            _become(concern, State.IN_HAND)
    return concern


def _with_tandem(
    concern: Concern, kind: ConcernNote.Kind, by: User, act: Callable[[Tandem], object]
) -> Concern:
    """Lock and change the tandem first, then the concern."""
    with transaction.atomic():
        tandem = Tandem.objects.filter(concerns=concern).first()
        if tandem is None:
            raise NoTandem
        act(tandem)
        return _took_care(concern, kind, by)


def _took_care(concern: Concern, kind: ConcernNote.Kind, by: User, text: str = "") -> Concern:
    concern = lock_concern(concern.pk)
    _log(concern, kind, by, text)
    if not concern.is_done:
        _become(concern, State.IN_HAND)
    return concern


def _become(concern: Concern, state: ConcernState) -> None:
    concern.state = state
    concern.done_at = timezone.now() if state == State.DONE else None
    concern.save(update_fields=["state", "done_at"])


def _log(concern: Concern, kind: ConcernNote.Kind, by: User, text: str = "") -> None:
    ConcernNote.objects.create(concern=concern, kind=kind, by=by, text=text)
