"""What a person changes of their answers while a coordinator may correct the same record."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from programs.meanwhile import MeanwhileMixin


class RevisedMixin(MeanwhileMixin):
    """In front of a form whose ``initial`` are the answers of the record now."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.watch()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        self.settle()
        return data

    def choice_of(self, field: forms.BoundField) -> str:
        """A sentence, because the summary of errors is made of links."""
        return _(" Soll der andere gelten, geben Sie ihn bitte ein.")
