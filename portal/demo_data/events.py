"""Invented events. Their dates are relative to the day of the first load."""

import datetime

from django.utils import timezone

from portal.reference.files import Record
from programs.holidays import holiday_on
from programs.models import District, Entry, Event, Organisation

from .files import read, with_notice
from .once import Once

SUNDAY = 6
EVES = {(12, 24), (12, 31)}
"""Month and day on which nobody meets, without their being public holidays."""


def load(once: Once, now: datetime.datetime) -> int:
    new = [r for r in read("events.json") if once.is_new("event", r["slug"])]
    for record in new:
        _make(record, timezone.localdate(now))
    return len(new)


def _make(record: Record, today: datetime.date) -> None:
    values = dict(record)
    starts_at = starts_on(today, values.pop("in_days"), values.pop("at"))
    closes = values.pop("closes_days_before", None)
    values["ends_at"] = starts_at + datetime.timedelta(hours=values.pop("hours"))
    values["description"] = with_notice(values.get("description", ""), "event")
    values["organisation"] = Organisation.objects.get(slug=values["organisation"])
    values["part_of"] = Entry.objects.filter(slug=values.get("part_of")).first()
    values["district"] = District.objects.filter(pk=values.get("district")).first()
    values["registration_until"] = starts_at - datetime.timedelta(days=closes) if closes else None
    Event.objects.create(**values, starts_at=starts_at, is_published=True, is_demo=True)


def starts_on(today: datetime.date, in_days: int, at: str) -> datetime.datetime:
    """The local time ``at``, ``in_days`` days after ``today``; if that is a day off, away from today to the next."""
    day = today + datetime.timedelta(days=in_days)
    while _is_off(day):
        day += datetime.timedelta(days=1 if in_days >= 0 else -1)
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.fromisoformat(at)))


def _is_off(day: datetime.date) -> bool:
    return day.weekday() == SUNDAY or (day.month, day.day) in EVES or bool(holiday_on(day))
