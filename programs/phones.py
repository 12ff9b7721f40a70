"""Telephone numbers as people write them, and as a phone dials them."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

WRITTEN = re.compile(r"\+?[0-9 ()/.-]+")
FEWEST, MOST = 3, 15
"""Digits of a number: „115“ is one; no number in the world has more than 15 (ITU-T E.164)."""


def validate_phone(value: str) -> None:
    """Refuse what no phone can dial."""
    digits = sum(char.isdigit() for char in value)
    if not WRITTEN.fullmatch(value) or not FEWEST <= digits <= MOST:
        raise ValidationError(
            _("Bitte schreiben Sie die Telefonnummer nur mit Ziffern, zum Beispiel 0711 123456."),
            code="phone",
        )


def dialled(number: str) -> str:
    """The number for a ``tel:`` link, with the country where it is known (RFC 3966).

    Without an area code it stays as it is, such as „115“.
    """
    abroad = number.strip().startswith(("+", "00"))
    if abroad:
        number = number.replace("(0)", "")
    digits = "".join(char for char in number if char in "0123456789")
    if abroad:
        return f"+{digits.removeprefix('00')}"
    return f"+49{digits[1:]}" if digits.startswith("0") else digits
