"""„Daten dieser Person löschen“: the Portalverwaltung does it for somebody who wrote or called.

Replaces Django's own delete page, which does not handle tandems, waiting lists, logs and mails.
Deleting several selected rows is switched off: each person is checked individually.
"""

from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from programs.addresses import admin_path
from programs.admin.base import ScopedAdminMixin
from programs.requests import user_of

from ..errors import DomainError
from ..models import CompanionRequest, User, Volunteer
from ..privacy import erasing, leaving
from ..privacy.scope import scope_of_record

P = TypeVar("P", User, Volunteer, CompanionRequest)


class ErasingAdmin(ScopedAdminMixin[P]):
    """Mixin for the admin of records that identify a person by their address."""

    def has_delete_permission(self, request: HttpRequest, obj: P | None = None) -> bool:
        return request.user.is_superuser

    def offers_action(self, request: HttpRequest, name: str) -> bool:
        return name != "delete_selected" and super().offers_action(request, name)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Asks on GET, deletes on POST; shows the same sentences as to the person."""
        found = self.get_object(request, object_id)
        if not self.has_delete_permission(request, found):
            raise PermissionDenied
        scope = scope_of_record(found)
        back = admin_path(type(found))
        if request.method == "POST":
            try:
                erasing.erase_person_of(record=found, by=user_of(request))
            except DomainError as error:
                messages.error(request, str(error))
                return HttpResponseRedirect(request.path)
            messages.success(request, _("Die Daten dieser Person sind gelöscht."))
            return HttpResponseRedirect(back)
        return self.page(
            request,
            "admin/volunteers/erasing/erase.html",
            _("Daten dieser Person löschen"),
            original=found,
            plan=leaving.plan_of(scope),
        )
