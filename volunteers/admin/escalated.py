"""For departments: what waits too long below them, without people; to be reminded of or taken over."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.translation import gettext as __
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from programs.addresses import admin_path
from programs.admin.base import ScopedAdminMixin
from programs.requests import AnyUser, UserRequest

from ..errors import DomainError
from ..models import Application, Enquiry, User
from ..periods import weeks_in_words
from ..reads.escalations import Waiting

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

R = TypeVar("R", Application, Enquiry)
PAGE = 50


@dataclass(frozen=True, kw_only=True)
class Escalation(Generic[R]):
    """How the records of one model are found, shown, reminded of and taken over."""

    waiting_for: Callable[[AnyUser], QuerySet[R]]
    rows: Callable[[Iterable[R]], list[Waiting]]
    remind: Callable[[R, User], int]
    take_over: Callable[[R, User], R]
    text: Callable[[int], str]
    """The sentence above so many rows."""
    taken: "StrPromise"
    """Who answers now, as ``name``."""


class EscalationViews(ScopedAdminMixin[R]):
    """Mixin for the admin of records that an organisation has to answer."""

    escalation: ClassVar[Escalation[Any]]

    def escalation_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        one = "<int:object_id>"
        remind, take_over = require_POST(self.remind_view), require_POST(self.take_over_view)
        return [
            path("wartet/", view(self.escalated_view), name=f"{name}_escalated"),
            path(f"{one}/erinnern/", view(remind), name=f"{name}_remind"),
            path(f"{one}/uebernehmen/", view(take_over), name=f"{name}_take_over"),
        ]

    def escalated_view(self, request: UserRequest) -> HttpResponse:
        """All that waits too long and that offices of the user may take over, without names."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        paginator = Paginator(self.escalation.waiting_for(request.user), PAGE)
        page = paginator.get_page(request.GET.get("seite"))
        return self.page(
            request,
            "admin/volunteers/answering/escalated.html",
            __("Wartet zu lange in Ihrem Bereich"),
            page_obj=page,
            rows=self.escalation.rows(page.object_list),
            text=self.escalation.text(paginator.count),
            period=weeks_in_words(settings.ESCALATION_DAYS),
        )

    def remind_view(self, request: UserRequest, object_id: int) -> HttpResponse:
        """A button of the list."""
        record = self._escalated(request, object_id)
        try:
            sent = self.escalation.remind(record, request.user)
        except DomainError as error:
            messages.error(request, f"{record.organisation}: {error}")
        else:
            text = ngettext(
                "%(name)s ist erinnert (%(count)d Mail).",
                "%(name)s ist erinnert (%(count)d Mails).",
                sent,
            )
            messages.success(request, text % {"name": record.organisation, "count": sent})
        return HttpResponseRedirect(admin_path(self.model, "escalated"))

    def take_over_view(self, request: UserRequest, object_id: int) -> HttpResponse:
        record = self._escalated(request, object_id)
        try:
            taken = self.escalation.take_over(record, request.user)
        except DomainError as error:
            messages.error(request, f"{record.organisation}: {error}")
            return HttpResponseRedirect(admin_path(self.model, "escalated"))
        messages.success(request, self.escalation.taken % {"name": taken.organisation})
        return HttpResponseRedirect(admin_path(taken))

    def _escalated(self, request: UserRequest, object_id: int) -> R:
        if not self.has_change_permission(request):
            raise PermissionDenied
        limited = request.user.limited_to(self.permission_to("change"))
        found: R = get_object_or_404(self.escalation.waiting_for(limited), pk=object_id)
        return found
