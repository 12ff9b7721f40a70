"""Personal data that belongs to an organisation: only those who work for it see it."""

from typing import Self, TypeVar

from django.db import models
from django.db.models import Exists, Q

from programs.models import Organisation
from programs.requests import AnyUser
from programs.seeing import viewing

M = TypeVar("M", bound=models.Model)


class OwnedQuerySet(models.QuerySet[M]):
    """Rows with an ``organisation``, or with one that the lookup ``owner`` leads to."""

    owner = "organisation"

    def visible_to(self, user: AnyUser) -> Self:
        """Rows of the organisations that ``user`` works for today."""
        if user.is_superuser:
            return self
        own = Organisation.objects.of(viewing(user, self.model)).values("pk")
        return self.filter(**{f"{self.owner}__in": own})


class CityOwnedQuerySet(OwnedQuerySet[M]):
    """The same, but the Sozialamt looks after rows without an organisation."""

    def visible_to(self, user: AnyUser) -> Self:
        """Rows of the user's organisations; for users of the clearing office also rows without one."""
        if user.is_superuser:
            return self
        own = Organisation.objects.of(viewing(user, self.model))
        is_office = Exists(own.clearing())
        nobodys = Q(**{f"{self.owner}__isnull": True}) & Q(is_office)
        return self.filter(Q(**{f"{self.owner}__in": own.values("pk")}) | nobodys)
