"""A relation that is only shown is a link for those who may open its target, and plain text for all others."""

from collections.abc import Iterator
from typing import Any

from django.contrib.admin.helpers import AdminReadonlyField
from django.contrib.admin.sites import AdminSite
from django.db import models
from django.http import HttpRequest, HttpResponse

from .typed import AdminMixin, M


class Shown:
    """A form, fieldset or line of the administration, as this viewer may read it.

    Django makes the fields only when the template asks for them, so they are reached while it iterates.
    """

    def __init__(self, part: Any, may_open: "MayOpen") -> None:
        self.part = part
        self.may_open = may_open

    def __getattr__(self, name: str) -> Any:
        return getattr(self.part, name)

    def __iter__(self) -> Iterator[Any]:
        for part in self.part:
            if isinstance(part, AdminReadonlyField):
                self._close(part)
                yield part
            else:
                yield Shown(part, self.may_open) if hasattr(part, "model_admin") else part

    def _close(self, field: Any) -> None:
        link = field.get_admin_url

        def opened(remote_field: Any, target: models.Model) -> str:
            return link(remote_field, target) if self.may_open(target) else str(target)

        field.get_admin_url = opened


class MayOpen:
    """Whether the viewer gets the admin page of a record; asks once for each record."""

    def __init__(self, site: AdminSite, request: HttpRequest) -> None:
        self.site = site
        self.request = request
        self.known: dict[models.Model, bool] = {}

    def __call__(self, target: models.Model) -> bool:
        if target not in self.known:
            self.known[target] = self._ask(target)
        return self.known[target]

    def _ask(self, target: models.Model) -> bool:
        if not self.site.is_registered(type(target)):
            return False
        shown = self.site.get_model_admin(type(target))
        if not shown.has_view_or_change_permission(self.request):
            return False
        return isinstance(shown, ReadOnlyLinksMixin) and shown.opens(self.request, target)


class ReadOnlyLinksMixin(AdminMixin[M]):
    """Shows the form and its inlines through ``Shown``."""

    def opens(self, request: HttpRequest, record: M) -> bool:
        """Whether the viewer gets the page of ``record``, which another page has read; one query at most."""
        rows = self.get_queryset(request)
        is_seen = not rows.query.where or rows.filter(pk=record.pk).exists()
        return is_seen and self.has_view_or_change_permission(request, record)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        may_open = MayOpen(self.admin_site, request)
        context["adminform"] = Shown(context["adminform"], may_open)
        inlines = context["inline_admin_formsets"]
        context["inline_admin_formsets"] = [Shown(inline, may_open) for inline in inlines]
        return super().render_change_form(request, context, *args, **kwargs)
