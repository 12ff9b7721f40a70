"""The opening hours and regular offers of a room as text for its page. Times are local (Europe/Berlin)."""

import datetime
import itertools
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from programs.models import Weekday
from programs.models.choices import listed

from .models import Closure, OpeningHours, RoomOffer, WelcomeRoom

DATES_SHOWN = 3
"""Next dates of an offer on the room's page."""
LOOKS_AHEAD = datetime.timedelta(days=60)
"""How far the page looks for dates and closures."""


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
        reason = room.why_closed_on(moment.date())
        text = _("heute geschlossen (%s)") % reason if reason else _("heute geschlossen")
        return Opening("closed", text)
    text = _("heute geöffnet von %s") % _(" und von ").join(span(one) for one in hours)
    time = moment.time()
    if any(one.opens <= time < one.closes for one in hours):
        return Opening("open", text)
    return Opening("later" if time < hours[-1].opens else "over", text)


def span(hours: OpeningHours) -> str:
    """„17 bis 20 Uhr“, with minutes only where they are needed."""
    return _span(hours.opens, hours.closes)


def _span(opens: datetime.time, closes: datetime.time) -> str:
    return _("%(opens)s bis %(closes)s Uhr") % {"opens": short(opens), "closes": short(closes)}


def short(time: datetime.time) -> str:
    """„17“ or „17:30“."""
    return f"{time:%H:%M}" if time.minute else str(time.hour)


def weekly_hours(room: WelcomeRoom) -> list[Day]:
    """The days from Monday to Sunday; empty if no opening hours are known."""
    known = list(room.opening_hours.all())
    today = timezone.localdate().weekday()
    return [
        Day(
            str(day.label),
            listed(one.clock for one in known if one.weekday == day),
            day == today,
        )
        for day in Weekday
        if known
    ]


def closures_ahead(room: WelcomeRoom) -> list[Closure]:
    """Closures that last until today or begin soon, earliest first."""
    today = timezone.localdate()
    return [
        closure
        for closure in room.known_closures
        if closure.first_day <= today + LOOKS_AHEAD and today <= closure.last_day
    ]


class Regular(NamedTuple):
    """A regular offer. ``when``: „montags, 17 bis 20 Uhr“, or empty."""

    offer: RoomOffer
    when: str
    dates: list[datetime.date]


def regular_offers(room: WelcomeRoom) -> list[Regular]:
    """The offers that have not ended, with their next dates, today included."""
    today = timezone.localdate()
    offers = [one for one in room.offers.all() if not one.until or today <= one.until]
    return [Regular(offer, _when(offer), next_dates(room, offer, today)) for offer in offers]


def next_dates(room: WelcomeRoom, offer: RoomOffer, today: datetime.date) -> list[datetime.date]:
    """The next dates of a weekly offer, without holidays and closures; none if it has no weekday."""
    if offer.weekday is None:
        return []
    days = (today + datetime.timedelta(days=n) for n in range(LOOKS_AHEAD.days + 1))
    open_days = (day for day in days if offer.is_on(day) and room.why_closed_on(day) is None)
    return list(itertools.islice(open_days, DATES_SHOWN))


def _when(offer: RoomOffer) -> str:
    if offer.weekday is None:
        return ""
    day = Weekday(offer.weekday).label
    if not offer.starts:
        return _("jeden %(weekday)s") % {"weekday": day}
    start, end = offer.starts, offer.ends
    clock = _span(start, end) if end else _("ab %s Uhr") % short(start)
    return _("jeden %(weekday)s, %(clock)s") % {"weekday": day, "clock": clock}
