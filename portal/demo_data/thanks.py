"""Invented hours and certificates of volunteers who have started."""

import datetime
import random
from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone

from volunteers.models import Application, Certificate, HoursEntry
from volunteers.reads.engaged import district_of, engaged, engaged_since

from .accounts import member_of
from .once import Once

WHAT = (
    "Gemeinsam Briefe gelesen und beantwortet",
    "Zum Jobcenter begleitet",
    "Deutsch geübt",
    "Mit den Kindern gelesen",
    "Wohnungen angesehen",
    "Stadtbezirk gezeigt",
)
MOST_ENTRIES = 30
UNCONFIRMED = 2
"""How many entries of each application, the newest ones, are not confirmed yet."""
BUSY = "mitmachen@example.org"
"""This person gives many hours, to show the hint at the Ehrenamtskarte."""
VOID = "aenne.muster@example.org"
"""This person's certificate is withdrawn."""
BUSY_HOURS = Decimal("7.5")
COMPETENCES = (["reliability", "empathy", "intercultural"], ["teaching", "patience", "languages"])


def load(once: Once, now: datetime.datetime, *, seed: int) -> tuple[int, int]:
    """Create hours for all who have started, and certificates for some of them; returns how many of each."""
    applications = engaged(Application.objects.filter(is_demo=True)).select_related("entry")
    new = [
        application
        for application in applications.order_by("submitted_at", "pk")
        if once.is_new("hours", f"{application.email}@{application.entry_id}")
    ]
    hours = sum(_give(application, now, seed=seed) for application in new)
    certificates = sum(_issue(application, number) for number, application in enumerate(new))
    return hours, certificates


def _give(application: Application, now: datetime.datetime, *, seed: int) -> int:
    """Create regular entries, back from the end (or today) to the start. The newest are unconfirmed."""
    chance = random.Random(f"{seed}:{application.email}")  # noqa: S311
    first = engaged_since(application) or timezone.localdate(now)
    last = timezone.localdate(_end(application, now))
    every = 4 if application.email == BUSY else 7
    days = [last - datetime.timedelta(days=every * number) for number in range(MOST_ENTRIES)]
    by, place = member_of(application.organisation), district_of(application)
    entries = [
        HoursEntry(
            application=application,
            on=day,
            hours=BUSY_HOURS if application.email == BUSY else Decimal(chance.randint(4, 12)) / 4,
            what=chance.choice(WHAT),
            district=place,
            entered_at=now,
            confirmed_by=by if number >= UNCONFIRMED else None,
            confirmed_at=now if by is not None and number >= UNCONFIRMED else None,
            is_demo=True,
        )
        for number, day in enumerate(day for day in days if day >= first)
    ]
    return len(HoursEntry.objects.bulk_create(entries))


def _end(application: Application, now: datetime.datetime) -> datetime.datetime:
    closing = application.changes.filter(status=Application.Status.COMPLETED).first()
    return closing.at if closing else now


def _issue(application: Application, number: int) -> int:
    """Issue a certificate if the engagement is over or the person is ``BUSY``; returns 1 or 0."""
    is_over = application.status == Application.Status.COMPLETED
    confirmed = application.hours.confirmed()
    volunteer = application.volunteer
    if volunteer is None or not confirmed.exists():
        return 0
    if not is_over and application.email != BUSY:
        return 0
    days = confirmed.order_by("on").values_list("on", flat=True)
    Certificate.objects.create(
        volunteer=volunteer,
        application=application,
        organisation=application.organisation,
        issuer=application.organisation.title,
        name=application.name,
        what=application.wish,
        since=days[0],
        until=days[len(days) - 1],
        hours=confirmed.aggregate(total=Sum("hours"))["total"],
        competences=COMPETENCES[number % len(COMPETENCES)],
        issued_by=member_of(application.organisation),
        withdrawn_at=timezone.now() if application.email == VOID else None,
        is_demo=True,
    )
    return 1
