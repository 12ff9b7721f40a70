"""Files on their way in or out: one person has them for some hours."""

import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from ..requests import AnyUser
from ..seeing import M


class KeptQuerySet(models.QuerySet[M]):
    """Records that one person sees for so many hours after ``created_at``; then they are deleted."""

    owner: ClassVar[str]
    """The field with the person's account."""
    hours: ClassVar[str]
    """The setting that says how long."""

    def visible_to(self, user: AnyUser) -> Self:
        """The person's own that have not expired. Nobody sees those of others."""
        return self.filter(**{self.owner: user.pk}, created_at__gt=self._oldest())

    def expired(self) -> Self:
        return self.filter(created_at__lte=self._oldest())

    def _oldest(self) -> datetime.datetime:
        return timezone.now() - datetime.timedelta(hours=getattr(settings, self.hours))
