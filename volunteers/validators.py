"""Validators for text that strangers type."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Control characters that change the direction of the text after them; no language needs them here."""


def _has_control(value: str, *, allowed: str = "") -> bool:
    return any(
        char in BIDI_CONTROLS
        or (unicodedata.category(char) in {"Cc", "Cs"} and char not in allowed)
        for char in value
    )


def validate_single_line(value: str) -> None:
    """Refuse control characters, line breaks included; all scripts and emoji are allowed."""
    if _has_control(value):
        raise ValidationError(
            _("Hier stehen unsichtbare Steuerzeichen. Bitte tippen Sie den Text neu ein."),
            code="control_characters",
        )


def validate_text(value: str) -> None:
    """Refuse control characters other than line breaks and tabs."""
    if _has_control(value, allowed="\r\n\t"):
        raise ValidationError(
            _("Hier stehen unsichtbare Steuerzeichen. Bitte tippen Sie den Text neu ein."),
            code="control_characters",
        )
