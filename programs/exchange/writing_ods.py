"""Rows → ODS, as a person expects it in LibreOffice: filter, fixed headings, text that stays text.

odfpy holds the whole list in memory, and needs minutes for 10,000 people. So this module writes the
little XML that a sheet needs.
"""

import datetime
import zipfile
from collections.abc import Iterable
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr

from openpyxl.utils import get_column_letter

from .cells import as_text, in_text_cell
from .sheets import SHEET_NAME, Row, measured

ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
CHARACTER = 0.2
"""Width of a character in centimetres."""
_URN = "urn:oasis:names:tc:opendocument:xmlns"
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_MANIFEST = f"""{_XML}<manifest:manifest xmlns:manifest="{_URN}:manifest:1.0" manifest:version="1.2">
<manifest:file-entry manifest:full-path="/" manifest:version="1.2" manifest:media-type="{ODS_TYPE}"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
<manifest:file-entry manifest:full-path="settings.xml" manifest:media-type="text/xml"/>
</manifest:manifest>"""
_ITEM = '<config:config-item config:name="{}" config:type="{}">{}</config:config-item>'
_FIXED = "".join(
    _ITEM.format(name, kind, value)
    for name, kind, value in (
        ("HorizontalSplitMode", "short", 0),
        ("VerticalSplitMode", "short", 2),  # 2: fixed
        ("HorizontalSplitPosition", "int", 0),
        ("VerticalSplitPosition", "int", 1),
        ("ActiveSplitRange", "short", 2),
        ("PositionLeft", "int", 0),
        ("PositionRight", "int", 0),
        ("PositionTop", "int", 0),
        ("PositionBottom", "int", 1),
    )
)
_SETTINGS = f"""{_XML}<office:document-settings xmlns:office="{_URN}:office:1.0"
 xmlns:config="{_URN}:config:1.0" xmlns:ooo="http://openoffice.org/2004/office" office:version="1.2"><office:settings>
<config:config-item-set config:name="ooo:view-settings"><config:config-item-map-indexed config:name="Views">
<config:config-item-map-entry>{_ITEM.format("ViewId", "string", "view1")}
<config:config-item-map-named config:name="Tables"><config:config-item-map-entry config:name={quoteattr(SHEET_NAME)}>
{_FIXED}</config:config-item-map-entry></config:config-item-map-named>
{_ITEM.format("ActiveTable", "string", SHEET_NAME)}</config:config-item-map-entry>
</config:config-item-map-indexed></config:config-item-set></office:settings></office:document-settings>"""
_NAMES = "".join(
    f' xmlns:{name}="{_URN}:{of}:1.0"'
    for name, of in (
        ("office", "office"),
        ("style", "style"),
        ("text", "text"),
        ("table", "table"),
        ("fo", "xsl-fo-compatible"),
        ("number", "datastyle"),
    )
)
_HEAD = f"""{_XML}<office:document-content{_NAMES} office:version="1.2">
<office:automatic-styles>
<number:date-style style:name="day"><number:day number:style="long"/><number:text>.</number:text>
<number:month number:style="long"/><number:text>.</number:text><number:year number:style="long"/></number:date-style>
<number:date-style style:name="time"><number:day number:style="long"/><number:text>.</number:text>
<number:month number:style="long"/><number:text>.</number:text><number:year number:style="long"/>
<number:text> </number:text><number:hours number:style="long"/><number:text>:</number:text>
<number:minutes number:style="long"/></number:date-style>
<number:text-style style:name="text"><number:text-content/></number:text-style>
<style:style style:name="day-cell" style:family="table-cell" style:data-style-name="day"/>
<style:style style:name="time-cell" style:family="table-cell" style:data-style-name="time"/>
<style:style style:name="text-cell" style:family="table-cell" style:data-style-name="text"/>
<style:style style:name="head-cell" style:family="table-cell" style:data-style-name="text">
<style:text-properties fo:font-weight="bold"/></style:style>
"""
_BODY = f"""</office:automatic-styles>
<office:body><office:spreadsheet><table:table table:name={quoteattr(SHEET_NAME)}>"""
_TAIL = """</table:table><table:database-ranges><table:database-range table:name="__Anonymous_Sheet_DB__0"
 table:display-filter-buttons="true" table:target-range-address={}/></table:database-ranges>
</office:spreadsheet></office:body></office:document-content>"""


def write_ods(file: IO[bytes], rows: Iterable[Row]) -> int:
    count = -1
    widths, rows = measured(rows)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", ODS_TYPE, compress_type=zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
        archive.writestr("settings.xml", _SETTINGS)
        with archive.open("content.xml", "w", force_zip64=True) as content:
            content.write((_HEAD + _column_styles(widths) + _BODY + _columns(widths)).encode())
            for row in rows:
                cells = "".join(_cell(value, head=count < 0) for value in row)
                content.write(f"<table:table-row>{cells}</table:table-row>".encode())
                count += 1
            corner = f"{get_column_letter(max(len(widths), 1))}{max(count, 0) + 1}"
            content.write(
                _TAIL.format(quoteattr(f"{SHEET_NAME}.A1:{SHEET_NAME}.{corner}")).encode()
            )
    return max(count, 0)


def _column_styles(widths: list[int]) -> str:
    return "".join(
        f'<style:style style:name="column-{width}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width * CHARACTER:.2f}cm"/></style:style>\n'
        for width in sorted(set(widths))
    )


def _columns(widths: list[int]) -> str:
    return "".join(f'<table:table-column table:style-name="column-{width}"/>' for width in widths)


def _cell(value: Any, *, head: bool) -> str:
    if value == "":
        return "<table:table-cell/>"
    text = in_text_cell(value) if isinstance(value, str) else as_text(value)
    shown = "".join(f"<text:p>{_text(line)}</text:p>" for line in text.split("\n"))
    if isinstance(value, datetime.date):
        style = "time" if isinstance(value, datetime.datetime) else "day"
        kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
    elif isinstance(value, (int, float)):
        style, kind = "", f'office:value-type="float" office:value="{value}"'
    else:
        style, kind = "text", 'office:value-type="string"'
    style = "head" if head else style
    style_name = f' table:style-name="{style}-cell"' if style else ""
    return f"<table:table-cell{style_name} {kind}>{shown}</table:table-cell>"


def _text(line: str) -> str:
    """``line`` as XML text that keeps repeated spaces and tabs."""
    text = escape(line.rstrip("\r")).replace("\r", " ").replace("\t", "<text:tab/>")
    return text.replace("  ", '<text:s text:c="2"/>')
