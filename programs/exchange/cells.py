"""Single cells: values as text, and text that no spreadsheet takes for a formula."""

import datetime
import re
import unicodedata
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

RUNS = "=+-@＝＋－＠"
"""First characters of a formula. Spreadsheets with East Asian settings also accept the wide forms."""
UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
"""Zero-width characters that can precede the first visible character."""
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SPACES = re.compile(r"[\s\u200b\u200c\u200d\u2060\ufeff]+")


def is_dangerous(text: str) -> bool:
    """Whether a spreadsheet could take ``text`` for a formula, judged by its first visible character."""
    if text[:1] in {"\t", "\r", "\n"}:
        return True
    start = text
    while start and (start[0].isspace() or start[0] in UNSEEN):
        start = start[1:]
    return start[:1] != "" and start[0] in RUNS


def neutralised(text: str) -> str:
    """``text`` with an apostrophe in front if it looks like a formula: «'+49 711 …» stays readable.

    Text that already begins with such an apostrophe gets one more, so that :func:`as_typed` can
    restore every text.
    """
    return f"'{text}" if is_dangerous(text.lstrip("'")) else text


def as_typed(text: str) -> str:
    """The reverse of :func:`neutralised`, for exported lists that are imported again."""
    return text[1:] if text.startswith("'") and is_dangerous(text.lstrip("'")) else text


def printable(text: str) -> str:
    """``text`` without the control characters that XML (and so XLSX and ODS) does not allow."""
    return _NOT_IN_XML.sub("", text)


def local(value: datetime.datetime) -> datetime.datetime:
    """The time in Europe/Berlin without a time zone, because spreadsheets have none."""
    return timezone.make_naive(value) if timezone.is_aware(value) else value


def exported(value: Any) -> Any:
    """``value`` as a cell of an export: numbers and dates as they are, everything else as safe text."""
    if isinstance(value, str):
        if value[:1].isalnum() and value.isprintable():  # fast path for nearly every cell
            return value
        return neutralised(printable(value))
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("ja") if value else _("nein")
    if isinstance(value, datetime.datetime):
        return local(value)
    if isinstance(value, (int, float, datetime.date, datetime.time)):
        return value
    return neutralised(printable(str(value)))


def as_text(value: Any) -> str:
    """An exported or imported value as people here write it: 01.03.2018, 17:30, 2,5."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("ja") if value else _("nein")
    if isinstance(value, datetime.datetime):
        return local(value).strftime("%d.%m.%Y %H:%M")
    if isinstance(value, datetime.date):
        return value.strftime("%d.%m.%Y")
    if isinstance(value, datetime.time):
        return value.strftime("%H:%M")
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value).replace(".", ",")
    return str(value)


def tidy(text: str) -> str:
    """One line with normal spaces: none at the ends, single ones inside; characters in Unicode form NFC.

    Excel on a Mac writes «ü» as two characters; text copied from web pages has non-breaking spaces.
    """
    return unicodedata.normalize("NFC", _SPACES.sub(" ", text).strip())


def tidy_lines(text: str) -> str:
    """Like :func:`tidy`, but keeps line breaks."""
    return "\n".join(tidy(line) for line in text.strip().splitlines())


def key(text: str) -> str:
    """Key for comparing headings and names: «E-Mail » equals «email», «Süd» equals «Sued»."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss")).casefold()
    letters = "".join(char for char in plain if char.isalnum())
    return re.sub("([aou])e", r"\1", letters)
