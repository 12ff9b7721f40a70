"""Moves everything that hangs on one record to another one, which stays; the first one is deleted.

The relations are read from the models, so a new one is moved without anybody thinking of it. Where a
unique constraint lets only one of two rows stay, :data:`ONE_STAYS` says which, and what hangs on the
other one moves, too. A test fails for a relation with such a constraint that is missing there.

The caller does it in :func:`while_nobody_writes`.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from django.apps import apps
from django.db import transaction
from django.db.models import F, ForeignKey, Model, Q, UniqueConstraint
from django.utils.translation import gettext as _

from programs.models import (
    ColumnMapping,
    DifferentPair,
    FormerOrganisation,
    Membership,
    Programme,
)

from ..errors import TooBusy
from ..models import (
    AccessRequest,
    Agreement,
    Application,
    Certificate,
    CheckIn,
    ConductCheck,
    DateOffer,
    FirstMeeting,
    GroupRecipient,
    Invitation,
    LinkAnswering,
    Qualification,
    Shortage,
    StepRecord,
    Tally,
    Tandem,
)
from ..models.group_messages import Outcome
from ..models.profile import Profile
from ..models.statuses import Status
from ..roles.table import OF_MEMBERS
from .locks import lock_tables

T = TypeVar("T")
Relation = ForeignKey[Any, Any]

TRIES, PAUSE = 20, 0.1
"""How often to ask for the tables, and how many seconds to wait in between."""
NOT_COUNTED = (ColumnMapping, DifferentPair, FormerOrganisation, Shortage)
"""What hangs on a record and interests nobody."""

FURTHER = (
    Status.UNCONFIRMED,
    Status.DECLINED,
    Status.WITHDRAWN,
    Status.COMPLETED,
    Status.WAITING,
    Status.NEW,
    Status.PAUSED,
    Status.IN_CONTACT,
    Status.IN_TRAINING,
    Status.READY,
    Status.PLACED,
)
"""Of two applications of one person for the same thing the one with the later status stays."""


@dataclass(frozen=True)
class OneStays:
    """Which of two rows stays: the one for which ``better`` is greater; ``take`` saves values of the other one."""

    better: Callable[[Any], Any]
    take: Callable[[Any, Any], None] = lambda stay, go: None


def _role(membership: Membership) -> tuple[Any, ...]:
    """The stronger role among those that are valid today; of the same role the one that lasts longer."""
    active = Membership.objects.active().filter(pk=membership.pk).exists()
    strength = -OF_MEMBERS.index(membership.role)
    return active, strength, membership.until is None, membership.until


def _take_use(stay: Membership, go: Membership) -> None:
    used = [one.last_used_on for one in (stay, go) if one.last_used_on]
    Membership.objects.filter(pk=stay.pk).update(last_used_on=max(used, default=None))


def _take_counts(stay: Tally, go: Tally) -> None:
    more = {"count": F("count") + go.count, "hours": F("hours") + go.hours}
    Tally.objects.filter(pk=stay.pk).update(**more)


def fill_empty(stay: Model, go: Model, fields: Iterable[Any]) -> None:
    """Give ``stay`` the values of ``go`` that it lacks itself, of these fields."""
    empty: tuple[Any, ...] = (None, "", [])
    found = {
        field.attname: getattr(go, field.attname)
        for field in fields
        if getattr(stay, field.attname) in empty and getattr(go, field.attname) not in empty
    }
    if found:
        type(stay)._base_manager.filter(pk=stay.pk).update(**found)


def _take_answers(stay: Application, go: Application) -> None:
    fill_empty(stay, go, Profile._meta.fields)


def _by_number(row: Model) -> Any:
    return -row.pk


ONE_STAYS: dict[type[Model], OneStays] = {
    Membership: OneStays(_role, _take_use),
    LinkAnswering: OneStays(lambda one: (one.agreed_at is not None, -one.pk)),
    Invitation: OneStays(lambda one: one.created_at),
    AccessRequest: OneStays(lambda one: (one.status == AccessRequest.Status.OPEN, -one.pk)),
    Application: OneStays(lambda one: (FURTHER.index(one.status), -one.pk), _take_answers),
    ConductCheck: OneStays(lambda one: (one.issued_on, one.seen_on)),
    Qualification: OneStays(lambda one: (one.expires_on is None, one.expires_on, -one.pk)),
    GroupRecipient: OneStays(lambda one: (one.outcome == Outcome.SENT, -one.pk)),
    DateOffer: OneStays(lambda one: (one.date.companion_id == one.volunteer_id, -one.pk)),
    StepRecord: OneStays(lambda one: (one.outcome == StepRecord.Outcome.DONE, -one.pk)),
    Tally: OneStays(_by_number, _take_counts),
    Tandem: OneStays(lambda one: (one.status == Tandem.Status.RUNNING, -one.pk)),
    Agreement: OneStays(_by_number),
    CheckIn: OneStays(lambda one: (bool(one.reply), -one.pk)),
    FirstMeeting: OneStays(lambda one: (bool(one.fit), bool(one.met), -one.pk)),
    Programme.partners.through: OneStays(_by_number),
    Shortage: OneStays(lambda one: one.as_of),
    ColumnMapping: OneStays(_by_number),
    DifferentPair: OneStays(_by_number),
}

BOTH_STAY: dict[type[Model], str] = {Certificate: "application"}
"""Model → the relation that is emptied instead: an issued certificate is never deleted."""


def relations_to(model: type[Model]) -> list[Relation]:
    """Every foreign key to ``model`` or its parent models that moves with a record.

    Not the history: it tells what was, and refers to numbers. Nor the record's own lists, such as the
    districts of an organisation: they are values, not something that hangs on it.
    """
    family = {model, *model._meta.get_parent_list()}
    models: list[Any] = apps.get_models(include_auto_created=True)
    return [
        field
        for one in models
        if one._meta.auto_created not in family
        for field in one._meta.local_fields
        if field.many_to_one or field.one_to_one
        if field.related_model in family
        and field.db_constraint
        and not field.remote_field.parent_link
    ]


def tables_to_lock(model: type[Model]) -> set[type[Model]]:
    """The models whose tables :func:`absorb` writes to, for a record of ``model``."""
    found: set[type[Model]] = set()
    wanted = [model, *model._meta.get_parent_list()]
    while wanted:
        one = wanted.pop()
        found.add(one)
        if one is model or one in ONE_STAYS:
            wanted += {relation.model for relation in relations_to(one)} - found
    return found


def while_nobody_writes(model: type[Model], work: Callable[[], T]) -> T:
    """Do ``work`` in a transaction in which nobody else writes to what hangs on records of ``model``.

    Raises ``TooBusy`` if others write all the time.
    """
    for attempt in range(TRIES):
        try:
            with transaction.atomic():
                lock_tables(tables_to_lock(model))
                return work()
        except TooBusy:
            if attempt == TRIES - 1:
                raise
            time.sleep(PAUSE)
    raise AssertionError


def hanging_on(record: Model) -> list[tuple[str, int]]:
    """What moves when ``record`` is merged into another one: names of things and how many."""
    found: dict[str, Any] = {}
    for relation in relations_to(type(record)):
        if relation.model not in NOT_COUNTED:
            rows = relation.model._base_manager.filter(**{relation.attname: record.pk})
            name = _name_of(relation)
            found[name] = found[name] | rows if name in found else rows
    counts = ((name, rows.count()) for name, rows in found.items())
    return sorted((name, count) for name, count in counts if count)


def _name_of(relation: Any) -> str:
    owner = relation.model._meta.auto_created
    if owner:
        return _("%(things)s als Partner") % {"things": owner._meta.verbose_name_plural}
    things = str(relation.model._meta.verbose_name_plural)
    if relation.name == "department":
        return _("%(things)s, für die sie zuständig ist") % {"things": things}
    return things


def absorb(stay: Model, go: Model) -> None:
    """Move everything that hangs on ``go`` to ``stay``, and delete ``go``; both are of one model."""
    for relation in relations_to(type(go)):
        _move(relation, stay, go)
    go.delete()


def _move(relation: Relation, stay: Model, go: Model) -> None:
    rows = relation.model._base_manager.filter(**{relation.attname: go.pk})
    if issubclass(type(stay), relation.model):
        rows.filter(pk=stay.pk).update(**{relation.attname: None})  # else it would refer to itself
        rows = rows.exclude(pk=go.pk)
    if any(uniques_with(relation)):
        for row in rows.order_by("pk"):
            _move_one(row, relation, stay)
    else:
        rows.update(**{relation.attname: stay.pk})


def _move_one(row: Any, relation: Relation, stay: Model) -> None:
    rival = _rival(row, relation, stay)
    if rival is None:
        pass
    elif BOTH_STAY.get(relation.model) == relation.name:
        relation.model._base_manager.filter(pk=row.pk).update(**{relation.attname: None})
        return
    else:
        rule = ONE_STAYS[relation.model]
        kept, gone = (row, rival) if rule.better(row) > rule.better(rival) else (rival, row)
        rule.take(kept, gone)
        absorb(kept, gone)
        if kept is rival:
            return
    relation.model._base_manager.filter(pk=row.pk).update(**{relation.attname: stay.pk})


def uniques_with(relation: Relation) -> Iterator[tuple[list[Any], Q, bool]]:
    """For each unique constraint with ``relation``: what else is in it, its condition, and whether NULLs are equal."""
    options = relation.model._meta
    together = [UniqueConstraint(fields=names, name="-") for names in options.unique_together]
    own = [UniqueConstraint(fields=[relation.name], name="-")] if relation.unique else []
    for one in (*options.constraints, *together, *own):
        if not isinstance(one, UniqueConstraint):
            continue
        parts = [F(name) for name in one.fields] + list(one.expressions)
        others = [part for part in parts if part != F(relation.name)]
        if len(others) < len(parts):
            yield others, one.condition or Q(), one.nulls_distinct is False


def _rival(row: Any, relation: Relation, stay: Model) -> Any:
    """The row that already stands where ``row`` is to go."""
    rows = relation.model._base_manager.all()
    for parts, condition, nulls_are_equal in uniques_with(relation):
        names = {f"part_{number}": part for number, part in enumerate(parts)}
        mine = rows.filter(condition, pk=row.pk).annotate(**names).values(*names).first()
        if mine is None or (None in mine.values() and not nulls_are_equal):
            continue
        same = [
            Q((f"{name}__isnull", True) if value is None else (name, value))
            for name, value in mine.items()
        ]
        there = rows.filter(condition, **{relation.attname: stay.pk}).annotate(**names)
        if found := there.filter(*same).exclude(pk=row.pk).first():
            return found
    return None
