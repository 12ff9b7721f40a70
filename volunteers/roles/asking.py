"""What the roles of an account allow, without Django's shortcut for the Portalverwaltung."""

from typing import TYPE_CHECKING, Any, cast

from programs.requests import AnyUser

from .table import roles_with

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
