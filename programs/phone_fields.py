"""Fields for telephone numbers, in models and in forms."""

import unicodedata
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models

from .phones import validate_phone

LIKE = {**dict.fromkeys("‐‑‒–—−", "-"), "\u00a0": " ", "\u202f": " "}
"""Dashes and spaces that phones and word processors put in place of the plain ones."""


class PhoneFormField(forms.CharField):
    """Takes digits of every script: many keyboards type „٠٧١١“.

    A number copied from the contacts of a phone loses the marks of direction around it: nobody sees them.
    """

    default_validators = [validate_phone]

    def to_python(self, value: Any) -> str:
        return "".join(map(_plain, super().to_python(value) or "")).strip()


def _plain(char: str) -> str:
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    return "" if unicodedata.category(char) == "Cf" else LIKE.get(char, char)


if TYPE_CHECKING:
    CharField = models.CharField[str, str]
else:
    CharField = models.CharField


class PhoneField(CharField):
    """A number as it is written; give it :func:`validate_phone`."""

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": PhoneFormField, **kwargs})

    def deconstruct(self) -> Any:
        """For migrations it is a column of text."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
