"""Personal data that belongs to an organisation: only those who work for it see it.

The conditions name the organisations by their numbers, not by a subquery: PostgreSQL knows how many
rows each of them has, and so whether to read a list in its order or to sort the few rows of a circle.
"""

from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

from programs.requests import AnyUser
from programs.seeing import viewing

from .users import Access

M = TypeVar("M", bound=models.Model)


def people_seen(user: AnyUser, model: type[models.Model]) -> list[Access]:
    """Where ``user`` works today in a role that shows people and may view ``model``."""
    seeing = viewing(user, model)
    return [] if seeing.is_anonymous else seeing.people_of()


def is_at_clearing_office(user: AnyUser, model: type[models.Model]) -> bool:
    """Whether one of the organisations of :func:`people_seen` is the clearing office."""
    return any(one.at_clearing_office for one in people_seen(user, model))


class OwnedQuerySet(models.QuerySet[M]):
    """Rows with an ``organisation``, or with one that the lookup ``owner`` leads to."""

    owner = "organisation"

    def visible_to(self, user: AnyUser) -> Self:
        """Rows of the organisations that ``user`` works for today."""
        owners = self.owners_seen_by(user)
        return self if owners is None else self.filter(**{f"{self.owner}__in": owners})

    def owners_seen_by(self, user: AnyUser) -> list[int] | None:
        """The primary keys of the organisations of which ``user`` sees rows; None: of all."""
        if user.is_superuser:
            return None
        return [one.organisation for one in people_seen(user, self.model)]


class CityOwnedQuerySet(OwnedQuerySet[M]):
    """The same, but the Sozialamt looks after rows without an organisation."""

    def visible_to(self, user: AnyUser) -> Self:
        """Rows of the user's organisations; for users of the clearing office also rows without one."""
        owners = self.owners_seen_by(user)
        if owners is None:
            return self
        own = Q(**{f"{self.owner}__in": owners})
        if is_at_clearing_office(user, self.model):
            own |= Q(**{f"{self.owner}__isnull": True})
        return self.filter(own)
