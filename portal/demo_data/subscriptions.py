"""Invented people who get the newsletter, one who has left it, and one whose address takes no mail."""

import datetime

from portal.models import Subscription
from portal.newsletter.texts import VERSION
from programs.models import District
from volunteers.models.standing_orders import HARD_BOUNCES

from .files import read
from .once import Once


def load(once: Once, now: datetime.datetime) -> int:
    """Create them; returns how many. An address that is there already is skipped."""
    made = 0
    for record in read("subscriptions.json"):
        values = dict(record)
        if not once.is_new("subscription", values["email"]):
            continue
        asked = now - datetime.timedelta(days=values.pop("days_ago"))
        districts = District.objects.filter(slug__in=values.pop("districts", []))
        if values.get("status") == Subscription.Status.ENDED:
            values["ended_at"] = now - datetime.timedelta(days=3)
        if values.pop("refuses_mail", False):
            values |= {"hard_bounces": HARD_BOUNCES, "stopped_at": now - datetime.timedelta(days=9)}
        times = {"submitted_at": asked, "confirmed_at": asked + datetime.timedelta(minutes=4)}
        defaults = {"status": "active", "text_version": VERSION, "is_demo": True} | times | values
        found, is_new = Subscription.objects.get_or_create(email=values["email"], defaults=defaults)
        if is_new:
            found.districts.set(districts)
            made += 1
    return made
