"""What the roles of an account allow; the Portalverwaltung is allowed more (``User.has_perm``).

Which *records* somebody sees is another question: ``visible_to(user)`` answers it. A permission says
what somebody may do with the records that they see through a role that has it. The page „Wer darf
was“ shows the table; ``tests/house/test_access.py`` tests it.
"""

from typing import TYPE_CHECKING, Any, cast

from programs.requests import AnyUser

from .table import PERMISSIONS, roles_with

if TYPE_CHECKING:
    from ..models import User


def allowed(user: AnyUser, perm: str, obj: Any = None) -> bool:
    """Whether one of the user's roles has ``perm``; with ``obj``, whether such a role shows it.

    One query, and only for users who have another role without ``perm``, too.
    """
    held: frozenset[str] = getattr(user, "roles", frozenset())
    granting = roles_with(perm) & held
    if obj is None or not granting or granting == held:
        return bool(granting)
    rows = type(obj)._default_manager.all()
    if not hasattr(rows, "visible_to"):
        return True
    limited = cast("User", user).limited_to(perm)
    return bool(rows.visible_to(limited).filter(pk=obj.pk).exists())


def allowed_in(user: AnyUser, app_label: str) -> bool:
    """Whether one of the user's roles has any permission in this app."""
    held: frozenset[str] = getattr(user, "roles", frozenset())
    return any(
        model.startswith(f"{app_label}.") for role in held for model in PERMISSIONS.get(role, {})
    )
