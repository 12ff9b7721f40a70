"""Forms of the administration, and checkboxes for array columns."""

from typing import Any, cast

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from programs.meanwhile import MeanwhileMixin
from programs.widgets import OneLine

from . import short_lists
from .searched import Named
from .typed import M, ModelForm


class ScopedModelForm(MeanwhileMixin, ModelForm[M]):
    """Keeps what others have changed meanwhile (``programs/meanwhile.py``).

    Adds the record's current values to the choices, even if the user could not choose them.

    Example: a coordinator's programme belongs to a department that is not visible to the coordinator.
    The department may stay, but it can be replaced only by a visible one.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        short = short_lists.read(self.base_fields, kwargs.get("instance"))
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            return
        self.watch()
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
                field.queryset = self._with_current(name, field.queryset)
                if name in short:
                    field.choices = short[name]
                elif isinstance(field.widget, Named):
                    field.widget.known = self._known(name)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        self.settle()
        return data

    def present(self, name: str) -> Any:
        if name not in self.initial:  # no column of the record
            return self.cleaned_data[name]
        value = getattr(self.instance, name)
        return list(value.all()) if isinstance(value, models.Manager) else value

    def _known(self, name: str) -> list[models.Model]:
        """What the record has in the field ``name``."""
        value = self.initial.get(name)
        if isinstance(value, list):
            return value
        current = getattr(self.instance, name, None)
        return [current] if current is not None and current.pk == value else []

    def _with_current(self, name: str, offered: "models.QuerySet[Any]") -> "models.QuerySet[Any]":
        model_field = self.instance._meta.get_field(name)
        if model_field.many_to_many:
            current = Q(pk__in=getattr(self.instance, name).values("pk"))
        else:
            current = Q(
                pk=getattr(self.instance, cast("models.Field[Any, Any]", model_field).attname)
            )
        kept: models.QuerySet[Any] = offered.model._default_manager.filter(
            Q(pk__in=offered.values("pk")) | current
        )
        return kept


class OnlyChangedForm(ScopedModelForm[M]):
    """Saves only the columns that the user has changed on the page, whatever happens at this moment."""

    def full_clean(self) -> None:
        """Check all constraints: Django leaves out those with a column that is not on the page."""
        super().full_clean()
        if self.is_bound and not self.errors:
            try:
                self.instance.validate_constraints()
            except ValidationError as error:
                self.add_error(None, ValidationError(error.messages))

    def columns(self) -> list[str]:
        """The columns to save: the changed ones, and those with ``auto_now``."""
        fields = self.instance._meta.concrete_fields
        times = {field.name for field in fields if getattr(field, "auto_now", False)}
        return [field.name for field in fields if field.name in times | {*self.changed_data}]

    def save(self, commit: bool = True) -> M:
        """Leave out unchanged many-to-many fields, here and in ``save_m2m``."""
        kept = {f.name for f in self.instance._meta.many_to_many} - set(self.changed_data)
        self.cleaned_data = {k: v for k, v in self.cleaned_data.items() if k not in kept}
        return super().save(commit)


LONG = 300
"""Texts that may be as long as this are typed into several lines, where they can be read in full."""


class LongLine(OneLine):
    """The same with the look of the administration."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "vLargeTextField long-line", **(attrs or {})})


def is_long_line(db_field: Any) -> bool:
    return (
        isinstance(db_field, models.CharField)
        and not isinstance(db_field, models.URLField | models.EmailField)
        and not db_field.choices
        and (db_field.max_length or 0) >= LONG
    )


class ArrayChoiceField(forms.TypedMultipleChoiceField):
    """Checkboxes for an array column with choices, such as languages or weekdays."""

    widget = forms.CheckboxSelectMultiple

    def prepare_value(self, value: Any) -> Any:
        return [str(item) for item in value] if isinstance(value, (list, tuple)) else value


def array_formfield(db_field: "ArrayField[Any, Any]") -> ArrayChoiceField:
    base = db_field.base_field
    return ArrayChoiceField(
        label=db_field.verbose_name,
        choices=[(str(value), label) for value, label in base.choices or ()],
        coerce=base.to_python,
        required=not db_field.blank,
        help_text=db_field.help_text,
    )
