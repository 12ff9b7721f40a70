"""The Ehrenamtskarte Baden-Württemberg: who has given enough time to apply for it.

200 hours in 12 months, or 100 in a project of limited duration; the thresholds with their source
and date are settings. The portal only gives a hint: people apply for the card at the city.
"""

import datetime
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db.models import Case, F, QuerySet, Sum, When
from django.utils import timezone

from programs.models import Entry, Programme

from ..models import Application, HoursEntry
from ..models.thanks import hours_label
from ..periods import add_months
from .engaged import PROGRAMME_ID

PROJECTS = (Programme.Type.PILOT, Programme.Type.PROJECT)


@dataclass(frozen=True)
class HonourCard:
    """What somebody has reached, and where to read about the card."""

    reached: Decimal
    needed: int
    project: str = ""
    """The project that the hours were given in; empty where all hours count."""

    @property
    def hours_label(self) -> str:
        return hours_label(self.reached)

    @property
    def source(self) -> str:
        return str(settings.HONOUR_CARD_SOURCE)

    @property
    def as_of(self) -> datetime.date:
        return datetime.date.fromisoformat(settings.HONOUR_CARD_AS_OF)

    @property
    def until(self) -> datetime.date:
        return datetime.date.fromisoformat(settings.HONOUR_CARD_UNTIL)


def card_shown_to(application: Application) -> HonourCard | None:
    """What the person of ``application`` sees: confirmed hours of all their applications, for any organisation."""
    return card_for(HoursEntry.objects.filter(application__in=_of_same_person(application)))


def card_known_to(application: Application) -> HonourCard | None:
    """What the coordination sees: only hours given to its own organisation."""
    own = _of_same_person(application).filter(organisation=application.organisation_id)
    return card_for(HoursEntry.objects.filter(application__in=own))


def _of_same_person(application: Application) -> QuerySet[Application]:
    if application.volunteer_id is None:
        return Application.objects.filter(pk=application.pk)
    return Application.objects.filter(volunteer=application.volunteer_id)


def card_for(hours: "QuerySet[HoursEntry]") -> HonourCard | None:
    """The card that the confirmed ``hours`` of the last 12 months allow; one query.

    The same day one year ago is not included: the 12 months end today.
    """
    today = timezone.localdate()
    if today > datetime.date.fromisoformat(settings.HONOUR_CARD_UNTIL):
        return None
    since = add_months(today, -12) + datetime.timedelta(days=1)
    kind = Case(
        When(
            application__entry__kind=Entry.Kind.PROGRAMME, then=_programme_type("programme_entry")
        ),
        default=_programme_type("opportunity_entry__part_of__programme_entry"),
    )
    counted = hours.filter(confirmed_at__isnull=False, on__range=(since, today)).order_by()
    groups = counted.values(programme=PROGRAMME_ID, kind=kind).annotate(total=Sum("hours"))
    everything, projects = Decimal(0), defaultdict[int, Decimal](Decimal)
    for group in groups:
        everything += group["total"]
        if group["kind"] in PROJECTS:
            projects[group["programme"]] += group["total"]
    if everything >= settings.HONOUR_CARD_HOURS:
        return HonourCard(everything, settings.HONOUR_CARD_HOURS)
    return _project_card(projects)


def _programme_type(path: str) -> F:
    return F(f"application__entry__{path}__type")


def _project_card(projects: dict[int, Decimal]) -> HonourCard | None:
    """The card for the project with the most hours, if these are enough."""
    if not projects:
        return None
    programme, total = max(projects.items(), key=lambda item: item[1])
    if total < settings.HONOUR_CARD_PROJECT_HOURS:
        return None
    title = Entry.objects.values_list("title", flat=True).get(pk=programme)
    return HonourCard(total, settings.HONOUR_CARD_PROJECT_HOURS, title)
