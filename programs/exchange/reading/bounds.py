"""How much of a file is read at most. Whoever reads counts, so that nothing larger is ever built."""

import io
import zipfile
from collections.abc import Iterator
from typing import IO, Any

from defusedxml.ElementTree import iterparse
from django.utils.translation import gettext as _

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 64 * 1024 * 1024
"""Bytes that are unpacked of all parts of a file together."""
MAX_SILENT = 1024 * 1024
"""Unpacked bytes without an element: the parser looks again and again at what it does not understand yet."""
MAX_ROWS = 2000
"""Filled rows below the headings."""
HEAD_ROWS = 30
"""Filled rows above the headings, and the headings themselves."""
MAX_COLUMNS = 100
MAX_CELLS_IN_A_ROW = 16_384
"""Cells of one row, empty ones included; a spreadsheet has no more columns."""
MAX_CELLS = 500_000
"""Cells of a sheet, empty ones included, that are looked at."""
EMPTY_ROWS_AT_END = 200
"""A sheet that becomes too large after so many empty rows ends there: Excel often stores a million of them."""
MAX_SHEETS = 100
CHUNK = 64 * 1024


class FileProblem(Exception):
    """The file as a whole cannot be read; ``str()`` is the sentence for the person."""


class TooMuch(FileProblem):
    """A bound is reached while reading."""


def too_many_rows() -> TooMuch:
    text = _("Die Liste hat mehr als %(count)d Zeilen. Bitte teilen Sie sie auf.")
    return TooMuch(text % {"count": MAX_ROWS})


def too_many_columns(row: int) -> TooMuch:
    text = _(
        "Zeile %(row)d hat mehr als %(count)d Spalten. Bitte löschen Sie, was nicht zur Liste gehört."
    )
    return TooMuch(text % {"row": row, "count": MAX_COLUMNS})


class Packed:
    """A ZIP archive. Its parts are unpacked while they are read, ``MAX_UNPACKED`` bytes in all.

    What the archive says about the sizes of its parts is not believed.
    """

    def __init__(self, data: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except zipfile.BadZipFile as error:
            text = _("Die Datei ist unvollständig. Bitte laden Sie sie noch einmal hoch.")
            raise FileProblem(text) from error
        self.names = frozenset(self._archive.namelist())
        self._left = MAX_UNPACKED
        self._silent = 0

    def open(self, name: str) -> "Part":
        return Part(self._archive.open(name), self)

    def count(self, unpacked: int) -> None:
        self._left -= unpacked
        self._silent += unpacked
        if self._left < 0 or self._silent > MAX_SILENT:
            raise TooMuch(_("Die Datei ist ausgepackt zu groß. Bitte teilen Sie die Liste."))

    def elements(self, name: str) -> Iterator[tuple[str, Any]]:
        """Start and end of every XML element of a part, in the order of the file.

        The caller clears what it has seen. A part that is not there has no elements.
        """
        if name in self.names:
            with self.open(name) as part:
                self._silent = 0
                for event in iterparse(part, events=("start", "end")):
                    self._silent = 0
                    yield event


class Part(io.RawIOBase):
    """One part of an archive, read in small pieces that are counted."""

    def __init__(self, file: IO[bytes], packed: Packed) -> None:
        self._file = file
        self._packed = packed

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> bytes:
        wanted = CHUNK if size is None or not 0 < size < CHUNK else size
        data = self._file.read(wanted)
        self._packed.count(len(data))
        return data

    def close(self) -> None:
        self._file.close()
        super().close()


def plain(tag: str) -> str:
    """The name of an XML element without its namespace, of which Excel has two."""
    return tag.rpartition("}")[2]
