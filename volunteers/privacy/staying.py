"""„Sollen Ihre Daten bleiben?“: the question to inactive volunteers."""

from django.db import transaction
from django.utils import timezone

from ..models import Volunteer
from ..services.locks import lock_volunteer, locked
from ..services.rounds import each, keys_of
from . import mails as notifications
from . import silence


def ask_silent() -> int:
    """Ask everybody who is due; returns how many. If two workers ask at once, one mail is sent."""
    return each(keys_of(silence.to_ask()), _ask)


def _ask(pk: int) -> int:
    """Locks the volunteer. Does not change ``updated_at``, because this is not a sign of the person."""
    with transaction.atomic():
        volunteer = locked(Volunteer.objects.filter(pk=pk)).first()
        if volunteer is None or not silence.to_ask().filter(pk=pk).exists():
            return 0
        volunteer.asked_to_stay_at = timezone.now()
        Volunteer.objects.filter(pk=pk).update(asked_to_stay_at=volunteer.asked_to_stay_at)
        notifications.ask_to_stay(volunteer)
    return 1


def stay(*, volunteer: Volunteer) -> None:
    """The person wants the data to stay; they are asked again only after another period without a sign.

    Locks the volunteer. A concurrent deletion comes either before (then there is no volunteer) or
    sees the answer. Raises ``Volunteer.DoesNotExist``.
    """
    with transaction.atomic():
        lock_volunteer(volunteer.pk)
        Volunteer.objects.filter(pk=volunteer.pk).update(stayed_at=timezone.now())
