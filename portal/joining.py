"""What a page says about signing up for an entry."""

from typing import NamedTuple

from programs.models import Entry, Organisation
from volunteers.services import answering_organisation, free_places


class Joining(NamedTuple):
    """Whether one can sign up, and who answers until when; ``answers`` is None where one cannot."""

    is_open: bool
    free: int | None = None
    answers: Organisation | None = None
    stands_in: bool = False

    @property
    def is_full(self) -> bool:
        return self.free == 0

    @property
    def answer_days(self) -> int:
        """Days within which the first answer comes."""
        return self.answers.answer_days if self.answers else 0


def joining(entry: Entry) -> Joining:
    """``stands_in`` says that a department answers because the organisation has nobody here yet."""
    if not entry.is_open:
        return Joining(is_open=False)
    answers = answering_organisation(entry)
    return Joining(
        is_open=True,
        free=free_places(entry),
        answers=answers,
        stands_in=answers.pk != entry.owner.pk,
    )
