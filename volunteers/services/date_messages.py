"""Messages between who asks for a single date and who comes. Neither learns the address of the other."""

from typing import cast

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ..errors import DomainError
from ..models import DateMessage, DateOffer, DateRequest
from ..notifications import dates as notifications
from .locks import lock_date
from .messages import just_written, require_within_bounds


class NobodyToWriteTo(DomainError):
    message = _(
        "Zu diesem Termin kann man einander nicht mehr schreiben. Ihre Nachricht ist nicht verschickt."
    )


def write(*, date: DateRequest, text: str, by: DateOffer | None = None) -> DateMessage:
    """Store a message and mail it to the other side. Without ``by`` who asks wrote it, else who was asked.

    A double click returns the first one. Locks the date. Raises ``NobodyToWriteTo`` unless somebody comes,
    who is the one of ``by``; or ``TooManyMessages`` above ``MESSAGES_A_DAY`` of one side in 24 hours.
    """
    text = text.replace("\r\n", "\n").strip()
    sender = DateMessage.Sender.COMPANION if by else DateMessage.Sender.ASKER
    with transaction.atomic():
        date = lock_date(date.pk)
        if not date.may_be_talked_about or (by and by.volunteer_id != date.companion_id):
            raise NobodyToWriteTo
        if twin := just_written(date.messages, sender, text):
            return cast("DateMessage", twin)
        require_within_bounds(date.messages.filter(sender=sender))
        message = DateMessage.objects.create(date=date, sender=sender, text=text)
        notifications.message(message)
    return message
