"""The agreement of a tandem: one side proposes, the other accepts or proposes something else.

Everything happens under the lock of the tandem, so what is accepted is what was read.
"""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..errors import DomainError
from ..models import Agreement, Tandem
from ..models.companions import Side
from ..notifications import first_weeks as notifications
from ..reads.tandems import other
from .first_weeks import lock_running


class ChangedMeanwhile(DomainError):
    message = _(
        "Der Vorschlag hat sich inzwischen geändert. Hier sehen Sie ihn, wie er jetzt ist; bitte lesen "
        "Sie ihn noch einmal."
    )


def propose(*, tandem: Tandem, side: Side, texts: Mapping[str, str]) -> Agreement:
    """One side proposes a version in place of the one that waits.

    The words that the other side has proposed are accepted by it. The other side gets a mail, but no
    second one when a side corrects its own proposal. Raises ``ending.NotRunning`` or ``first_weeks.Resting``.
    """
    with transaction.atomic():
        tandem = lock_running(tandem)
        waiting = tandem.agreements.filter(accepted_at__isnull=True).first()
        if waiting and waiting.proposed_by != side and waiting.texts == texts:
            return _accept(tandem, waiting)
        if waiting:
            waiting.delete()
        made = Agreement.objects.create(tandem=tandem, proposed_by=side, **texts)
        if waiting is None or waiting.proposed_by != side:
            notifications.agreement_proposed(tandem, other(side))
    return made


def accept(*, tandem: Tandem, side: Side, number: int) -> Agreement:
    """One side accepts the other's proposal ``number``; the version accepted before goes.

    A second click changes nothing. Raises the same, or ``ChangedMeanwhile`` when another
    proposal waits by now.
    """
    with transaction.atomic():
        tandem = lock_running(tandem)
        found = tandem.agreements.filter(pk=number).first()
        if found is None or (found.accepted_at is None and found.proposed_by == side):
            raise ChangedMeanwhile
        return found if found.accepted_at else _accept(tandem, found)


def _accept(tandem: Tandem, waiting: Agreement) -> Agreement:
    tandem.agreements.filter(accepted_at__isnull=False).delete()
    waiting.accepted_at = timezone.now()
    waiting.save(update_fields=["accepted_at"])
    notifications.agreement_accepted(tandem, Side(waiting.proposed_by))
    return waiting
