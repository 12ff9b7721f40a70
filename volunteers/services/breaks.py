"""A volunteer says when and how many new tandems fit; suggestions and proposals respect it."""

import datetime

from django.db import transaction

from ..models import Volunteer
from .locks import lock_volunteer


def set_break(
    *, volunteer: int, until: datetime.date | None, more_tandems: int | None
) -> Volunteer:
    """``until`` is the last day of the break; tandems and proposals that are there go on.

    After that day the person is suggested again, and nobody is told. ``more_tandems`` counts down with
    each tandem that begins; None is as many as they said at the sign-up.
    """
    with transaction.atomic():
        found = lock_volunteer(volunteer)
        found.break_until, found.more_tandems = until, more_tandems
        found.save(update_fields=["break_until", "more_tandems", "updated_at"])
    return found


def count_down(volunteer: Volunteer) -> None:
    """A tandem of the locked volunteer begins."""
    if volunteer.more_tandems:
        volunteer.more_tandems -= 1
        volunteer.save(update_fields=["more_tandems"])
