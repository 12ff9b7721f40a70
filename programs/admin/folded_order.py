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
        try:
            field = get_fields_from_path(self.model, found.lstrip("-"))[-1]
        except FieldDoesNotExist:  # a column that the list computes
            return found
        is_text = isinstance(field, models.CharField) and not field.choices
        return Fold(found) if is_text else found


class FoldedOrderMixin(AdminMixin[M]):
    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return FoldedList
