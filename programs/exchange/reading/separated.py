"""CSV: which letters the bytes are, what separates the cells, where quotes end."""

import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _

from .bounds import MAX_CELLS_IN_A_ROW, FileProblem, too_many_columns
from .table import Table, filled

SEPARATORS = ";,\t|"
LOOKED_AT = 50
BEGINNING = 256 * 1024
"""Rows and letters by which the separator is told."""
OLD = {"cp1252": "Windows", "cp850": "MS-DOS", "mac_roman": "Macintosh"}
"""The old encodings of German files; the first one wins a tie, because Excel writes it on Windows."""
LETTERS = frozenset("äöüÄÖÜß")
MARKS = frozenset("„“”‚‘’–—…€§°·«»´•²³½")
"""Signs that people do type."""
_VALID_UTF8 = re.compile(rb"[\xc3-\xf4][\x80-\xbf]+")

csv.field_size_limit(1024 * 1024)


def read_separated(data: bytes, encoding: str = "") -> Table:
    """``encoding`` is one of ``OLD`` that a person has chosen; otherwise it is told from the bytes."""
    text, encoding = decoded(data, encoding)
    first, line_end, rest = text.partition("\n" if "\n" in text else "\r")
    if line_end and first.strip().lower().startswith("sep="):  # Excel's own hint
        separator, text = first.strip()[4:5] or ";", rest
    else:
        separator = separator_of(text)
    _check_quotes(text, separator)
    rows = csv.reader(_lines(text, separator), delimiter=separator)
    return Table(filled(enumerate(rows, 1)), encoding=encoding)


def decoded(data: bytes, encoding: str = "") -> tuple[str, str]:
    """The text, and the name of its encoding. Raises :class:`FileProblem` for a damaged file."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace"), "UTF-16"
    try:
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError as error:
        if _VALID_UTF8.search(data) and _is_mostly_utf8(data):
            raise _damaged(data, error.start) from error
    name = encoding if encoding in OLD else max(OLD, key=lambda one: _likeness(data, one))
    return data.decode(name, errors="replace"), OLD[name]


def _is_mostly_utf8(data: bytes) -> bool:
    """Whether bytes that are UTF-8 outnumber those that are not: the file was UTF-8 once."""
    text = data.decode("utf-8", errors="replace")
    right = sum(ord(char) > 127 and char != "\ufffd" for char in text)
    return right >= text.count("\ufffd")


def _damaged(data: bytes, at: int) -> FileProblem:
    lines = data[:at].replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n")
    around = re.split(rb"[\r\n;,\t]", data[:at])[-1], re.split(rb"[\r\n;,\t]", data[at:])[0]
    shown = b"".join(around).decode("utf-8", errors="replace").replace("\ufffd", "?")[:60]
    text = _(
        "Zeile %(row)d: In „%(text)s“ ist ein Zeichen beschädigt. Bitte verbessern Sie es und "
        "speichern Sie die Liste als „CSV UTF-8“ oder als .xlsx."
    )
    return FileProblem(text % {"row": lines + 1, "text": shown})


def _likeness(data: bytes, encoding: str) -> float:
    """How much ``data`` read as ``encoding`` looks like German; detectors made for long texts fail here."""
    text = data.decode(encoding, errors="replace")
    score = 0.0
    for before, char in itertools.pairwise(f" {text}"):
        if ord(char) < 128:
            continue
        if char in LETTERS:
            score += 3 if before.isupper() or char.islower() or not before.isalpha() else 0
        elif char in MARKS:
            score += 0.5 if not before.isalpha() else -1
        elif char.isalpha():
            score += 1 if char.islower() or not before.isalpha() else -2
        else:
            score -= 3
    return score


def separator_of(text: str) -> str:
    """The separator by which most rows have the same number of cells."""
    return max(SEPARATORS, key=lambda one: _regularity(text, one))


def _regularity(text: str, separator: str) -> tuple[float, int]:
    """The share of rows with the most usual width, and that width."""
    reader = csv.reader(io.StringIO(text[:BEGINNING], newline=""), delimiter=separator)
    try:
        widths = Counter(len(row) for row in itertools.islice(reader, LOOKED_AT) if any(row))
    except csv.Error:
        return 0, 0
    rows, width = max(((n, width) for width, n in widths.items() if width > 1), default=(0, 0))
    return rows / max(widths.total(), 1), width


def _lines(text: str, separator: str) -> Iterator[str]:
    for number, line in enumerate(io.StringIO(text, newline=""), 1):
        if line.count(separator) > MAX_CELLS_IN_A_ROW:
            raise too_many_columns(number)
        yield line


def _check_quotes(text: str, separator: str) -> None:
    """Refuse a quote that never ends: all rows after it would become one cell."""
    reader = csv.reader(_lines(text, separator), delimiter=separator, strict=True)
    row = 0
    try:
        for _cells in reader:
            row += 1
    except csv.Error as error:
        if "unexpected end" in str(error):
            text = _('Zeile %(row)d: Ein Anführungszeichen (") beginnt und endet nicht.')
            raise FileProblem(text % {"row": row + 1}) from error
