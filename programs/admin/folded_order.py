"""Lists that sort columns of text as people look for them, not by the numbers of the characters."""

from typing import Any

from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.http import HttpRequest

from programs.models.entries import Fold

from .typed import AdminMixin, M


class FoldedList(ChangeList):
    """„Öztürk“ stands at „O“, „ʿAlī“ at „A“."""

    def get_ordering_field(self, field_name: Any) -> Any:
        found = super().get_ordering_field(field_name)
        if not isinstance(found, str):
            return found
        field = self._field(found.lstrip("-"))
        is_text = isinstance(field, (models.CharField, models.TextField)) and not field.choices
        return Fold(found) if is_text else found

    def _field(self, name: str) -> Any:
        """The field of a column; for one that the list computes, what kind of value it has."""
        if (computed := self.root_queryset.query.annotations.get(name)) is not None:
            return computed.output_field
        try:
            return get_fields_from_path(self.model, name)[-1]
        except FieldDoesNotExist:
            return None


class FoldedOrderMixin(AdminMixin[M]):
    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return FoldedList
