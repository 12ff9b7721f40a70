"""Invented questions: two that wait for an answer, one that waits too long, one that has an answer."""

import datetime

from programs.models import Entry
from volunteers.models import Enquiry
from volunteers.reads.answering import answering_organisation

from .accounts import member_of
from .files import read
from .once import Once


def load(once: Once, now: datetime.datetime) -> int:
    """Create the questions; returns how many. One about an entry that is deleted is skipped."""
    new = [
        record
        for record in read("enquiries.json")
        if once.is_new("enquiry", f"{record['name']}@{record['entry']}")
    ]
    made = 0
    for record in new:
        values = dict(record)
        entry = Entry.objects.filter(slug=values.pop("entry")).first()
        asked = now - datetime.timedelta(hours=values.pop("hours_ago"))
        answered = values.pop("answered_after", None)
        if entry is None:
            continue
        organisation = answering_organisation(entry)
        Enquiry.objects.create(
            **values,
            entry=entry,
            organisation=organisation,
            asked_at=asked,
            answer_by=asked.date() + datetime.timedelta(days=organisation.answer_days),
            answered_at=asked + datetime.timedelta(hours=answered) if answered else None,
            answered_by=member_of(organisation) if answered else None,
            is_demo=True,
        )
        made += 1
    return made
