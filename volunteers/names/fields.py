"""Fields for names of persons, in models and in forms."""

import unicodedata
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models

from .repertoire import tidied
from .validation import validate_name


class NameFormField(forms.CharField):
    """Takes names by DIN 91379; copied ones lose characters that nobody sees."""

    default_validators = [validate_name]

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return tidied(text) if isinstance(text, str) else text


if TYPE_CHECKING:
    CharField = models.CharField[str, str]
else:
    CharField = models.CharField


class NameField(CharField):
    """A person's name. Stored in form NFC, however it is written and saved."""

    default_validators = [validate_name]

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return unicodedata.normalize("NFC", value) if isinstance(value, str) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.get_prep_value(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def formfield(self, **kwargs: Any) -> Any:
        if self.choices is None:
            kwargs.setdefault("form_class", NameFormField)
        return super().formfield(**kwargs)
