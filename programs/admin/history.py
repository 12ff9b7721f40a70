"""„Verlauf“ in the administration: the history that database triggers write, in place of Django's log."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from programs.changes import notes_on, page_of_changes
from programs.history import TRACKED
from programs.requests import user_of

from .pages import PagesMixin
from .typed import M


class HistoryMixin(PagesMixin[M]):
    """The history page of models with a change history. Other models have Django's history page."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        record = cast("M", self.get_object(request, object_id))  # 404 by ScopedModelAdmin
        if not request.user.has_perm("programs.view_history", record):
            raise PermissionDenied  # the history names colleagues
        if self.model not in TRACKED:
            return super().history_view(request, object_id, extra_context)
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        page, changes = page_of_changes(record, user_of(request), request.GET.get("seite"))
        return self.page(
            request,
            "admin/programs/history.html",
            _("Verlauf: %(record)s") % {"record": record},
            object=record,
            changes=changes,
            notes=notes_on(record, user_of(request)),
            **{"page": page} | (extra_context or {}),
        )
