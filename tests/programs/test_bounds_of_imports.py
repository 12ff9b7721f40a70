"""A file is read within bounds: nothing larger is built on the way, whatever the file says of itself."""

import io
import tracemalloc
import zipfile

import pytest

from programs.exchange.reading import bounds
from programs.exchange.reading.bounds import FileProblem
from programs.exchange.reading.files import read_table
from tests.programs.test_uploads import xlsx

MANY = 400_000
"""Cells or rows; as a tree of elements they would take a hundred megabytes."""
MOST = 64 * 1024 * 1024
"""Bytes that reading may hold at a time."""
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
NAMED = '<row r="1"><c t="inlineStr"><is><t>Name</t></is></c></row>'
ADA = '<row r="2"><c t="inlineStr"><is><t>Ada</t></is></c></row>'


def sheet(rows: str) -> bytes:
    part = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    return xlsx(**{"xl/worksheets/sheet1.xml": part})


def table(rows: str) -> bytes:
    return packed_ods(
        f'<d xmlns:table="{TABLE}" xmlns:text="{TEXT}"><table:table>{rows}</table:table></d>'
    )


def packed_ods(content: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("content.xml", content)
    return file.getvalue()


ODS_CELL = "<table:table-cell><text:p>1</text:p></table:table-cell>"
REPEATED_CELL = ODS_CELL.replace(">", ' table:number-columns-repeated="900000000">', 1)
HUGE = {
    "xlsx, a row of filled cells": lambda: sheet(f"<row>{'<c><v>1</v></c>' * MANY}</row>"),
    "xlsx, a row of empty cells": lambda: sheet(f"<row>{'<c/>' * MANY}</row>"),
    "xlsx, cells without rows": lambda: sheet("<c><v>1</v></c>" * MANY),
    "xlsx, rows": lambda: sheet("<row><c><v>1</v></c></row>" * MANY),
    "xlsx, empty rows of many cells": lambda: sheet(f"<row>{'<c/>' * 100}</row>" * (MANY // 50)),
    "xlsx, texts": lambda: xlsx(
        **{"xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{"<si/>" * 3 * MANY}</sst>'}
    ),
    "xlsx, one long word": lambda: sheet(f"<row><c><v>{'1' * 20_000_000}</v></c></row>"),
    "xlsx, one long comment": lambda: sheet(f"<!--{' ' * 20_000_000}-->"),
    "ods, a row of filled cells": lambda: table(
        f"<table:table-row>{ODS_CELL * MANY}</table:table-row>"
    ),
    "ods, a row of empty cells": lambda: table(
        f"<table:table-row>{'<table:table-cell/>' * MANY}</table:table-row>"
    ),
    "ods, a repeated cell": lambda: table(f"<table:table-row>{REPEATED_CELL}</table:table-row>"),
    "ods, a repeated row": lambda: table(
        f'<table:table-row table:number-rows-repeated="900000000">{ODS_CELL}</table:table-row>'
    ),
    "csv, a row of cells": lambda: b"Name\r\n" + b"a;" * MANY,
    "csv, a row of empty cells": lambda: b"Name\r\n" + b";" * 5_000_000,
    "csv, rows": lambda: b"a;b\r\n" * MANY,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HUGE)
def test_huge_files_are_refused_before_anything_huge_is_built(name):
    data = HUGE[name]()
    assert len(data) <= bounds.MAX_BYTES
    tracemalloc.start()
    try:
        with pytest.raises(FileProblem) as refused:
            read_table(data)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert str(refused.value).endswith(".")
    assert peak - len(data) < MOST


@pytest.mark.slow
def test_million_formatted_empty_rows_at_the_end_do_no_harm():
    """Excel stores them; a list that ends before them is read."""
    data = sheet(NAMED + ADA + "".join(f'<row r="{n}"><c/></row>' for n in range(3, 300_000)))
    assert read_table(data).rows == [(1, ["Name"]), (2, ["Ada"])]


def test_row_after_a_gap_is_not_lost():
    late = ADA.replace('r="2"', 'r="900000"')
    assert read_table(sheet(NAMED + late)).rows[-1] == (900_000, ["Ada"])


def test_more_columns_than_are_read_are_refused_not_cut_off():
    wide = ";".join(["a"] * (bounds.MAX_COLUMNS + 1)).encode()
    with pytest.raises(FileProblem, match="mehr als 100 Spalten"):
        read_table(b"Name\r\n" + wide)
    assert len(read_table(b"Name\r\n" + wide.removesuffix(b";a")).rows) == 2


def test_parts_that_are_not_needed_are_not_unpacked():
    data = xlsx()
    changed = io.BytesIO(data)
    with zipfile.ZipFile(changed, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/picture.bmp", b"0" * (bounds.MAX_UNPACKED + 1))
    assert read_table(changed.getvalue()).rows[1] == (2, ["Amira", "amira@example.org"])


def test_quote_that_never_ends_is_refused_with_its_row():
    data = b'Name;E-Mail\r\nAda;a@example.org\r\n"Ben;b@example.org\r\nCem;c@example.org\r\n'
    with pytest.raises(FileProblem, match="Zeile 3: Ein Anführungszeichen"):
        read_table(data)
