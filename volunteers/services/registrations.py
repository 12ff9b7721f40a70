"""Registrations for events: registering, confirming, accepting a seat, cancelling."""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from programs.models import Event, Organisation

from ..errors import (
    AlreadyRegistered,
    EventHasBegun,
    OfferGone,
    RegistrationClosed,
    TransitionNotAllowed,
)
from ..models import Consent, Registration, User
from ..models.identity import key_of, known_as
from ..models.registrations import MAY_BE_CALLED_OFF, RegistrationStatus
from ..notifications import registrations as notifications
from ..reads.answering import answering_organisation
from .confirming import find_or_make, mail_link
from .locks import lock_event, lock_registration
from .people import volunteer_named
from .rounds import delete_in_batches
from .seats import move, offer_free_seats, take_seat


@dataclass(frozen=True, kw_only=True)
class Guest:
    """A person who wants to come, validated by the form; who was entered by staff may have no address."""

    name: str
    email: str
    note: str = ""
    preferred_language: str = settings.LANGUAGE_CODE


def list_keeper(event: Event) -> Organisation:
    """The organisation that keeps the list of an event and so sees who comes; same rule as for applications."""
    return answering_organisation(event.organisation)


def submit_registration(*, event: Event, guest: Guest) -> None:
    """Store a registration and mail the link that confirms it.

    A person has at most one registration for each event (``services/confirming.py``). Locks the
    event. Raises ``RegistrationClosed``.
    """
    with transaction.atomic():
        registration = _find_or_make(_locked_open(event), guest)
        if registration.is_unconfirmed:
            _write(registration, guest)
        mail_link(registration, ask=notifications.ask_for_confirmation, known=_already_registered)


def register_confirmed(*, event: Event, guest: Guest) -> Registration:
    """Register somebody whose address is proven already, because they are logged in.

    They get a seat or a place on the waiting list at once; if they are on the list already, nothing
    changes. Locks the event. Raises ``RegistrationClosed``.
    """
    with transaction.atomic():
        registration = _find_or_make(_locked_open(event), guest)
        if not registration.is_on:
            _write(registration, guest)
            _join(registration)
    return registration


def confirm_registration(*, registration: Registration) -> Registration:
    """The person opened the link and confirmed: a seat if one is free, else the waiting list.

    Whoever sent the form in time may confirm until the event begins. Locks the event before its
    seats are counted. Raises ``TransitionNotAllowed`` when it was confirmed before,
    ``RegistrationClosed`` when the event has begun, is cancelled or withdrawn.
    """
    with transaction.atomic():
        registration = lock_registration(registration)
        if not registration.is_unconfirmed:
            raise TransitionNotAllowed
        if not registration.event.is_ahead:
            raise RegistrationClosed
        _join(registration)
    return registration


def rejoin(*, registration: Registration, note: str) -> Registration:
    """Put an invited person on the list, or at its end again somebody who cancelled or let an offer lapse.

    Does nothing when the person is on the list. Raises ``RegistrationClosed``.
    """
    with transaction.atomic():
        registration = lock_registration(registration)
        if registration.is_on:
            return registration
        if not registration.may_join:
            raise RegistrationClosed
        registration.note = note
        _join(registration)
    return registration


def accept_offer(*, registration: Registration) -> Registration:
    """Accept the offered seat; a second click changes nothing.

    Raises ``OfferGone`` when the offer has expired, whether or not the seat was passed on yet.
    """
    with transaction.atomic():
        registration = lock_registration(registration)
        if registration.status == RegistrationStatus.REGISTERED:
            return registration
        if not offer_holds(registration):
            raise OfferGone
        move(registration, RegistrationStatus.REGISTERED)
        notifications.registered(registration)
    return registration


def offer_holds(registration: Registration) -> bool:
    """Whether the person can still accept the seat that is offered."""
    return (
        registration.status == RegistrationStatus.OFFERED
        and registration.event.is_ahead
        and registration.offer_until is not None
        and timezone.now() < registration.offer_until
    )


