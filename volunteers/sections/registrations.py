"""A person's events, and the qualifications from attending them."""

from collections.abc import Iterable

from django.db.models import Case, QuerySet, When
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..links import registrations as event_links
from ..models import Qualification, Registration
from ..models.registrations import MAY_BE_CALLED_OFF, RegistrationStatus
from ..reads.persons import Person
from .parts import OpenPoint, Section

PAST = 20
"""Number of past events shown, the latest first."""


def _of(person: Person) -> "QuerySet[Registration]":
    registrations = Registration.objects.filter(person.owns())
    return registrations.select_related("event__organisation", "event__district")


def events(person: Person) -> Section | None:
    """Coming events (offered seats first, then by date), attended events, qualifications with their last day."""
    now = timezone.now()
    ahead = _of(person).filter(status__in=MAY_BE_CALLED_OFF, event__ends_at__gte=now)
    attended = _of(person).filter(attended=True, event__ends_at__lt=now)
    offers_first = Case(When(status=RegistrationStatus.OFFERED, then=0), default=1)
    held = Qualification.objects.filter(person.named("volunteer__"))
    context = {
        "ahead": _linked(ahead.order_by(offers_first, "event__starts_at")),
        "attended": _linked(attended.order_by("-event__starts_at")[:PAST]),
        "qualifications": list(held),
    }
    if not any(context.values()):
        return None
    return Section("volunteers/sections/registrations.html", context)


def _linked(rows: "QuerySet[Registration]") -> list[tuple[Registration, str]]:
    """Each row with the token that opens its pages."""
    return [(row, event_links.token(row)) for row in rows]


def offers(person: Person) -> Iterable[OpenPoint]:
    """Offered seats that are not accepted yet, the most urgent first."""
    held = _of(person).filter(
        status=RegistrationStatus.OFFERED,
        offer_until__gt=timezone.now(),
        event__is_cancelled=False,
        event__is_published=True,
    )
    for registration in held.order_by("offer_until"):
        values = {
            "title": registration.event.said("title"),
            "until": date_format(timezone.localtime(registration.offer_until), _("d.m., H:i")),
        }
        yield OpenPoint(
            _("Ein Platz ist frei: %(title)s. Wir halten ihn bis %(until)s Uhr.") % values,
            event_links.path(registration, "registration_accept"),
            _("Platz annehmen"),
        )
