"""Pages of the portal's own in the administration, beside those that Django makes."""

from typing import Any

from django.http import HttpRequest
from django.template.response import TemplateResponse

from .typed import AdminMixin, M


class PagesMixin(AdminMixin[M]):
    def page(
        self,
        request: HttpRequest,
        template: str,
        title: str,
        *,
        subtitle: object = "",
        http_status: int | None = None,
        **more: Any,
    ) -> TemplateResponse:
        """``template`` in the frame of the administration.

        Without an ``http_status`` it is 422 where the ``form`` among ``more`` has errors, else 200.
        """
        form = more.get("form")
        if http_status is None:
            http_status = 422 if form is not None and form.errors else 200
        own = {"title": title, "subtitle": str(subtitle), "opts": self.opts, **more}
        return TemplateResponse(
            request,
            template,
            {**self.admin_site.each_context(request), **own},
            status=http_status,
        )


class ComesAndStaysMixin(AdminMixin[M]):
    """What comes from elsewhere and stays: nobody adds or deletes it here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False


class ReadOnlyMixin(ComesAndStaysMixin[M]):
    """What the portal writes itself: nobody adds, changes or deletes it here."""

    def has_change_permission(self, request: HttpRequest, obj: M | None = None) -> bool:
        return False
