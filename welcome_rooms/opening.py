"""The opening hours of a room as text for its page. Times are local (Europe/Berlin)."""

import datetime
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from programs.models import Weekday

from .models import OpeningHours, WelcomeRoom


class Opening(NamedTuple):
    """Opening hours of today. ``state``: open, later, over, closed or unknown; ``text``: the same in words."""

    state: str
    text: str


class Day(NamedTuple):
    label: str
    hours: str
    """„17:00–20:00, 21:00–22:00“; empty if the room is closed on that day."""
    is_today: bool


def opening_today(room: WelcomeRoom, now: datetime.datetime | None = None) -> Opening:
    """Today's opening hours. The room is open from ``opens`` (included) to ``closes`` (excluded)."""
    if not room.opening_hours.all():
        return Opening("unknown", _("Öffnungszeiten nicht bekannt, bitte vorher fragen"))
    moment = timezone.localtime(now)
    hours = room.hours_on(moment.date())
    if not hours:
        return Opening("closed", _("heute geschlossen"))
    text = _("heute geöffnet von %s") % _(" und von ").join(span(one) for one in hours)
    time = moment.time()
    if any(one.opens <= time < one.closes for one in hours):
        return Opening("open", text)
    return Opening("later" if time < hours[-1].opens else "over", text)


def span(hours: OpeningHours) -> str:
    """„17 bis 20 Uhr“, with minutes only where they are needed."""
    opens, closes = (
        f"{time:%H:%M}" if time.minute else str(time.hour) for time in (hours.opens, hours.closes)
    )
    return _("%(opens)s bis %(closes)s Uhr") % {"opens": opens, "closes": closes}


def weekly_hours(room: WelcomeRoom) -> list[Day]:
    """The days from Monday to Sunday; empty if no opening hours are known."""
    known = list(room.opening_hours.all())
    today = timezone.localdate().weekday()
    return [
        Day(
            str(day.label),
            ", ".join(one.clock for one in known if one.weekday == day),
            day == today,
        )
        for day in Weekday
        if known
    ]
