"""Invented needs of organisations, and an offer of a company that waits."""

import datetime

from portal.cooperation.models import CooperationOffer, Need
from programs.models import Organisation

from .files import read
from .once import Once


def load(once: Once, now: datetime.datetime) -> int:
    """Create needs of some circles, and the offers; returns how many of both."""
    circles = Organisation.objects.filter(type="circle", is_published=True, status="active")
    circles = circles.order_by("slug")
    made = 0
    for record in read("cooperation.json"):
        values = dict(record)
        if "company" in values and once.is_new("cooperation", values["company"]):
            came = now - datetime.timedelta(hours=values.pop("hours_ago"))
            office = Organisation.objects.clearing_office()
            CooperationOffer.objects.create(
                **values,
                organisation=office,
                submitted_at=came,
                answer_by=came.date() + datetime.timedelta(days=office.answer_days),
                is_demo=True,
            )
            made += 1
        elif "company" not in values and once.is_new("need", values["text"]):
            circle = circles[values.pop("circle")]
            Need.objects.create(**values, organisation=circle, made_at=now, is_demo=True)
            made += 1
    return made
