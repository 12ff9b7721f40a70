"""Single cells: values as text, and text that no spreadsheet takes for a formula."""

import datetime
import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

RUNS = "=+-@＝＋－＠"
"""First characters of a formula. Spreadsheets with East Asian settings also accept the wide forms."""
UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
"""Zero-width characters that can precede the first visible character."""
LONGEST = 32_767
"""Characters that a cell of an Excel sheet holds."""
_FORMULA = re.compile(rf"[\s{UNSEEN}]*[{re.escape(RUNS)}]")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n?")
_SPACES = re.compile(r"\s+")
_UNSEEN = re.compile("[\u200b\u2060\ufeff\u00ad]")
_JOINERS = re.compile("[\u200c\u200d]")


def is_dangerous(text: str) -> bool:
    """Whether a spreadsheet could take ``text`` for a formula, judged by its first visible character."""
    if text[:1] in {"\t", "\r", "\n"}:
        return True
    return _FORMULA.match(text) is not None


def neutralised(text: str) -> str:
    """``text`` for a CSV file, with an apostrophe in front if it looks like a formula: „'+49 711 …“.

    A CSV file cannot say that a cell is text. Text that already begins with such an apostrophe gets
    one more, so that :func:`as_typed` can restore every text.
    """
    return f"'{text}" if is_dangerous(text.lstrip("'")) else text


def in_text_cell(text: str) -> str:
    """``text`` for a cell whose type is text (XLSX, ODS): it never runs, so it needs no apostrophe.

    Only text that begins like a neutralised one gets one more, for :func:`as_typed`.
    """
    return f"'{text}" if text.startswith("'") and is_dangerous(text.lstrip("'")) else text


def shortened(text: str) -> str:
    """``text`` as far as it fits into a cell of Excel, which counts rare characters twice."""
    if len(text) <= LONGEST // 2:
        return text
    return text.encode("utf-16-le")[: 2 * LONGEST].decode("utf-16-le", errors="ignore")


def as_typed(text: str) -> str:
    """The reverse of :func:`neutralised` and :func:`in_text_cell`, for lists that are imported again."""
    return text[1:] if text.startswith("'") and is_dangerous(text.lstrip("'")) else text


def printable(text: str) -> str:
    """``text`` without the control characters that XML (and so XLSX and ODS) does not allow."""
    return _NOT_IN_XML.sub("", text)


def local(value: datetime.datetime) -> datetime.datetime:
    """The time in Europe/Berlin without a time zone, because spreadsheets have none."""
    return timezone.make_naive(value) if timezone.is_aware(value) else value


def exported(value: Any) -> Any:
    """``value`` as a cell of an export: numbers and dates as they are, everything else as text.

    A line break is one character, as spreadsheets have it. The writers keep the text from running.
    """
    if isinstance(value, str):
        if value.isprintable():  # nearly every cell
            return value
        return printable(_LINE_ENDS.sub("\n", value))
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("ja") if value else _("nein")
    if isinstance(value, datetime.datetime):
        return local(value)
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, (int, float, datetime.date, datetime.time)):
        return value
    return exported(str(value))


def says(cell: Any, value: Any) -> bool:
    """Whether the ``cell`` of an imported list says what an export of ``value`` would say there."""
    written = exported(value)
    if isinstance(cell, datetime.datetime) and type(written) is datetime.date:
        cell = cell.date()  # XLSX gives every day a time
    read = _as_read(cell)
    return read == _as_read(written) or read == _as_read(shortened(as_text(written)))


def _as_read(cell: Any) -> str:
    return tidy_lines(as_text(cell)).strip()


def as_text(value: Any) -> str:
    """An exported or imported value as people here write it: 01.03.2018, 17:30, 2,5."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("ja") if value else _("nein")
    if isinstance(value, datetime.datetime):
        value = local(value)
        return f"{_day_text(value.date())} {value.hour:02}:{value.minute:02}"
    if isinstance(value, datetime.date):
        return _day_text(value)
    if isinstance(value, datetime.time):
        return value.strftime("%H:%M")
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value).replace(".", ",")
    return str(value)


@lru_cache(maxsize=4096)
def _day_text(day: datetime.date) -> str:
    return f"{day.day:02}.{day.month:02}.{day.year:04}"


def without_unseen(text: str) -> str:
    """``text`` in Unicode form NFC, without characters that nobody sees and that mean nothing.

    Zero-width joiners and non-joiners stay where scripts and emoji need them, as in „علی‌رضا“.
    """
    before = None
    while text != before and not text.isascii():
        before, text = text, unicodedata.normalize("NFC", _UNSEEN.sub("", text))
        text = _JOINERS.sub(_joiner, text)
    return text


def _joiner(found: "re.Match[str]") -> str:
    before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    return found[0] if _takes_joiners(before) and _takes_joiners(after) else ""


def _takes_joiners(char: str) -> bool:
    """Letters of scripts without capitals, marks, emoji and their skin colours."""
    return char != "" and unicodedata.category(char) in {"Lo", "Mn", "Mc", "Me", "So", "Sk"}


def tidy(text: str) -> str:
    """One line with normal spaces: none at the ends, single ones inside; nothing that nobody sees.

    Excel on a Mac writes „ü“ as two characters; text copied from web pages has non-breaking spaces.
    """
    return _SPACES.sub(" ", without_unseen(text)).strip()


def tidy_lines(text: str) -> str:
    """Like :func:`tidy`, but keeps line breaks."""
    return "\n".join(tidy(line) for line in text.strip().splitlines())


def key(text: str) -> str:
    """Key for comparing headings and names: „E-Mail “ equals „email“, „Süd“ equals „Sued“."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss")).casefold()
    letters = "".join(char for char in plain if char.isalnum())
    return re.sub("([aou])e", r"\1", letters)
