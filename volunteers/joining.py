"""What a page says about signing up."""

from typing import NamedTuple

from programs.models import Entry, Organisation

from .services.applications import answering_organisation, free_places


class Joining(NamedTuple):
    """Whether one can sign up, and who answers until when."""

    is_open: bool
    free: int | None
    answers: Organisation
    stands_in: bool

    @property
    def is_full(self) -> bool:
        return self.free == 0

    @property
    def answer_days(self) -> int:
        """Days within which the first answer comes."""
        return self.answers.answer_days


def joining(entry: Entry | None) -> Joining:
    """For one entry, or for «ich weiß noch nicht, was passt».

    ``stands_in`` says that a department answers because the organisation has nobody here yet.
    """
    answers = answering_organisation(entry)
    if entry is None:
        return Joining(is_open=True, free=None, answers=answers, stands_in=False)
    return Joining(
        is_open=entry.is_open,
        free=free_places(entry),
        answers=answers,
        stands_in=answers.pk != entry.owner.pk,
    )
