"""The log of what matters for safety: who did which kind of thing to which record, without content."""

from typing import TYPE_CHECKING

from django.db import models

from .models import SecurityEvent, User

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser


def record(
    kind: SecurityEvent.Kind,
    *,
    by: "AbstractBaseUser | AnonymousUser | None" = None,
    about: models.Model | None = None,
) -> None:
    """Write one event. ``about`` is kept as kind and number only («membership 17»)."""
    user = by if isinstance(by, User) and by.pk is not None else None
    name = "" if about is None else f"{about._meta.model_name} {about.pk}"
    SecurityEvent.objects.create(kind=kind, by=user, about=name)
