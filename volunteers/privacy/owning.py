"""Which rows of the register belong to a person: from a lookup to the mail address to a condition.

An address alone may be that of several people, so the condition also asks for the name. Accounts
follow ``accounts_seen_by``; mails and what was ordered by mail belong to the mailbox, whoever reads it.
"""

from typing import Any

from allauth.account.models import EmailAddress
from django.apps import apps
from django.db.models import Model, Q

from ..models import Application, Registration, User
from ..models.standing_orders import order_models
from ..reads.persons import Person, accounts_seen_by

LINKED: tuple[type[Model], ...] = (Application, Registration)
"""Models whose records may be linked to a volunteer."""


def owned(model: str, lookup: str, person: Person) -> Q:
    """The rows of ``model`` (its label) that ``lookup`` of the register leads to ``person``."""
    if lookup.endswith("__contains"):
        found = Q(pk__in=())  # an empty condition would be everybody's
        for email in person.emails:
            found |= Q(**{lookup: [email]})
        return found
    way = lookup.removesuffix("email")
    holder = _model_at(apps.get_model(model), way)
    if holder in order_models():
        return Q(**{f"{way}email__in": person.emails})
    if holder is User or holder is EmailAddress:
        user = f"{way}user" if holder is EmailAddress else way.removesuffix("__") or "pk"
        return Q(**{f"{user}__in": accounts_seen_by(person).values("pk")})
    return person.owns(way) if holder in LINKED else person.named(way)


def _model_at(model: type[Model], way: str) -> Any:
    """The model whose records the lookup ``way`` leads to."""
    found: Any = model
    for step in filter(None, way.split("__")):
        found = found._meta.get_field(step).related_model
    return found
