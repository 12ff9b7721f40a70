"""One mail a day about tandems that need attention, by the rules in the administration (``TandemRule``)."""

import datetime
from collections import Counter
from collections.abc import Iterable
from functools import partial

from programs.models import Organisation

from ..models import Reminder, Tandem, TandemRule
from ..models.companions import TandemQuerySet
from ..notifications import tandem_rules as notifications
from ..reads import health
from .kinds import Due, Kind

Whom = TandemRule.Whom
NOBODYS = 0
"""Stands for tandems without an organisation, which the Sozialamt looks after."""


def collected(whom: str) -> str:
    """``purpose`` of the row for each mail: one for each organisation and day."""
    return f"tandems.{whom}"


def told(event: str, whom: str) -> str:
    """``purpose`` of the row for each tandem that a mail has counted; its date is when it became due."""
    return f"tandem.{event}.{whom}"


PURPOSES = tuple(told(event, whom) for event in TandemRule.Event.values for whom in Whom.values)


def due_now(
    whom: str, day: datetime.date, tandems: TandemQuerySet
) -> list[tuple[TandemRule, int | None, Due]]:
    """Rule, organisation and row of all of ``tandems`` that are due for ``whom`` and were not counted yet."""
    found = []
    for rule in TandemRule.objects.filter(whom=whom):
        due = health.with_signs(tandems).filter(health.is_due(rule.event, rule.days, day))
        after, column = datetime.timedelta(days=rule.days), health.SINCE[health.Event(rule.event)]
        rows = due.order_by("pk").values_list("pk", "organisation", column)
        owners = {pk: (owner, health.day_of(began) + after) for pk, owner, began in rows}
        dues = [(pk, due_on) for pk, (_owner, due_on) in owners.items()]
        new = Reminder.objects.not_taken(told(rule.event, whom), dues)
        found += [(rule, owners[row[0]][0], row) for row in new]
    return found


def find(day: datetime.date, *, whom: str) -> Iterable[Due]:
    """Organisations with something new, and no such mail on ``day`` yet."""
    had_one = list(
        Reminder.objects.filter(purpose=collected(whom), due_on=day).values_list(
            "subject", flat=True
        )
    )
    rest = Tandem.objects.exclude(organisation__in=had_one)
    if whom == Whom.DEPARTMENT or NOBODYS in had_one:
        rest = rest.filter(organisation__isnull=False)
    waiting = {owner or NOBODYS for _rule, owner, _row in due_now(whom, day, rest)}
    return [(pk, day) for pk in sorted(waiting)]


def send(number: int, day: datetime.date, *, whom: str) -> None:
    """One mail to each who answers, with how many tandems for each rule; each tandem counts once."""
    new = due_now(whom, day, Tandem.objects.filter(organisation=number or None))
    counted = [
        rule for rule, _owner, row in new if Reminder.objects.take(told(rule.event, whom), *row)
    ]
    if not counted:
        return
    counts = [(rule, many) for rule, many in Counter(counted).items()]
    organisation = Organisation.objects.filter(pk=number).select_related("department").first()
    if whom == Whom.COORDINATION:
        notifications.need_attention(organisation, counts)
    elif organisation is not None:
        notifications.need_attention_below(organisation, counts)


KINDS = tuple(
    Kind(collected(whom), partial(find, whom=whom), partial(send, whom=whom))
    for whom in Whom.values
)
