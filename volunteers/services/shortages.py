"""„Wer fehlt uns?“, computed by the worker and kept with its Stand."""

import datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from programs.models import District, Organisation

from ..matching.loading import load_helpers, load_seekers
from ..matching.missing import Missing, missing
from ..matching.rules import current
from ..matching.suggestions import leading_to_tandems, without_proposal
from ..models import Application, CompanionRequest, Shortage

M = TypeVar("M", bound=Model)

EVERY = datetime.timedelta(hours=12)
MOST_REQUESTS = 1000
"""Rows of one problem; the longest waiting count."""
MOST_VOLUNTEERS = 10_000


def refresh_due() -> bool:
    """Compute all anew when the last time is ``EVERY`` ago; returns whether it did."""
    newest = Shortage.objects.order_by("as_of").values_list("as_of", flat=True).first()
    if newest is not None and newest > timezone.now() - EVERY:
        return False
    refresh()
    return True


def refresh() -> None:
    """Compute and store what is missing in the whole city and in each organisation with requests."""
    owners = without_proposal(CompanionRequest.objects.open()).order_by()
    keys = set(owners.values_list("organisation", flat=True))
    offices = list(Organisation.objects.clearing()) if None in keys else []
    known = [key for key in keys if key is not None]
    organisations = {*Organisation.objects.filter(pk__in=known), *offices}
    rows = [_compute(None), *(_compute(one) for one in sorted(organisations, key=lambda o: o.pk))]
    with transaction.atomic():
        Shortage.objects.all().delete()
        Shortage.objects.bulk_create(rows, ignore_conflicts=True)


def _compute(organisation: Organisation | None) -> Shortage:
    requests = without_proposal(CompanionRequest.objects.open())
    applications = leading_to_tandems(Application.objects.all())
    if organisation is not None:
        own = Q(organisation=organisation)
        mine = own | Q(organisation=None) if organisation.is_clearing_office else own
        requests, applications = requests.filter(mine), applications.filter(own)
    seekers = load_seekers(first(requests, MOST_REQUESTS))
    found = missing(seekers, load_helpers(first(applications, MOST_VOLUNTEERS)), current())
    names = dict(District.objects.values_list("pk", "short_name"))
    rows = [_as_row(one, names) for one in found]
    return Shortage(organisation=organisation, requests=len(seekers), rows=rows)


def first(records: "QuerySet[M]", most: int) -> "QuerySet[M]":
    """The first records, as a queryset that can be filtered further."""
    return records.filter(pk__in=list(records.values_list("pk", flat=True)[:most]))


def _as_row(one: Missing, names: dict[str, str]) -> dict[str, object]:
    kind = one.kind
    return {
        "language": kind.language,
        "district": kind.district,
        "place": names.get(kind.district, ""),
        "weekday": kind.weekday,
        "daypart": kind.daypart,
        "gender": kind.gender,
        "pairs": one.pairs,
        "points": one.points,
        "speakers": one.speakers,
        "neighbours": one.neighbours,
    }