def cancel_registration(
    *, registration: Registration, by: User | None = None, reason: str = ""
) -> Registration:
    """Give back the seat, the offer or the place on the list, or say no to an invitation.

    The longest waiting gets the next offer.

    ``by`` is the member of staff who does it for the organisation; then ``reason`` goes into the
    mail. Raises ``TransitionNotAllowed`` when the registration is over already, ``EventHasBegun``.
    """
    with transaction.atomic():
        registration = lock_registration(registration)
        if registration.status not in MAY_BE_CALLED_OFF:
            raise TransitionNotAllowed
        if not registration.may_be_cancelled:
            raise EventHasBegun
        was_invited = registration.is_invited
        had_seat = registration.status == RegistrationStatus.REGISTERED
        move(registration, RegistrationStatus.CANCELLED)
        if was_invited:
            return registration  # the page says it; nobody gets a mail about a no
        registration.consents.withdraw()
        notifications.cancelled(
            registration, had_seat=had_seat, by_staff=by is not None, reason=reason
        )
        offer_free_seats(registration.event)
    return registration


def add_registration(*, event: Event, guest: Guest) -> Registration:
    """Staff registers somebody who asked by phone or in person; the person gets a mail.

    Staff may register after the deadline, but not beyond the number of seats. Stores no consent,
    because nobody ticked the box. Raises ``AlreadyRegistered`` or ``EventHasBegun``.
    """
    with transaction.atomic():
        event = lock_event(event.pk)
        if not event.is_ahead:
            raise EventHasBegun
        registration = _find_or_make(event, guest, with_consent=False)
        if registration.is_on:
            raise AlreadyRegistered
        _write(registration, guest)
        _join(registration, with_consent=False)
    return registration


def admit(*, event: Event, guest: Guest) -> Registration:
    """Register somebody at the door, even when all seats are taken. ``event`` is locked.

    Sends no mail: the person is there.
    """
    registration = _find_or_make(event, guest, with_consent=False)
    if registration.status != RegistrationStatus.REGISTERED:
        registration.name = guest.name
        registration.confirmed_at = registration.confirmed_at or timezone.now()
        _hand_over(registration)
        _link_volunteer(registration)
        move(registration, RegistrationStatus.REGISTERED)
    return registration


def delete_expired_registrations() -> int:
    """Delete unconfirmed registrations whose link no longer works; returns how many."""
    return delete_in_batches(Registration.objects.expired())


def delete_unanswered_invitations() -> int:
    """Delete invitations without an answer when their event begins; returns how many."""
    begun = Registration.objects.unanswered().filter(event__starts_at__lt=timezone.now())
    return delete_in_batches(begun)


def _locked_open(event: Event) -> Event:
    event = lock_event(event.pk)
    if not event.is_open:
        raise RegistrationClosed
    return event


def _find_or_make(event: Event, guest: Guest, *, with_consent: bool = True) -> Registration:
    """The locked registration of this person for this event. The caller has locked the event."""
    known = Registration.objects.filter(registered_as(guest), event=event)
    registration = find_or_make(
        known,
        lambda: Registration.objects.create(
            event=event,
            organisation=list_keeper(event),
            email=guest.email,
            name=guest.name,
            note=guest.note,
            preferred_language=guest.preferred_language,
        ),
        with_consent=with_consent,
    )
    registration.event = event
    return registration


def registered_as(guest: Guest) -> Q:
    """The registrations of this guest. Without an address the name alone says who it is, at one event."""
    if guest.email:
        return known_as([guest.email], guest.name)
    return Q(email="", name__person_key=key_of(guest.name))


def _write(registration: Registration, guest: Guest) -> None:
    registration.name, registration.note = guest.name, guest.note
    registration.preferred_language = guest.preferred_language
    registration.submitted_at = timezone.now()
    registration.save()


def _join(registration: Registration, *, with_consent: bool = True) -> None:
    """Put the registration on the list now: a seat, or the end of the waiting list."""
    registration.confirmed_at = timezone.now()
    _hand_over(registration)
    _link_volunteer(registration)
    if with_consent and not registration.consents.in_force().exists():
        Consent.objects.give(registration)
    take_seat(registration)


def _link_volunteer(registration: Registration) -> None:
    found = volunteer_named(registration.email, registration.name)
    registration.volunteer = found or registration.volunteer


def _hand_over(registration: Registration) -> None:
    """Who has said yes is on the list of the organisation that keeps it."""
    if registration.is_invited:
        registration.organisation = list_keeper(registration.event)


def _already_registered(registration: Registration) -> None:
    """The mail to somebody who has confirmed before."""
    if registration.is_invited:
        notifications.invitation_to(registration)
    elif registration.is_over:
        notifications.ask_to_rejoin(registration)
    else:
        notifications.already_registered(registration)
