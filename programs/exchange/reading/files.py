"""Chooses the reader by the content of a file."""

import logging
import re

from django.utils.translation import gettext as _

from .bounds import MAX_BYTES, FileProblem, Packed
from .ods import CONTENT, read_ods
from .separated import read_separated
from .table import Table
from .xlsx import WORKBOOK, read_xlsx

logger = logging.getLogger(__name__)

OTHER_KINDS = (
    b"%pdf",
    b"\x89png",
    b"\xff\xd8\xff",
    b"gif8",
    b"{\\rtf",
    b"<!doctype",
    b"<html",
    b"<?xml",
    b"\x1f\x8b",
    b"begin:vcalendar",
    b"begin:vcard",
)
JSON = re.compile(rb"[\[{]\s*[\[{\"]")
BOM = b"\xef\xbb\xbf"


def read_table(data: bytes, *, sheet: str = "", encoding: str = "") -> Table:
    """One sheet of a file. Raises :class:`FileProblem`.

    ``sheet`` and ``encoding`` are what a person has chosen; without them the reader finds out.
    """
    if not data:
        raise FileProblem(_("Die Datei ist leer."))
    if len(data) > MAX_BYTES:
        raise FileProblem(_("Die Datei ist größer als 5 MB. Bitte teilen Sie die Liste."))
    try:
        return _read(data, sheet, encoding)
    except FileProblem:
        raise
    except Exception as error:
        # Broken files raise anything. The message may quote the file, so only the kind is logged.
        logger.info("unreadable import file: %s", type(error).__name__)
        text = _(
            "Die Datei ist beschädigt oder verschlüsselt. Bitte öffnen und speichern Sie sie neu."
        )
        raise FileProblem(text) from error


def _read(data: bytes, sheet: str, encoding: str) -> Table:
    if data.startswith(b"PK\x03\x04"):
        return _read_packed(Packed(data), sheet)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        text = _(
            "Das ist das alte Excel-Format (.xls) oder eine Datei mit Kennwort. "
            "Bitte in Excel mit „Speichern unter“ als .xlsx ohne Kennwort speichern."
        )
        raise FileProblem(text)
    is_utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    content = data.removeprefix(BOM).lstrip()
    is_other = content[:20].lower().startswith(OTHER_KINDS) or JSON.match(content)
    if is_other or (b"\x00" in data and not is_utf16):
        raise _not_a_table()
    return read_separated(data, encoding)


def _read_packed(packed: Packed, sheet: str) -> Table:
    if WORKBOOK in packed.names:
        return read_xlsx(packed, sheet)
    if CONTENT in packed.names:
        return read_ods(packed, sheet)
    if "xl/workbook.bin" in packed.names:
        text = _(
            "Das ist das Binärformat von Excel (.xlsb). Bitte speichern Sie die Datei als .xlsx."
        )
        raise FileProblem(text)
    if any(name.endswith(".iwa") for name in packed.names):
        text = _(
            "Das ist eine Datei von Apple Numbers. Bitte exportieren Sie sie als Excel (.xlsx)."
        )
        raise FileProblem(text)
    raise _not_a_table()


def _not_a_table() -> FileProblem:
    return FileProblem(
        _("Diese Datei ist keine Tabelle. Möglich sind Excel (.xlsx), LibreOffice (.ods) und CSV.")
    )
