"""The field for the number of a person who wants to be called."""

import unicodedata
from typing import Any

from django import forms

from programs.phones import validate_callable

LIKE = {**dict.fromkeys("‐‑‒–—−", "-"), "\u00a0": " ", "\u202f": " "}
"""Dashes and spaces that phones and word processors put in place of the plain ones."""


class PhoneField(forms.CharField):
    """Takes digits of every script: many keyboards type „٠٧١١“."""

    default_validators = [validate_callable]

    def to_python(self, value: Any) -> str:
        return "".join(map(_plain, super().to_python(value) or ""))


def _plain(char: str) -> str:
    digit = unicodedata.decimal(char, None)
    return LIKE.get(char, char) if digit is None else str(digit)
