"""A person's consents, each with a button to withdraw it."""

from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from ..models import Consent
from ..reads.persons import Person
from .parts import Section


class Given(NamedTuple):
    """A consent and what it was given for."""

    consent: Consent
    about: str

    @property
    def can_withdraw(self) -> bool:
        return self.consent.withdrawn_at is None

    @property
    def stops(self) -> str:
        """What else ends with the withdrawal, as text for the button."""
        consent = self.consent
        if consent.application is not None and not consent.application.is_closed:
            return _(
                "Wenn Sie widerrufen, ist auch Ihre Anmeldung zurückgezogen, denn ohne Einwilligung "
                "dürfen wir sie nicht bearbeiten. Sie können sich jederzeit neu anmelden."
            )
        if consent.registration is not None and consent.registration.may_be_cancelled:
            return _(
                "Wenn Sie widerrufen, sind Sie auch von dem Termin abgemeldet. Der Platz geht an jemand "
                "anderen."
            )
        request = consent.companion_request
        if request is not None and not request.is_closed:
            return _(
                "Wenn Sie widerrufen, endet auch Ihre Suche nach einer Begleitung und ein Tandem, das "
                "schon läuft."
            )
        return _("Die Sache ist schon beendet. Wenn Sie widerrufen, halten wir das fest.")


def consents_of(person: Person) -> list[Given]:
    """All consents of the person, the newest first; without unconfirmed ones, which may be anybody's."""
    application, registration = person.owns("application__"), person.owns("registration__")
    own = (
        application & Q(application__confirmed_at__isnull=False)
        | registration & Q(registration__confirmed_at__isnull=False)
        | person.named("companion_request__") & Q(companion_request__confirmed_at__isnull=False)
    )
    found = Consent.objects.filter(own).select_related(
        "application__entry", "registration__event", "companion_request"
    )
    return [Given(one, _about(one)) for one in found.order_by("-given_at")]


def _about(consent: Consent) -> str:
    if consent.application is not None:
        return consent.application.wish
    if consent.registration is not None:
        return consent.registration.event.said("title")
    return ""


def of_person(person: Person) -> Section | None:
    given = consents_of(person)
    if not given:
        return None
    return Section("volunteers/sections/consents.html", {"given": given, "token": person.token})
