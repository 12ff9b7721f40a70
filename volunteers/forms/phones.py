"""The field for the number of a person who wants to be called."""

import unicodedata
from typing import Any

from django import forms

from programs.phones import validate_callable

from ..validators import BIDI_CONTROLS

LIKE = {
    **dict.fromkeys("‐‑‒–—−", "-"),
    **dict.fromkeys("\u00a0\u202f", " "),
    **dict.fromkeys({*BIDI_CONTROLS, "\u200e", "\u200f", "\u061c"}, ""),
}
"""Dashes and spaces that phones and word processors put in place of the plain ones, and the marks of
direction that come along with a number copied from the contacts of a phone: nobody sees them."""


class PhoneField(forms.CharField):
    """Takes digits of every script: many keyboards type „٠٧١١“."""

    default_validators = [validate_callable]

    def to_python(self, value: Any) -> str:
        return "".join(map(_plain, super().to_python(value) or "")).strip()


def _plain(char: str) -> str:
    digit = unicodedata.decimal(char, None)
    return LIKE.get(char, char) if digit is None else str(digit)
