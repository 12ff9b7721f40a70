"""Invented programmes and opportunities of real organisations, marked as invented."""

import datetime
from typing import Any

from django.utils import timezone

from portal.reference.files import Record
from programs.models import (
    District,
    Entry,
    Field,
    Opportunity,
    Organisation,
    Programme,
    ProtectionConcept,
    TargetGroup,
)

from .files import SOURCE, read, with_notice
from .once import Once


def load_programmes(once: Once, now: datetime.datetime) -> int:
    """Programmes with steps of preparation. Real ones do not get steps that nobody has a source for."""
    new = [r for r in read("programmes.json") if once.is_new("programme", r["slug"])]
    for record in new:
        steps, protection = record.pop("steps"), record.pop("protection", None)
        programme = _make(Programme, record, timezone.localdate(now))
        for step in steps:
            programme.steps.create(**step)
        if protection:
            ProtectionConcept.objects.create(programme=programme, **protection)
    return len(new)


def load(once: Once, now: datetime.datetime) -> int:
    new = [r for r in read("opportunities.json") if once.is_new("opportunity", r["slug"])]
    for record in new:
        part_of = Entry.objects.filter(slug=record.get("part_of")).first()
        _make(Opportunity, record | {"part_of": part_of}, timezone.localdate(now))
    return len(new)


def _make(model: type[Any], record: Record, today: datetime.date) -> Any:
    values = dict(record)
    districts = District.objects.filter(pk__in=values.pop("districts", []))
    fields = Field.objects.filter(slug__in=values.pop("fields", []))
    groups = TargetGroup.objects.filter(slug__in=values.pop("target_groups", []))
    values["organisation"] = Organisation.objects.get(slug=values["organisation"])
    values["description"] = with_notice(values["description"], "opportunity")
    made = model.objects.create(
        **values,
        department=values["organisation"].department,
        is_published=True,
        is_demo=True,
        source=SOURCE,
        as_of=today,
        confirmed_on=today,
    )
    made.districts.set(districts)
    made.fields.set(fields)
    made.target_groups.set(groups)
    return made
