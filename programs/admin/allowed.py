"""What a user may do with *this* record: the role that shows it must also have the permission.

Somebody may be coordinator in one organisation and deputy in another. Without a record the question
is whether any of the roles has the permission; with a record, whether one of those roles shows it.
"""

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse

from programs.requests import user_of
from programs.seeing import permission, seen_with

from .typed import AdminMixin, AnyAdminMixin, M


class AllowedMixin(AnyAdminMixin[M]):
    """Asks for permissions with the record; in an inline the record is the one that it belongs to."""

    def permission_to(self, action: str) -> str:
        return permission(action, self.opts.model)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_view_permission(request, obj)
        return allowed and any(self._shows(request, to, obj) for to in ("view", "change"))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self._shows(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and self._shows(request, "delete", obj)

    def _shows(self, request: HttpRequest, action: str, obj: models.Model | None) -> bool:
        return obj is None or request.user.has_perm(self.permission_to(action), obj)


class AllowedActionsMixin(AllowedMixin[M], AdminMixin[M]):
    """Actions for several rows get only those rows with which the user may do that."""

    def offers_action(self, request: HttpRequest, name: str) -> bool:
        return True

    def get_actions(self, request: HttpRequest, action_location: Any = None) -> dict[str, Any]:
        """Those of the list that :meth:`offers_action` leaves.

        Django asks with a location from 6.1 on, where forms have actions, too; the portal's are for lists.
        """
        where = {"action_location": action_location} if action_location else {}
        actions: dict[str, Any] = super().get_actions(request, **where)
        return {name: one for name, one in actions.items() if self.offers_action(request, name)}

    def response_action(
        self, request: HttpRequest, queryset: "models.QuerySet[M]", *args: Any, **where: Any
    ) -> HttpResponse | None:
        chosen = request.POST.getlist("action")
        for name in set(chosen):
            for needed in getattr(self._function_of(name), "allowed_permissions", ()):
                queryset = seen_with(queryset, user_of(request), self.permission_to(needed))
        return super().response_action(request, queryset, *args, **where)

    def _function_of(self, name: str) -> Any:
        """What an action runs, found as Django finds it; None if there is none of this name."""
        for one in self.actions or ():
            if callable(one) and one.__name__ == name:
                return one
        if name in (self.actions or ()):
            return getattr(type(self), name)
        of_site: Any = self.admin_site.actions
        return dict(of_site).get(name)
