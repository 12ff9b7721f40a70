"""Which records somebody sees through which of their roles.

A user may be coordinator in one organisation and deputy in another. ``user.limited_to(perm)`` is the
same user with only the roles that have ``perm``; what that user sees is what the permission is for.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING, TypeVar, cast

from django.contrib.auth import get_permission_codename
from django.db import models

from .requests import AnyUser

if TYPE_CHECKING:
    from volunteers.models import User

M = TypeVar("M", bound=models.Model)


def permission(action: str, model: type[models.Model]) -> str:
    """The full name of a permission, such as „programs.change_event“."""
    options = model._meta
    return f"{options.app_label}.{get_permission_codename(action, options)}"


def viewing(user: AnyUser, model: type[models.Model]) -> AnyUser:
    """``user`` with only the roles that may view ``model``; every ``visible_to(user)`` starts with it."""
    return user if user.is_anonymous else user.limited_to(permission("view", model))


def organisations_as(user: AnyUser, roles: Collection[str]) -> list[int]:
    """Where ``user`` works today in one of ``roles``: numbers, which PostgreSQL plans better than a subquery."""
    return [] if user.is_anonymous else [one.organisation for one in user.held(roles)]


def narrowed(queryset: "models.QuerySet[M]", user: AnyUser) -> "models.QuerySet[M]":
    """The part of ``queryset`` that ``user`` may see. Models without ``visible_to`` are open to all roles."""
    visible_to = getattr(queryset, "visible_to", None)
    return cast("models.QuerySet[M]", visible_to(user)) if visible_to else queryset


def seen_with(queryset: "models.QuerySet[M]", user: "User", perm: str) -> "models.QuerySet[M]":
    """The rows that ``user`` sees through a role that has ``perm``."""
    return narrowed(queryset, user.limited_to(perm))
