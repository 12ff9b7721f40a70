"""Invented opportunities of real organisations, marked as invented."""

import datetime

from django.utils import timezone

from portal.reference.files import Record
from programs.models import District, Entry, Field, Opportunity, Organisation, TargetGroup

from .files import SOURCE, read, with_notice
from .once import Once


def load(once: Once, now: datetime.datetime) -> int:
    new = [r for r in read("opportunities.json") if once.is_new("opportunity", r["slug"])]
    for record in new:
        _make(record, timezone.localdate(now))
    return len(new)


def _make(record: Record, today: datetime.date) -> None:
    values = dict(record)
    districts = District.objects.filter(pk__in=values.pop("districts", []))
    fields = Field.objects.filter(slug__in=values.pop("fields", []))
    groups = TargetGroup.objects.filter(slug__in=values.pop("target_groups", []))
    values["organisation"] = Organisation.objects.get(slug=values["organisation"])
    values["part_of"] = Entry.objects.filter(slug=values.get("part_of")).first()
    values["description"] = with_notice(values["description"], "opportunity")
    opportunity = Opportunity.objects.create(
        **values,
        department=values["organisation"].department,
        is_published=True,
        is_demo=True,
        source=SOURCE,
        as_of=today,
        confirmed_on=today,
    )
    opportunity.districts.set(districts)
    opportunity.fields.set(fields)
    opportunity.target_groups.set(groups)
