"""What a page shows about signing up."""

import datetime
from typing import NamedTuple

from programs.models import Entry, Organisation
from programs.read_once import read_once

from ..models import Application
from ..models.applications import answering_role, with_organisation
from .answering import who_answers
from .promising import promised


class Joining(NamedTuple):
    """Whether sign-up is possible, who answers, and until when."""

    is_open: bool
    free: int | None
    answers: Organisation
    stands_in: bool
    role: str
    """Function and organisation of whoever answers: „Koordination WillkommensPaten (Sozialamt)“."""
    by_link: bool
    """Whether it answers by mailed links only: sign-ups, no questions."""

    @property
    def is_full(self) -> bool:
        return self.free == 0

    @property
    def answer_days(self) -> int:
        """The number of days within which the first answer comes, unless much waits or all are away."""
        return self.answers.answer_days

    @property
    def answer_by(self) -> datetime.date:
        """The latest day of the first answer, for somebody who signs up today."""
        return promised(self.answers).answer_by


def joining(entry: Entry | None) -> Joining:
    """For one entry, or for „ich weiß noch nicht, was passt“ (None).

    ``stands_in`` says that a department answers because the organisation has no member in the
    portal yet.
    """
    answers, answers_by_link = who_answers(entry, by_link=True)
    role = with_organisation(answering_role(entry, answers), answers)
    if entry is None:
        return Joining(
            is_open=True, free=None, answers=answers, stands_in=False, role=role, by_link=False
        )
    return Joining(
        is_open=entry.is_open,
        free=free_places(entry),
        answers=answers,
        stands_in=answers.pk != entry.owner_key,
        role=role,
        by_link=answers_by_link,
    )


def free_places(entry: Entry) -> int | None:
    """How many places ``entry`` has left (0 or more), or None where they are not limited."""
    if entry.places is None:
        return None
    taken = read_once(("places taken", entry.pk), lambda: places_taken(entry))
    return max(entry.places - taken, 0)


def places_taken(entry: Entry) -> int:
    """How many people have a place; every one of a group takes one."""
    return Application.objects.filter(entry=entry).taking_a_place().people()


def fits(entry: Entry, people: int) -> bool:
    """Whether ``people`` more find a place; hold the lock of ``entry`` where it matters."""
    return entry.places is None or places_taken(entry) + people <= entry.places
