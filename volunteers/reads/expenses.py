"""What a programme refunds, and how much of it somebody has used."""

import datetime
from decimal import Decimal

from django.utils import timezone

from programs.models import Programme

from ..models import Application, Expense, User
from ..models.expenses import COUNTS
from ..models.statuses import Status
from .engaged import PROGRAMME_ID, is_engaged

NOT_BEGUN = frozenset({Status.UNCONFIRMED, Status.WAITING, Status.NEW, Status.IN_CONTACT})
"""With these nothing can have been paid; asking further would cost queries on every status page."""


def refunding(application: Application) -> Programme | None:
    """The programme of the application, if it refunds anything and the person has begun; else None."""
    if application.entry is None or application.status in NOT_BEGUN:
        return None
    if not is_engaged(application):
        return None
    programme = application.entry.programme
    return programme if programme and programme.expenses_a_year else None


def used(application: Application, programme: Programme, year: int) -> Decimal:
    """What counts for the limit: all expenses of the person's applications in the programme in that year."""
    if application.volunteer_id is None:
        of_person = Expense.objects.filter(application=application)
    else:
        of_person = Expense.objects.filter(application__volunteer=application.volunteer_id)
    counted = of_person.filter(on__year=year, status__in=COUNTS)
    return counted.alias(programme=PROGRAMME_ID).filter(programme=programme.pk).total()


def left(
    application: Application, programme: Programme, day: datetime.date | None = None
) -> Decimal:
    """What is left in the year of ``day`` (default: today); never below 0, also when the limit was lowered."""
    year = (day or timezone.localdate()).year
    return max(programme.expenses_a_year - used(application, programme, year), Decimal(0))


def is_own(application: Application, user: User) -> bool:
    """Whether ``user`` is the person of the application: the account of its record, or the same address."""
    if application.email and application.email.lower() == user.email.lower():
        return True
    volunteer = application.volunteer
    return volunteer is not None and volunteer.user_id == user.pk
