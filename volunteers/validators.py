"""Validators for text that strangers type."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Control characters that set the direction of what follows."""
_CLOSED_BY = {"\u202a": "\u202c", "\u202b": "\u202c"} | dict.fromkeys(
    "\u2066\u2067\u2068", "\u2069"
)
"""Those that phones and messengers put around what one copies. Closed in their line they do no harm; nobody
sees them who is asked to take them out. Overrides (U+202D, U+202E) turn letters around: they are not among them."""


def _has_control(value: str, *, allowed: str = "") -> bool:
    return _leaks_direction(value) or any(
        unicodedata.category(char) in {"Cc", "Cs"} and char not in allowed for char in value
    )


def _leaks_direction(value: str) -> bool:
    """Whether a control character of direction reaches over the end of its line, or turns letters around."""
    awaited: list[str] = []
    for char in value:
        if closing := _CLOSED_BY.get(char):
            awaited.append(closing)
        elif (char in "\r\n" and awaited) or (
            char in BIDI_CONTROLS and (not awaited or char != awaited.pop())
        ):
            return True
    return bool(awaited)


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
