"""Invented people and their applications, with every status that the portal has.

The rows are created directly, with dates in the past. Otherwise they follow the rules of
``volunteers.services``.
"""

import datetime
import random
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils import timezone

from portal.demo_accounts import DEMO_ACCOUNTS, VOLUNTEER
from portal.reference.files import Record
from programs.models import DayPart, District, Entry, Field, Weekday
from volunteers.models import Application, Consent, StatusChange, User, Volunteer
from volunteers.models.statuses import Status
from volunteers.reads.answering import answering_organisation

from .accounts import member_of
from .files import read
from .once import Once

NEW, CONTACT, TRAINING, READY = (
    Status.NEW,
    Status.IN_CONTACT,
    Status.IN_TRAINING,
    Status.READY,
)
PATHS: dict[Status, tuple[Status, ...]] = {
    Status.UNCONFIRMED: (),
    Status.WAITING: (Status.WAITING,),
    NEW: (NEW,),
    CONTACT: (NEW, CONTACT),
    TRAINING: (NEW, CONTACT, TRAINING),
    READY: (NEW, CONTACT, TRAINING, READY),
    Status.PLACED: (NEW, CONTACT, TRAINING, READY, Status.PLACED),
    Status.COMPLETED: (NEW, CONTACT, TRAINING, READY, Status.PLACED, Status.COMPLETED),
    Status.PAUSED: (NEW, CONTACT, Status.PAUSED),
    Status.DECLINED: (NEW, CONTACT, Status.DECLINED),
    Status.WITHDRAWN: (NEW, Status.WITHDRAWN),
}
"""Status of an application → the statuses it went through after sign-up. Every step is an allowed one."""
NOTES = {
    CONTACT: "Angerufen, Kennenlerngespräch vereinbart.",
    TRAINING: "Kommt zur nächsten Schulung.",
    READY: "Vorbereitung abgeschlossen.",
    Status.PLACED: "Hat angefangen, erster Eindruck gut.",
    Status.PAUSED: "Möchte eine Weile aussetzen.",
}
CONFIRMED_AFTER = datetime.timedelta(minutes=25)


def load_volunteers(once: Once, now: datetime.datetime, *, seed: int) -> int:
    """Create a volunteer for each person who has confirmed an application; returns how many."""
    confirmed = {a["person"] for a in _applications() if a["status"] != Status.UNCONFIRMED}
    new = [p for p in all_people() if p["email"] in confirmed and once.is_new("person", p["email"])]
    for person in new:
        _make_volunteer(person, seed=seed)
    return len(new)


def load_applications(once: Once, now: datetime.datetime, *, seed: int) -> int:
    people = {person["email"]: person for person in all_people()}
    new = [
        record
        for record in _applications()
        if once.is_new("application", f"{record['person']}@{record['entry']}")
    ]
    for record in new:
        _make_application(record, people[record["person"]], now, seed=seed)
    return len(new)


def _applications() -> list[Record]:
    return read("applications.json")


def all_people() -> list[Record]:
    """The people from ``people.json``, and the volunteer who has a demo account."""
    account = next(one for one in DEMO_ACCOUNTS if one.email == VOLUNTEER)
    own = {"name": account.name, "email": account.email, "languages": ["de", "en"]}
    return [*read("people.json"), own]


def _profile(person: Record, *, seed: int) -> tuple[dict[str, Any], list[District], list[Field]]:
    """The person's profile. It is random, but always the same for the same person and seed."""
    chance = random.Random(f"{seed}:{person['email']}")  # noqa: S311
    profile = {
        "name": person["name"],
        "phone": f"0176 040690{chance.randrange(100):02}" if chance.random() < 0.4 else "",
        "languages": person["languages"],
        "preferred_language": person.get("preferred_language", settings.LANGUAGE_CODE),
        "weekdays": sorted(chance.sample(Weekday.values, chance.randint(1, 3))),
        "dayparts": [part for part in DayPart.values if chance.random() < 0.5],
    }
    districts = chance.sample(list(District.objects.all()), chance.randint(1, 3))
    fields = chance.sample(list(Field.objects.all()), chance.randint(1, 4))
    return profile, districts, fields


