"""A model field for web addresses."""

from typing import Any

from django import forms
from django.db import models


class WebAddressField(models.URLField):  # type: ignore[type-arg]  # takes no brackets at runtime
    """A URL. Forms add https:// if the user types no scheme."""

    def formfield(self, **kwargs: Any) -> Any:
        if self.choices is None:
            kwargs.setdefault("form_class", forms.URLField)
            kwargs.setdefault("assume_scheme", "https")
        return super().formfield(**kwargs)
