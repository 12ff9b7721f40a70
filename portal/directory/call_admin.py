"""„Anrufliste“: whom to ring because nobody confirms the entries, and one click after the talk."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as __
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from programs.addresses import admin_path
from programs.admin.base import ScopedModelAdmin
from programs.admin.pages import ReadOnlyMixin
from programs.models import Entry, Organisation
from programs.requests import UserRequest

from . import calls
from .confirming import confirm_by_phone, entries_of, note_missed
from .models import Upkeep

PER_PAGE = 25


@admin.register(Upkeep)
class UpkeepAdmin(ReadOnlyMixin[Upkeep], ScopedModelAdmin[Upkeep]):
    """What happened with the mails and calls; the portal writes it."""

    list_display = ("at", "organisation", "kind", "by")
    list_display_links = None
    list_select_related = ("organisation", "by")
    list_filter: ClassVar[tuple[Any, ...]] = ("kind",)
    search_fields = ("organisation__search_names",)
    change_list_template = "admin/directory/upkeep.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        done = require_POST(self.called_view)
        return [
            path("anrufliste/", view(self.calls_view), name="portal_upkeep_calls"),
            path("anrufliste/<int:pk>/", view(done), name="portal_upkeep_called"),
            *super().get_urls(),
        ]

    def calls_view(self, request: UserRequest) -> HttpResponse:
        _require_may_confirm(request)
        found = calls.to_call(request.user).select_related("department")
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("p"))
        return self.page(
            request,
            "admin/directory/calls.html",
            __("Anrufliste"),
            calls=calls.calls(list(page)),
            page=page,
        )

    def called_view(self, request: UserRequest, pk: int) -> HttpResponse:
        """One click: „am Telefon bestätigt“ or „nicht erreicht“."""
        _require_may_confirm(request)
        organisation = calls.kept_by(request.user).filter(pk=pk).first()
        if organisation is None:
            raise Http404
        if "missed" in request.POST:
            note_missed(organisation=organisation, by=request.user)
            messages.info(
                request, __("Vermerkt: %(name)s nicht erreicht.") % {"name": organisation}
            )
        else:
            messages.success(request, _confirmed(request, organisation))
        return HttpResponseRedirect(admin_path(Upkeep, "calls"))


def _confirmed(request: UserRequest, organisation: Organisation) -> str:
    seen = Entry.objects.visible_to(request.user.limited_to(calls.PERM)).values("pk")
    entries = entries_of(organisation).filter(pk__in=seen)
    count = confirm_by_phone(organisation=organisation, entries=entries, by=request.user)
    text = ngettext(
        "%(name)s: %(count)d Eintrag gilt als heute bestätigt.",
        "%(name)s: %(count)d Einträge gelten als heute bestätigt.",
        count,
    )
    return text % {"name": organisation, "count": count}


def _require_may_confirm(request: HttpRequest) -> None:
    if not request.user.has_perm(calls.PERM):
        raise PermissionDenied
