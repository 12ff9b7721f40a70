"""Before a single date a reminder to who comes; after it the question how it was."""

import datetime
from collections.abc import Callable, Iterable

from django.db.models import F, QuerySet
from django.utils import timezone

from ..models import DateOffer, Reminder
from ..models.dates import DateStatus
from ..notifications import dates as notifications
from .kinds import Due, Kind

TOMORROW = "date.tomorrow"
HOW_WAS_IT = "date.how_was_it"
A_DAY = datetime.timedelta(days=1)


def _taken() -> QuerySet[DateOffer]:
    """The offers of those who come, and have not said how it was."""
    offers = DateOffer.objects.select_related("date__district", "volunteer")
    return offers.filter(date__status=DateStatus.TAKEN, date__companion=F("volunteer"))


def find_tomorrow(day: datetime.date) -> Iterable[Due]:
    """From the day before; not for what has begun."""
    ahead = _taken().filter(date__starts_at__gt=timezone.now())
    days = {offer.pk: timezone.localdate(offer.date.starts_at) for offer in ahead}
    due = [(pk, on - A_DAY) for pk, on in days.items() if on - A_DAY <= day]
    return Reminder.objects.not_taken(TOMORROW, due)


def find_over(day: datetime.date) -> Iterable[Due]:
    """Once it is over."""
    begun = _taken().filter(date__starts_at__lt=timezone.now())
    over = [offer for offer in begun if offer.date.ends_at < timezone.now()]
    due = [(offer.pk, timezone.localdate(offer.date.starts_at)) for offer in over]
    return Reminder.objects.not_taken(HOW_WAS_IT, due)


def _sender(mail: Callable[[DateOffer], None]) -> Callable[[int, datetime.date], None]:
    def send(pk: int, due_on: datetime.date) -> None:
        if (offer := _taken().filter(pk=pk).first()) is not None:
            mail(offer)

    return send


KINDS = (
    Kind(TOMORROW, find_tomorrow, _sender(notifications.reminder)),
    Kind(HOW_WAS_IT, find_over, _sender(notifications.how_was_it)),
)
