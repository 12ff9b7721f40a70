"""Asking volunteers for a single date: a few at once, then a quiet while, then the next ones.

A wave and its mails are one transaction under the lock of the date, so it goes out once, whoever else
runs and whenever a worker is killed. The volunteers are locked before their week is counted.
"""

import datetime
from itertools import islice

from django.conf import settings
from django.utils import timezone

from ..guard import stops
from ..models import DateOffer, DateRequest, MailKind, Volunteer
from ..models.dates import DateStatus
from ..notifications import dates as notifications
from ..reads.date_candidates import in_turn
from .locks import lock_all, lock_date
from .rounds import each

LOOKED_AT = 4
"""How many times the size of a wave is looked at, to find those who have not stopped these mails."""


def send_waves() -> int:
    """Ask the next volunteers for each open date whose quiet while is over; returns how many were asked.

    Nobody is asked at night (``DATE_BY_DAY``).
    """
    begin, end = settings.DATE_BY_DAY
    if not begin <= timezone.localtime().hour < end:
        return 0
    now = timezone.now()
    due = DateRequest.objects.filter(
        status=DateStatus.OPEN, next_wave_at__lte=now, starts_at__gt=now
    )
    return each(list(due.order_by("starts_at", "pk").values_list("pk", flat=True)), _wave)


def _wave(number: int) -> int:
    date = lock_date(number)
    now = timezone.now()
    if date.status != DateStatus.OPEN or date.next_wave_at is None or date.next_wave_at > now:
        return 0
    offers = DateOffer.objects.bulk_create(
        [DateOffer(date=date, volunteer=one) for one in _next(date)]
    )
    quiet = datetime.timedelta(minutes=settings.DATE_QUIET_MINUTES)
    date.next_wave_at = now + (quiet / 2 if date.is_urgent else quiet)
    date.save(update_fields=["next_wave_at"])
    for offer in offers:
        notifications.offered(offer)
    return len(offers)


def _next(date: DateRequest) -> list[Volunteer]:
    """The next volunteers, locked; one whose week another wave has filled meanwhile is left out."""
    looked_at = in_turn(date)[: settings.DATE_WAVE * LOOKED_AT]
    wanted = (one.pk for one in looked_at if not stops.holds_back(MailKind.DATE, one.email))
    chosen = list(islice(wanted, settings.DATE_WAVE))
    lock_all(Volunteer.objects.filter(pk__in=chosen))
    return list(in_turn(date).filter(pk__in=chosen))
