"""What somebody has agreed to, with one button to take each back."""

from typing import NamedTuple

from django.db.models import Q

from ..models import Consent
from .parts import Person, Section


class Given(NamedTuple):
    """One consent and what it was given for."""

    consent: Consent
    about: str

    @property
    def can_withdraw(self) -> bool:
        return self.consent.withdrawn_at is None


def consents_of(person: Person) -> list[Given]:
    """All of the person's, the newest first; unconfirmed ones are nobody's yet."""
    emails = person.emails
    own = (
        Q(application__email__in=emails, application__confirmed_at__isnull=False)
        | Q(registration__email__in=emails, registration__confirmed_at__isnull=False)
        | Q(companion_request__email__in=emails, companion_request__confirmed_at__isnull=False)
    )
    found = Consent.objects.filter(own).select_related(
        "application__entry", "registration__event", "companion_request"
    )
    return [Given(one, _about(one)) for one in found.order_by("-given_at")]


def _about(consent: Consent) -> str:
    if consent.application is not None:
        return consent.application.wish
    if consent.registration is not None:
        return str(consent.registration.event.title)
    return ""


def of_person(person: Person) -> Section | None:
    given = consents_of(person)
    if not given:
        return None
    return Section("volunteers/sections/consents.html", {"given": given, "token": person.token})
