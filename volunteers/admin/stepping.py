"""„…/schritt/<step>/“: the page behind a button of one record, which asks on GET and acts on POST."""

from abc import abstractmethod
from typing import Any

from django import forms
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.functional import Promise

from programs.admin.pages import PagesMixin
from programs.admin.typed import M
from programs.requests import UserRequest


class SteppingMixin(PagesMixin[M]):
    """The model's admin says in ``step_view`` which steps there are, and shows :meth:`step_page`."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.step_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_step"
        return [path("<int:object_id>/schritt/<slug:step>/", view, name=name), *super().get_urls()]

    @abstractmethod
    def step_view(self, request: UserRequest, object_id: int, step: str) -> HttpResponse:
        """The page behind the button ``step``; 404 for a step that the record does not have."""

    def step_page(
        self,
        request: HttpRequest,
        record: models.Model,
        form: forms.Form,
        label: str | Promise,
        **more: Any,
    ) -> HttpResponse:
        """The question, with a button called ``label``; ``text`` stands above it, ``danger`` makes it red."""
        shown: dict[str, Any] = {"subtitle": record, "original": record, "form": form} | more
        return self.page(request, "admin/volunteers/tandems/step.html", str(label), **shown)
