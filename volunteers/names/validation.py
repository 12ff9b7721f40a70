"""The sentences for names that cannot be taken; each names the character."""

import unicodedata
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ..validators import BIDI_CONTROLS
from .repertoire import is_latin, refused

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

UNSEEN = _("Hier stehen unsichtbare Steuerzeichen (%(shown)s). Bitte tippen Sie den Namen neu ein.")
DIGIT = _("In einem Namen steht keine Ziffer: „%(shown)s“. Bitte schreiben Sie nur den Namen.")
LETTER = _(
    "Den Buchstaben „%(shown)s“ gibt es in Ausweisen nicht (DIN 91379). Bitte schreiben Sie den "
    "Namen so, wie er in einem Ausweis steht."
)
OTHER = _(
    "In einem Namen steht kein „%(shown)s“. Bitte schreiben Sie den Namen ohne dieses Zeichen."
)


def validate_name(value: str) -> None:
    """Refuse what DIN 91379 has no place for in names; letters of other scripts are allowed."""
    if found := refused(value):
        message, code = _sentence(found)
        raise ValidationError(message, code=code, params={"shown": shown(found)})


def shown(text: str) -> str:
    """The character, or its number if one cannot see it."""
    if text.isprintable() and not text.isspace():
        return text
    return " ".join(f"U+{ord(char):04X}" for char in text)


def _sentence(found: str) -> "tuple[_StrPromise, str]":
    category = unicodedata.category(found[0])
    if category in {"Cc", "Cs"} or found[0] in BIDI_CONTROLS:
        return UNSEEN, "control_characters"
    if category == "Nd":
        return DIGIT, "digit"
    if category[0] in "LM" and is_latin(found[0]):
        return LETTER, "letter"
    return OTHER, "character"
