"""Telephone numbers as people write them, and as a phone dials them."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

WRITTEN = re.compile(r"\+?[0-9 ()/.-]+")
FEWEST, MOST = 3, 15
"""Digits of a number: „115“ is one; no number in the world has more than 15 (ITU-T E.164)."""
GERMANY = "+49"
MOBILE = re.compile(r"1[567]")
GERMAN = (7, 13)
"""Digits after the country: at least an area code of three and a number of four, „0711 2160“."""
GERMAN_MOBILE = (10, 11)
ABROAD = (7, MOST)
"""Digits with the country."""


def validate_phone(value: str) -> None:
    """Refuse what no phone can dial."""
    digits = sum(char.isdigit() for char in value)
    if not WRITTEN.fullmatch(value) or not FEWEST <= digits <= MOST:
        raise ValidationError(
            _("Bitte schreiben Sie die Telefonnummer nur mit Ziffern, zum Beispiel 0711 123456."),
            code="phone",
        )


def validate_callable(value: str) -> None:
    """Refuse a number that reaches nobody from here, because its beginning or its end is missing.

    For a number that is typed by the person to be called; „115“ is none. Counts digits and knows nothing of
    area codes. The library phonenumbers does, but takes a number of three digits in any of them.
    """
    validate_phone(value)
    number = dialled(value)
    if not number.startswith("+"):
        raise ValidationError(
            _("Bitte schreiben Sie die Vorwahl dazu, zum Beispiel 0711 123456."), code="area_code"
        )
    fewest, most = _lengths(number)
    digits = len(number.removeprefix(GERMANY).removeprefix("+"))
    if digits < fewest:
        raise ValidationError(
            _("Diese Nummer ist zu kurz, am Ende fehlt wohl etwas. Ein Beispiel: 0711 123456."),
            code="too_short",
        )
    if digits > most:
        raise ValidationError(
            _("Diese Nummer ist zu lang. Bitte prüfen Sie, ob eine Ziffer doppelt ist."),
            code="too_long",
        )


def _lengths(number: str) -> tuple[int, int]:
    """The fewest and the most digits of a number that begins with ``+``."""
    if not number.startswith(GERMANY):
        return ABROAD
    return GERMAN_MOBILE if MOBILE.match(number.removeprefix(GERMANY)) else GERMAN


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