def _make_volunteer(person: Record, *, seed: int) -> None:
    profile, districts, fields = _profile(person, seed=seed)
    volunteer, made = Volunteer.objects.get_or_create(
        email=person["email"],
        defaults=profile
        | {"user": User.objects.filter(email=person["email"]).first(), "is_demo": True},
    )
    if made:
        volunteer.districts.set(districts)
        volunteer.fields.set(fields)


def _make_application(record: Record, person: Record, now: datetime.datetime, *, seed: int) -> None:
    entry = Entry.objects.get(slug=record["entry"]) if record["entry"] else None
    profile, districts, fields = _profile(person, seed=seed)
    status = Status(record["status"])
    submitted_at = _submitted_at(record, now, seed=seed)
    is_confirmed = status != Status.UNCONFIRMED
    organisation = answering_organisation(entry)
    application = Application.objects.create(
        **profile,
        entry=entry,
        organisation=organisation,
        volunteer=Volunteer.objects.filter(email=person["email"]).first() if is_confirmed else None,
        status=status,
        email=person["email"],
        message=record.get("message", ""),
        decline_reason=record.get("reason", ""),
        group_name=record.get("group_name", ""),
        group_size=record.get("group_size"),
        submitted_at=submitted_at,
        link_sent_at=submitted_at,
        confirmed_at=submitted_at + CONFIRMED_AFTER if is_confirmed else None,
        answer_by=timezone.localdate(submitted_at)
        + datetime.timedelta(days=organisation.answer_days)
        if NEW in PATHS[status]
        else None,
        is_demo=True,
    )
    application.districts.set(districts)
    application.fields.set(fields)
    _make_history(application, now)


def _submitted_at(record: Record, now: datetime.datetime, *, seed: int) -> datetime.datetime:
    """A local time from 8:00 to 19:59, ``days_ago`` days ago, and at least an hour before ``now``."""
    chance = random.Random(f"{seed}:{record['person']}:{record['entry']}")  # noqa: S311
    day = timezone.localtime(now) - datetime.timedelta(days=record["days_ago"])
    time = day.replace(hour=chance.randrange(8, 20), minute=chance.randrange(60), second=0)
    return min(time.replace(microsecond=0), now - datetime.timedelta(hours=1))


def _make_history(application: Application, now: datetime.datetime) -> None:
    Consent.objects.give(
        application,
        given_at=application.submitted_at,
        withdrawn_at=now if application.status == Status.WITHDRAWN else None,
    )
    by = member_of(application.organisation)
    for status, at in _steps(application, now):
        by_staff = status in NOTES or status in {Status.DECLINED, Status.COMPLETED}
        StatusChange.objects.create(
            application=application,
            status=status,
            at=at,
            actor=StatusChange.Actor.STAFF if by_staff else StatusChange.Actor.APPLICANT,
            by=by if by_staff else None,
            note=NOTES.get(status, ""),
        )


def _steps(
    application: Application, now: datetime.datetime
) -> Iterator[tuple[Status, datetime.datetime]]:
    """Each status and when it began: submitted, confirmed, then evenly spread until ``now``."""
    yield Status.UNCONFIRMED, application.submitted_at
    if application.confirmed_at is None:
        return
    first, *others = PATHS[Status(application.status)]
    yield first, application.confirmed_at
    stretch = (now - application.confirmed_at) / (len(others) + 1)
    for number, status in enumerate(others, start=1):
        yield status, _at_work(application.confirmed_at + number * stretch)


def _at_work(at: datetime.datetime) -> datetime.datetime:
    """The same local day, at an hour from 9 to 15."""
    return timezone.localtime(at).replace(hour=9 + at.minute % 7)
