"""Checkboxes for records of a short list, such as the fields of an entry."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef

Choices = list[tuple[Any, str]]


def read(fields: Mapping[str, forms.Field], record: Any) -> dict[str, Choices]:
    """Name of each field with such checkboxes → its choices; ``record`` knows then which of them it has.

    One query a field. Django asks for the choices and for those of the record.
    """
    if record is None or record.pk is None:
        return {}
    return {
        name: _read(name, field, record)
        for name, field in fields.items()
        if isinstance(field, forms.ModelMultipleChoiceField)
        and isinstance(field.widget, forms.CheckboxSelectMultiple)
    }


def _read(name: str, field: Any, record: Any) -> Choices:
    own = getattr(record, name).all()
    is_own = Exists(own.filter(pk=OuterRef("pk")).order_by())
    rows: list[Any] = list(field.queryset.annotate(is_own=is_own))
    own._result_cache = [one for one in rows if one.is_own]  # as Django's prefetching keeps it
    known: dict[str, Any] = vars(record).setdefault("_prefetched_objects_cache", {})
    known[name] = own
    return [(one.pk, str(one)) for one in rows]
