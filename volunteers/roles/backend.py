"""Permissions of roles: one table, used through Django's own permission checks.

Which *records* somebody sees is another question: ``visible_to(user)`` answers it. A permission says
what somebody may do with the records that they see through a role that has it. The page „Wer darf
was“ shows the table; ``tests/house/test_access.py`` tests it.
"""

from typing import Any

from django.contrib.auth.backends import BaseBackend

from programs.requests import AnyUser

from .asking import allowed
from .table import PERMISSIONS


class RoleBackend(BaseBackend):
    """Answers ``user.has_perm("programs.change_event")`` from :data:`PERMISSIONS`."""

    def has_perm(self, user_obj: AnyUser, perm: str, obj: Any = None) -> bool:
        """See :func:`allowed`."""
        return allowed(user_obj, perm, obj)

    def has_module_perms(self, user_obj: AnyUser, app_label: str) -> bool:
        return any(
            model.startswith(f"{app_label}.")
            for role in getattr(user_obj, "roles", ())
            for model in PERMISSIONS.get(role, {})
        )
