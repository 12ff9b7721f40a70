"""A second mail to the persons of trust when nobody has read a concern in time; it says nothing of it."""

import datetime
from collections.abc import Iterable

from ..models import Concern, Reminder
from ..notifications import concerns as notifications
from .kinds import Due, Kind

UNREAD = "concern.unread"


def find(day: datetime.date) -> Iterable[Due]:
    """Unread after the day by which they should be read."""
    late = Concern.objects.unread().filter(answer_by__lt=day)
    dues = set(late.values_list("pk", "answer_by"))
    return sorted(Reminder.objects.not_taken(UNREAD, dues))


def send(pk: int, _due: datetime.date) -> None:
    concern = Concern.objects.unread().filter(pk=pk).select_related("organisation").first()
    if concern is not None:
        notifications.to_read(concern, again=True)


KINDS = (Kind(UNREAD, find, send),)
