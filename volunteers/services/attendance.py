"""Attendance at events: the list of who was there, and the steps and qualifications that follow."""

import datetime
from collections.abc import Mapping
from contextlib import suppress

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from programs.models import Event

from ..errors import DomainError, TooEarly
from ..models import Qualification, Registration, StepRecord, User, Volunteer
from ..models.registrations import RegistrationStatus
from .locks import lock_event, locked
from .people import find_or_make_volunteer, volunteer_of
from .registrations import Guest, admit
from .steps import complete_training, reopen_step

ASKED_FOR = datetime.timedelta(days=60)
"""For this long the start page asks for a list that nobody has filled in."""


def may_tick(event: Event) -> bool:
    """From the day of the event on, unless it is cancelled."""
    day = timezone.localdate(event.starts_at)
    return not event.is_cancelled and timezone.localdate() >= day


def lists_to_tick(events: QuerySet[Event], user: User) -> QuerySet[Event]:
    """Those of ``events`` that took place lately and whose attendance nobody has entered."""
    now = timezone.now()
    lately = events.filter(starts_at__lte=now, starts_at__gte=now - ASKED_FOR)
    return without_list(lately, Registration.objects.visible_to(user))


def without_list(events: QuerySet[Event], registrations: QuerySet[Registration]) -> QuerySet[Event]:
    """Those of ``events`` with guests among ``registrations`` of whom nobody has entered who came."""
    seats = registrations.filter(event=OuterRef("pk"), status=RegistrationStatus.REGISTERED)
    ticked = Registration.objects.filter(event=OuterRef("pk"), attended__isnull=False)
    return events.filter(Exists(seats), ~Exists(ticked), is_cancelled=False)


def record_attendance(*, event: Event, ticked: Mapping[int, bool], by: User) -> int:
    """Save who was there, by the key of the registration; returns how many have changed.

    ``ticked`` holds only what this user changed, so that two users who edit the same list at once
    lose nothing. Locks the event, then the registrations, then the applications whose training step
    this completes. Raises ``TooEarly``.
    """
    with transaction.atomic():
        event = _lock_for_ticking(event)
        rows = locked(Registration.objects.visible_to(by).filter(event=event))
        rows = rows.filter(pk__in=ticked, status=RegistrationStatus.REGISTERED)
        rows = rows.order_by("email", "pk")
        changed = [row for row in rows if row.attended is not ticked[row.pk]]
        for registration in changed:
            registration.event = event
            _set(registration, attended=ticked[registration.pk], by=by)
        _certify(event)
    return len(changed)


def admit_at_the_door(*, event: Event, guest: Guest, by: User) -> Registration:
    """Register somebody who came without a registration, as present. Raises ``TooEarly``."""
    with transaction.atomic():
        event = _lock_for_ticking(event)
        registration = admit(event=event, guest=guest)
        _set(registration, attended=True, by=by)
        _certify(event)
    return registration


def _lock_for_ticking(event: Event) -> Event:
    event = lock_event(event.pk)
    if not may_tick(event):
        raise TooEarly
    return event


def _set(registration: Registration, *, attended: bool, by: User) -> None:
    """Store the attendance; the training step of the person's applications follows it."""
    registration.attended = attended
    registration.save(update_fields=["attended"])
    if attended:
        _take_step(registration)
    else:
        volunteer = volunteer_of(registration)
        Qualification.objects.filter(event=registration.event, volunteer=volunteer).delete()
        _reopen_step(registration, by)


def _take_step(registration: Registration) -> None:
    """Complete the training step, once for each attendance: removing and setting the tick again adds none."""
    event = registration.event
    volunteer = volunteer_of(registration)
    if volunteer is not None and not _steps_by(event, volunteer):
        complete_training(volunteer=volunteer, event=event, on=timezone.localdate(event.ends_at))


def _reopen_step(registration: Registration, by: User) -> None:
    """Open the steps again that this attendance had completed; closed applications stay as they were."""
    for taken in _steps_by(registration.event, volunteer_of(registration)):
        with suppress(DomainError):
            reopen_step(application=taken.application, step=taken.step, by=by)


def _steps_by(event: Event, volunteer: Volunteer | None) -> list[StepRecord]:
    """The steps that were completed because this person attended ``event``."""
    taken = StepRecord.objects.filter(how=StepRecord.How.EVENT, note=event.title[:300])
    day = timezone.localdate(event.ends_at)
    rows = taken.filter(on=day, application__volunteer__isnull=False)
    rows = rows.filter(application__volunteer=volunteer)
    return list(rows.select_related("application", "step").order_by("application"))


def _certify(event: Event) -> None:
    """Give everybody who was there the qualification of the event, unless they have it already."""
    if not event.qualification:
        return
    held = set(Qualification.objects.filter(event=event).values_list("volunteer", flat=True))
    attended = Registration.objects.filter(event=event, attended=True)
    day = timezone.localdate(event.ends_at)
    for registration in attended.select_related("volunteer").order_by("pk"):
        volunteer = _linked_volunteer(registration)
        if volunteer.pk in held:
            continue
        held.add(volunteer.pk)  # two registrations can be of one person: records are merged
        Qualification.objects.create(
            volunteer=volunteer,
            event=event,
            title=event.qualification,
            acquired_on=day,
            expires_on=Qualification.last_day(day, event.qualification_months),
        )


def _linked_volunteer(registration: Registration) -> Volunteer:
    """The person's record, made from the registration when there is none."""
    if registration.volunteer is None:
        registration.volunteer, _ = find_or_make_volunteer(
            email=registration.email, name=registration.name
        )
        registration.save(update_fields=["volunteer"])
    return registration.volunteer
