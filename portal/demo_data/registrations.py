"""Invented registrations for the invented events: with a place, on a waiting list, for a past training.

Like the applications, the rows are created directly, with dates in the past, and follow the rules of
the services.
"""

import datetime
from typing import Any

from django.utils import timezone

from portal.reference.files import Record
from programs.models import Event
from volunteers.models import Consent, Qualification, Registration, Volunteer
from volunteers.models.registrations import RegistrationStatus
from volunteers.services.registrations import list_keeper
from volunteers.services.seats import offer_end

from .files import read
from .once import Once
from .people import CONFIRMED_AFTER, all_people

UNCONFIRMED, OFFERED = RegistrationStatus.UNCONFIRMED, RegistrationStatus.OFFERED
INVITED = RegistrationStatus.INVITED


def load(once: Once, now: datetime.datetime) -> int:
    """Create the registrations; returns how many. Needs the events and the people."""
    names = {person["email"]: person["name"] for person in all_people()}
    new = [
        record
        for record in read("registrations.json")
        if once.is_new("registration", f"{record['person']}@{record['event']}")
    ]
    for record in new:
        event = Event.objects.filter(slug=record["event"]).first()
        if event is not None:
            _make(record, event, names[record["person"]], now)
    return len(new)


def _make(record: Record, event: Event, name: str, now: datetime.datetime) -> None:
    status = RegistrationStatus(record["status"])
    submitted_at = now - datetime.timedelta(days=record["days_ago"], hours=1)
    registration = Registration.objects.create(
        event=event,
        organisation=list_keeper(event),
        volunteer=Volunteer.objects.filter(email=record["person"]).first(),
        name=name,
        email=record["person"],
        note=record.get("note", ""),
        status=status,
        attended=record.get("attended"),
        offer_until=offer_end(event) if status == OFFERED else None,
        invited_at=submitted_at if status == INVITED else None,
        is_demo=True,
        **_times(status, submitted_at),
    )
    if status == INVITED:
        return  # nobody has agreed to anything yet
    is_cancelled = status == RegistrationStatus.CANCELLED
    Consent.objects.give(
        registration,
        given_at=submitted_at,
        withdrawn_at=now if is_cancelled else None,
    )
    if registration.attended:
        _certify(registration)


def _times(status: RegistrationStatus, submitted_at: datetime.datetime) -> dict[str, Any]:
    confirmed_at = None if status == UNCONFIRMED else submitted_at + CONFIRMED_AFTER
    return {
        "submitted_at": submitted_at,
        "link_sent_at": submitted_at,
        "confirmed_at": confirmed_at,
        "revision": 1,
        "told_sequence": 1,
    }


def _certify(registration: Registration) -> None:
    day = timezone.localdate(registration.event.ends_at)
    Qualification.objects.create(
        volunteer=Volunteer.objects.get(email=registration.email),
        event=registration.event,
        title=registration.event.qualification,
        acquired_on=day,
        expires_on=Qualification.last_day(day, registration.event.qualification_months),
    )
