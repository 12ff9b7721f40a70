"""„Zeitleiste“: what happened around one record, on its page and on a page of its own."""

from abc import abstractmethod
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from programs.requests import UserRequest
from programs.timelines import NEWEST, Part, passed_in, read

from .pages import PagesMixin
from .typed import M


class TimelineMixin(PagesMixin[M]):
    """The record's page shows the newest lines; „Früheres zeigen“ leads to the rest."""

    newest = NEWEST
    """Lines on the page of the record itself."""

    @abstractmethod
    def timeline_of(self, request: UserRequest, record: M) -> list[Part]:
        """What this user may see of what happened."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.timeline_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_timeline"
        return [path("<int:object_id>/zeitleiste/", view, name=name), *super().get_urls()]

    def timeline_view(self, request: UserRequest, object_id: int) -> HttpResponse:
        record: Any = self.get_object(request, str(object_id))
        passed = passed_in(request.GET.get("ab", ""))
        return self.page(
            request,
            "admin/programs/timeline.html",
            _("Zeitleiste"),
            subtitle=record,
            original=record,
            timeline=read(self.timeline_of(request, record), passed),
        )

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        record = context.get("original")
        if record is not None:
            parts = self.timeline_of(cast("UserRequest", request), record)
            context["timeline"] = read(parts, many=self.newest)
        return super().render_change_form(request, context, *args, **kwargs)
