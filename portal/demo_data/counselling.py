"""Invented requests for counselling: one that waits, one in talks with messages, one that is late."""

import datetime

from portal.counselling.departments import department_for
from portal.counselling.models import CounsellingMessage, CounsellingRequest

from .accounts import member_of
from .files import read
from .once import Once


def load(once: Once, now: datetime.datetime) -> int:
    """Create the requests with their messages; returns how many requests."""
    new = [one for one in read("counselling.json") if once.is_new("counselling", one["email"])]
    for record in new:
        values = dict(record)
        asked_at = now - datetime.timedelta(hours=values.pop("hours_ago"))
        written = values.pop("messages", [])
        department = department_for(None)
        asked = CounsellingRequest.objects.create(
            **values,
            organisation=department,
            submitted_at=asked_at,
            confirmed_at=asked_at,
            answer_by=asked_at.date() + datetime.timedelta(days=department.answer_days),
            is_demo=True,
        )
        for sender, text, hours in written:
            at = asked_at + datetime.timedelta(hours=hours)
            is_staff = sender == CounsellingMessage.Sender.STAFF
            CounsellingMessage.objects.create(
                request=asked,
                sender=sender,
                text=text,
                at=at,
                by=member_of(department) if is_staff else None,
            )
    return len(new)
