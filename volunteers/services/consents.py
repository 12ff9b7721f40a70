"""Withdrawing a consent is as easy as giving it (Art. 7 Abs. 3 GDPR)."""

from collections.abc import Callable
from contextlib import suppress

from django.db import transaction

from ..errors import EventHasBegun, TransitionNotAllowed
from ..models import Consent
from .applications import withdraw_application
from .registrations import cancel_registration
from .requests import withdraw_request


def _end_application(consent: Consent) -> None:
    if consent.application is not None:
        with suppress(TransitionNotAllowed):  # it has ended already
            withdraw_application(application=consent.application)


def _end_registration(consent: Consent) -> None:
    if consent.registration is not None:
        with suppress(TransitionNotAllowed, EventHasBegun):
            cancel_registration(registration=consent.registration)


def _end_request(consent: Consent) -> None:
    if consent.companion_request is not None:
        with suppress(TransitionNotAllowed):
            withdraw_request(request=consent.companion_request)


ENDS: dict[str, Callable[[Consent], None]] = {
    Consent.Purpose.APPLICATION: _end_application,
    Consent.Purpose.REGISTRATION: _end_registration,
    Consent.Purpose.COMPANION_REQUEST: _end_request,
}
"""What else ends with the consent, by its purpose; each function sends its own mails."""


def withdraw_consent(*, consent: Consent) -> None:
    """Withdraw the consent and end what it was given for, if that is still open.

    Takes the locks of what it ends. Idempotent.
    """
    with transaction.atomic():
        ENDS[consent.purpose](consent)
        Consent.objects.filter(pk=consent.pk).withdraw()
