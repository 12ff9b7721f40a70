"""Hours and certificates on a person's own pages."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum
from django.utils import timezone

from ..forms.hours import DiaryForm
from ..links import applications as application_links
from ..links import certificates as certificate_links
from ..models import Application, Certificate, HoursEntry
from ..models.statuses import Status
from ..models.thanks import hours_label
from ..reads import honours
from ..reads.engaged import engaged, is_engaged
from ..reads.persons import Person
from .parts import Section

SHOWN = 5
"""Entries on the status page; the rest is on a page of its own."""


def hours_section(application: Application) -> Section | None:
    """This year's total, the latest entries and the form; only where hours can be noted."""
    if not is_engaged(application):
        return None
    context = {
        **this_year(application.hours.all()),
        "entries": list(application.hours.all()[:SHOWN]),
        "form": DiaryForm(),
        "token": application_links.status_token(application),
        "card": honours.card_shown_to(application),
    }
    return Section("volunteers/sections/hours.html", context)


def this_year(hours: Any) -> dict[str, Any]:
    """This year's totals of a queryset of hours; one query."""
    year = timezone.localdate().year
    sums = hours.filter(on__year=year).aggregate(
        total=Sum("hours"), confirmed=Sum("hours", filter=Q(confirmed_at__isnull=False))
    )
    return {"year": year} | {name: hours_label(value or Decimal(0)) for name, value in sums.items()}


def person_hours_section(person: Person) -> Section | None:
    """This year's totals for each engagement; hours are noted and changed on its own page."""
    year = timezone.localdate().year
    counted = Q(hours__on__year=year)
    own = Application.objects.filter(person.owns()).exclude(status=Status.UNCONFIRMED)
    applications = list(
        engaged(own)
        .select_related("entry")
        .annotate(
            total=Sum("hours__hours", filter=counted),
            confirmed=Sum("hours__hours", filter=counted & Q(hours__confirmed_at__isnull=False)),
        )
    )
    if not applications:
        return None
    rows = [
        {
            "application": application,
            "total": hours_label(application.total or Decimal(0)),
            "confirmed": hours_label(application.confirmed or Decimal(0)),
            "token": application_links.status_token(application),
        }
        for application in applications
    ]
    hours = HoursEntry.objects.filter(application__in=[one.pk for one in applications])
    card = honours.card_for(hours)
    context = {**this_year(hours), "rows": rows, "card": card}
    return Section("volunteers/sections/my_hours.html", context)


def certificates_section(application: Application) -> Section | None:
    return _certificates(application.certificates.all())


def person_certificates_section(person: Person) -> Section | None:
    """All of the person's certificates, also those whose application is deleted."""
    return _certificates(Certificate.objects.filter(person.named("volunteer__")))


def _certificates(certificates: Iterable[Certificate]) -> Section | None:
    rows = [(one, certificate_links.certificate_path(one)) for one in certificates]
    return Section("volunteers/sections/certificates.html", {"rows": rows}) if rows else None
