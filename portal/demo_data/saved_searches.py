"""Invented searches by mail: two of one address, one that was left, one whose address takes no mail."""

import datetime

from portal.models import SavedSearch
from portal.saved_searches.texts import VERSION
from volunteers.models.standing_orders import HARD_BOUNCES

from .files import read
from .once import Once


def load(once: Once, now: datetime.datetime) -> int:
    """Create them; returns how many. They are told of what comes from now on."""
    made = 0
    for record in read("saved_searches.json"):
        values = dict(record)
        own = {name: values.pop(name) for name in ("email", "query")}
        if not once.is_new("saved_search", "?".join(own.values())):
            continue
        asked = now - datetime.timedelta(days=values.pop("days_ago"))
        if days := values.pop("last_mail_days_ago", 0):
            values["last_sent_at"] = now - datetime.timedelta(days=days)
        if values.get("status") == SavedSearch.Status.ENDED:
            values["ended_at"] = now - datetime.timedelta(days=3)
        if values.pop("refuses_mail", False):
            values |= {"hard_bounces": HARD_BOUNCES, "stopped_at": now - datetime.timedelta(days=9)}
        times = {"submitted_at": asked, "confirmed_at": asked + datetime.timedelta(minutes=4)}
        plain = {"status": "active", "text_version": VERSION, "told_until": now, "is_demo": True}
        _found, is_new = SavedSearch.objects.get_or_create(**own, defaults=plain | times | values)
        made += is_new
    return made
