"""The first weeks of a tandem: have they met, does it fit; and the free change when it does not.

What one side says, the other never learns. Both sides find the questions on their own page from the
first day; mails ask again (``reminders/tandems.py``).
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..errors import DomainError
from ..models import FirstMeeting, Fit, Tandem
from ..models.companions import Answer, Side, TandemStatus
from ..reads.first_weeks import may_change
from . import ending
from .locks import lock_own_tandem, lock_tandem


class ChangeIsOver(DomainError):
    message = _(
        "Sie haben schon gesagt, dass es passt. Wenn sich das geändert hat, können Sie das Tandem auf "
        "Ihrer Seite beenden."
    )


class Resting(DomainError):
    message = _("Ihr Tandem ruht zurzeit. Sie müssen nichts tun.")


def note_met(tandem: Tandem) -> None:
    """The locked tandem has met; the first time counts."""
    if tandem.met_on is None:
        tandem.met_on = timezone.localdate()
        tandem.save(update_fields=["met_on"])


def say_met(*, tandem: Tandem, side: Side, met: bool) -> Tandem:
    """One side says whether they have met. Raises ``ending.NotRunning`` or ``Resting``."""
    with transaction.atomic():
        tandem = lock_running(tandem)
        answer = Answer.YES if met else Answer.NO
        _store(tandem, side, met=answer, met_at=timezone.now())
        if met:
            note_met(tandem)
    return tandem


def say_fit(*, tandem: Tandem, side: Side, fit: str) -> Tandem:
    """One side says whether it fits; „passt nicht“ lets both change freely (``ending.change``).

    Raises ``ending.NotRunning``, ``Resting``, or ``ChangeIsOver`` where it fitted and the trial phase is over.
    """
    with transaction.atomic():
        if fit == Fit.NO:
            lock_tandem(tandem)  # before the tandem itself, in the usual order
        tandem = lock_running(tandem)
        if fit == Fit.NO and not may_change(tandem, side):
            raise ChangeIsOver
        now = timezone.now()
        _store(tandem, side, met=Answer.YES, met_at=now, fit=Fit(fit), fit_at=now)
        note_met(tandem)
        if fit == Fit.NO:
            tandem = ending.change(tandem=tandem)
    return tandem


def record_met(*, tandem: Tandem) -> Tandem:
    """A coordinator knows that the two have met. Raises ``ending.NotRunning`` or ``Resting``."""
    with transaction.atomic():
        tandem = lock_running(tandem)
        note_met(tandem)
    return tandem


def confirm_accompanied(*, tandem: Tandem) -> Tandem:
    """The coordination confirms that the second person came to the first meeting, which it knows by that.

    Raises ``ending.NotRunning`` or ``Resting``.
    """
    with transaction.atomic():
        tandem = lock_running(tandem)
        note_met(tandem)
        if tandem.comes_along:
            tandem.accompanied_on = timezone.localdate()
            tandem.save(update_fields=["accompanied_on"])
    return tandem


def lock_running(tandem: Tandem) -> Tandem:
    """The tandem as it is now, locked. Raises ``ending.NotRunning`` or ``Resting``."""
    tandem = lock_own_tandem(tandem.pk)
    if tandem.status != TandemStatus.RUNNING:
        raise ending.NotRunning
    if tandem.is_held:
        raise Resting
    return tandem


def _store(tandem: Tandem, side: Side, **said: object) -> None:
    FirstMeeting.objects.update_or_create(tandem=tandem, side=side, defaults=said)
