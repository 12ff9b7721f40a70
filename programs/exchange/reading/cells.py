"""Cells as they were read, and cells whose value the spreadsheet has lost."""

import datetime
import re
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.utils.translation import gettext as _

from ..cells import as_typed, tidy_lines

EXACT = 15
"""Digits that a spreadsheet keeps of a number."""
NOT_A_VALUE = re.compile(
    r"#(?:NV|N/?A|BEZUG!|REF!|WERT!|VALUE!|NAME\?|DIV/0!|ZAHL!|NUM!|NULL!|ÜBERLAUF!|SPILL!|KALK!|CALC!)"
    r"|Err:\d{3}",
    re.IGNORECASE,
)
_NOT_STORED = re.compile("[\x00\ud800-\udfff]")
"""Characters that no database takes."""


class Lost:
    """Why a cell has no value: keys that are stored, and their sentences."""

    FORMULA = "formula"
    ERROR = "error"
    DIGITS = "digits"
    DATE = "date"

    @staticmethod
    def sentence(why: str) -> str:
        sentences = {
            Lost.FORMULA: _(
                "Hier steht eine Formel ohne Ergebnis. Bitte öffnen und speichern Sie die Datei in "
                "Excel oder LibreOffice, oder schreiben Sie den Wert selbst."
            ),
            Lost.ERROR: _(
                "Die Tabelle zeigt hier einen Fehler, keinen Wert. Bitte schreiben Sie den Wert selbst."
            ),
            Lost.DIGITS: _(
                "Das Tabellenprogramm hat hier Ziffern verloren. Bitte formatieren Sie die Spalte als "
                "Text und schreiben Sie die Nummer neu, wie 0711 123456."
            ),
            Lost.DATE: _("Das ist kein Datum, das es gibt. Schreiben Sie es wie 01.03.2018."),
        }
        return sentences[why]


@dataclass(frozen=True)
class BadCell:
    """A cell whose value is lost. ``shown`` is what the spreadsheet shows; ``why`` one of ``Lost``."""

    shown: str
    why: str

    def __str__(self) -> str:
        return self.shown

    @property
    def sentence(self) -> str:
        return Lost.sentence(self.why)


Cell: TypeAlias = (
    str | int | float | bool | datetime.datetime | datetime.date | datetime.time | BadCell
)
Cells: TypeAlias = list[Cell]


def number(text: str) -> Cell:
    """A number of a spreadsheet. One with more digits than it keeps is lost."""
    value = float(text)
    if value.is_integer():
        return BadCell(text, Lost.DIGITS) if abs(value) >= 10**EXACT else int(value)
    return value


def cleaned(cell: Any) -> Cell:
    """A cell as its reader gives it, without what nobody sees; an error of the spreadsheet is a bad cell."""
    if cell is None:
        return ""
    if not isinstance(cell, str):
        return cell  # type: ignore[no-any-return]  # the readers give nothing else
    text = tidy_lines(as_typed(_NOT_STORED.sub("", cell)))
    return BadCell(text, Lost.ERROR) if NOT_A_VALUE.fullmatch(text) else text
