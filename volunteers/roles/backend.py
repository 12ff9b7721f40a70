"""Permissions of roles: one table, used through Django's own permission checks.

Which *records* somebody sees is another question: ``visible_to(user)`` answers it. A permission says
what somebody may do with the records that they see through a role that has it. The page „Wer darf
was“ shows the table; ``tests/house/test_access.py`` tests it.
"""

from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth.backends import BaseBackend

from programs.requests import AnyUser

from .table import PERMISSIONS, roles_with

if TYPE_CHECKING:
    from ..models import User


class RoleBackend(BaseBackend):
    """Answers ``user.has_perm("programs.change_event")`` from :data:`PERMISSIONS`."""

    def has_perm(self, user_obj: AnyUser, perm: str, obj: Any = None) -> bool:
        """Whether one of the user's roles has ``perm``; with ``obj``, whether such a role shows it.

        One query, and only for users who have another role without ``perm``, too.
        """
        held: frozenset[str] = getattr(user_obj, "roles", frozenset())
        granting = roles_with(perm) & held
        if obj is None or not granting or granting == held:
            return bool(granting)
        rows = type(obj)._default_manager.all()
        if not hasattr(rows, "visible_to"):
            return True
        limited = cast("User", user_obj).limited_to(perm)
        return bool(rows.visible_to(limited).filter(pk=obj.pk).exists())

    def has_module_perms(self, user_obj: AnyUser, app_label: str) -> bool:
        return any(
            model.startswith(f"{app_label}.")
            for role in getattr(user_obj, "roles", ())
            for model in PERMISSIONS.get(role, {})
        )
