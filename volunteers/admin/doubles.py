"""„Wahrscheinlich doppelt“: records of one person, side by side; for the Portalverwaltung only."""

import re
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from programs.addresses import admin_path
from programs.admin.pages import PagesMixin
from programs.requests import UserRequest
from programs.wording import NOTHING

from ..errors import DomainError
from ..models import Volunteer
from ..reads import doubles
from ..reads.value_texts import text_of
from ..services.absorbing import hanging_on
from ..services.same_person import merge_volunteers


class DoublesMixin(PagesMixin[Volunteer]):
    def has_merge_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("volunteers.merge_volunteer")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        name = "volunteers_volunteer_{}".format
        return [
            path("doppelt/", view(self.doubles_view), name=name("doubles")),
            path("<int:pk>/und/<int:merged>/", view(self.merge_view), name=name("merge")),
            *super().get_urls(),
        ]

    def doubles_view(self, request: UserRequest) -> HttpResponse:
        """Pairs of records that are probably about one person: by one sign, some at a time.

        Unless a sign is chosen, it is the first one that any pair has.
        """
        self._require_merge(request)
        signs = {one.slug: one for one in doubles.SIGNS}
        chosen = signs.get(request.GET.get("zeichen", ""))
        shown = [chosen] if chosen else doubles.SIGNS
        number = request.GET.get("seite", "")
        page = (
            min(int(number), doubles.MOST_PAGES) if re.fullmatch("[1-9][0-9]{0,5}", number) else 1
        )
        found = ((one, *doubles.likely_pairs(one, page)) for one in shown)
        sign, pairs, has_more = next((one for one in found if one[1]), (shown[0], [], False))
        if page > 1 and not pairs:  # they have been merged since
            return HttpResponseRedirect(f"{request.path}?zeichen={sign.slug}")
        return self.page(
            request,
            "admin/volunteers/people/doubles.html",
            _("Wahrscheinlich doppelt"),
            pairs=pairs,
            sign=sign,
            signs=doubles.SIGNS,
            few=doubles.FEW,
            before=page - 1,
            after=page + 1 if has_more else 0,
        )

    def merge_view(self, request: UserRequest, pk: int, merged: int) -> HttpResponse:
        """Both side by side; the button merges them. ``pk`` is the one that stays."""
        self._require_merge(request)
        both = Volunteer.objects.in_bulk([pk, merged])
        if request.method == "POST" and pk in both and merged not in both:
            messages.info(request, _("Diese beiden sind schon zusammengeführt."))
            return HttpResponseRedirect(admin_path(both[pk]))
        if len(both) < 2:
            raise Http404
        kept, other = both[pk], both[merged]
        if request.method == "POST":
            return self._merge(request, kept, other)
        return self.page(
            request,
            "admin/volunteers/people/merge.html",
            _("Zusammenführen"),
            kept=kept,
            merged=other,
            lines=list(_side_by_side(kept, other)),
            staying=hanging_on(kept),
            moving=hanging_on(other),
        )

    def _merge(self, request: UserRequest, kept: Volunteer, merged: Volunteer) -> HttpResponse:
        try:
            merge_volunteers(kept=kept, merged=merged, merged_by=request.user)
        except DomainError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(request.path)
        messages.success(request, _("Das ist jetzt ein Eintrag."))
        return HttpResponseRedirect(admin_path(kept))

    def _require_merge(self, request: UserRequest) -> None:
        if not self.has_merge_permission(request):
            raise PermissionDenied


def _side_by_side(kept: Volunteer, merged: Volunteer) -> Iterator[tuple[str, str, str]]:
    """Label and both values of everything that one of the two says."""
    options = Volunteer._meta
    for column in (*options.concrete_fields, *options.many_to_many):
        if not column.editable or column.primary_key:
            continue
        texts = [_text(one, column) for one in (kept, merged)]
        if any(texts):
            yield str(column.verbose_name), texts[0] or NOTHING, texts[1] or NOTHING


def _text(volunteer: Volunteer, column: Any) -> str:
    value = getattr(volunteer, column.name)
    return text_of(volunteer, column, list(value.all()) if column.many_to_many else value)
