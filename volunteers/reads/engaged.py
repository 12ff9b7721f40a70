"""Applications that are or were ready or placed: those that hours and certificates are about."""

import datetime

from django.db.models import Case, CharField, Exists, F, OuterRef, QuerySet, Value, When
from django.utils import timezone

from programs.models import District, Entry

from ..models import Application, StatusChange
from ..models.statuses import Status

BEGUN = (Status.READY, Status.PLACED)

_ENTRY = "application__entry"
_PART_OF = f"{_ENTRY}__opportunity_entry__part_of"
PROGRAMME_ID = Case(
    When(**{f"{_ENTRY}__kind": Entry.Kind.PROGRAMME}, then=F(f"{_ENTRY}__pk")),
    When(**{f"{_PART_OF}__kind": Entry.Kind.PROGRAMME}, then=F(f"{_PART_OF}__pk")),
)
"""For hours: the programme of the application, by the same rule as ``Entry.programme``; else NULL.
"""


def programme_title(entry: str) -> Case:
    """An expression for the title of the programme of the entry that the lookup ``entry`` leads to."""
    part_of = f"{entry}__opportunity_entry__part_of"
    return Case(
        When(**{f"{entry}__kind": Entry.Kind.PROGRAMME}, then=F(f"{entry}__title")),
        When(**{f"{part_of}__kind": Entry.Kind.PROGRAMME}, then=F(f"{part_of}__title")),
        default=Value(""),
        output_field=CharField(),
    )


PROGRAMME_TITLE = programme_title(_ENTRY)


def engaged(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Those of ``applications`` that are or were ready or placed."""
    begun = StatusChange.objects.filter(application=OuterRef("pk"), status__in=BEGUN)
    return applications.filter(Exists(begun))


def is_engaged(application: Application) -> bool:
    return engaged_since(application) is not None


def engaged_since(application: Application) -> datetime.date | None:
    """The day of the first placement; without one, the day on which the person became ready."""
    begun = [change for change in application.changes.all() if change.status in BEGUN]
    days = dict(reversed([(change.status, change.at) for change in begun]))
    first = days.get(Status.PLACED, days.get(Status.READY))
    return timezone.localdate(first) if first else None


def district_of(application: Application) -> District | None:
    """Where the time is given: the running tandem's district, else the entry's if it has only one."""
    tandems = application.tandems.running().exclude(request__district=None)
    tandem = tandems.select_related("request__district").order_by("-started_on", "-pk").first()
    if tandem is not None:
        return tandem.request.district
    districts = list(application.entry.districts.all()[:2]) if application.entry else []
    return districts[0] if len(districts) == 1 else None
