"""Putting a tandem on hold, and letting it go on.

While it is held, no contact passes: not on pages, not in mails, and nobody is asked how it goes. Both
read on their pages that it rests, without a reason, and get no mail about it: a mail may be read by
whom it should not reach. A yes that comes meanwhile is kept, and the tandem starts when it is let go.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..errors import DomainError
from ..models import Tandem, User
from ..models.companions import Answer, Hold, Side, TandemStatus
from ..notifications import tandems as notifications
from .locks import lock_own_tandem, lock_tandem
from .tandems import start_or_tell


class NotAlive(DomainError):
    message = _("Dieses Tandem ist nicht mehr vorgeschlagen und läuft nicht mehr.")


class HeldByTrust(DomainError):
    message = _("Dieses Tandem hat die Vertrauensperson angehalten. Nur sie lässt es weitergehen.")


def hold(*, tandem: Tandem, as_: Hold) -> Tandem:
    """Put a proposed or running tandem on hold; a second time changes nothing.

    A person of trust takes over the hold of a coordinator, never the other way round. Mails with the
    contact that have not left are taken back. Raises ``NotAlive``.
    """
    with transaction.atomic():
        tandem = lock_own_tandem(tandem.pk)
        if not tandem.is_alive:
            raise NotAlive
        if tandem.hold != Hold.TRUST:
            tandem.hold, tandem.held_at = as_, tandem.held_at or timezone.now()
            tandem.save(update_fields=["hold", "held_at"])
        notifications.keep_contacts_back(tandem)
    return tandem


def let_go(*, tandem: Tandem, as_: Hold, by: User) -> Tandem:
    """The tandem goes on: both get a mail, or it starts now if both said yes meanwhile.

    Raises ``HeldByTrust`` when a coordinator lets go what a person of trust holds.
    """
    with transaction.atomic():
        tandem = lock_tandem(tandem)
        if not tandem.is_held:
            return tandem
        if tandem.hold == Hold.TRUST and as_ != Hold.TRUST:
            raise HeldByTrust
        tandem.hold, tandem.held_at = "", None
        tandem.save(update_fields=["hold", "held_at"])
        if tandem.status == TandemStatus.RUNNING:
            for side in Side:
                notifications.goes_on(tandem, side)
        elif {tandem.volunteer_answer, tandem.newcomer_answer} == {Answer.YES.value}:
            start_or_tell(tandem, by)
    return tandem
