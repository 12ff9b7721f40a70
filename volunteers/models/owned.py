"""Personal data that belongs to an organisation: whoever works for it sees it, nobody else."""

from typing import Self, TypeVar

from django.db import models
from django.db.models import Exists, Q

from programs.models import Organisation
from programs.requests import AnyUser

M = TypeVar("M", bound=models.Model)


class OwnedQuerySet(models.QuerySet[M]):
    """Rows with an ``organisation``, or on the way ``owner`` to one."""

    owner = "organisation"

    def visible_to(self, user: AnyUser) -> Self:
        """Rows of the organisations that ``user`` works for today."""
        if user.is_superuser:
            return self
        own = Organisation.objects.of(user).values("pk")
        return self.filter(**{f"{self.owner}__in": own})


class CityOwnedQuerySet(OwnedQuerySet[M]):
    """The same, where a row without an organisation is looked after by the Sozialamt."""

    def visible_to(self, user: AnyUser) -> Self:
        """Own rows, and for the clearing office those that no organisation has."""
        if user.is_superuser:
            return self
        own = Organisation.objects.of(user)
        is_office = Exists(own.clearing())
        nobodys = Q(**{f"{self.owner}__isnull": True}) & Q(is_office)
        return self.filter(Q(**{f"{self.owner}__in": own.values("pk")}) | nobodys)
