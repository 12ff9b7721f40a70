"""„Meine Daten“ as a ZIP: a page to read, the same as JSON, certificates as PDF, and receipts."""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils import timezone

from .. import papers
from ..models import Certificate, Receipt
from ..reads.persons import Person
from .disclosure import Activity, RecordTable, disclose

HERE = "<!-- activities -->"
FORMAT = 1
"""Version of the JSON format; increment it when the keys change."""


def pack(person: Person) -> bytes:
    """The ZIP. Only the compressed file and one activity at a time are in memory."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        _write(archive, "meine-daten.html", html_pieces(person))
        _write(archive, "meine-daten.json", json_pieces(person))
        for certificate in certificates_of(person):
            name = f"nachweise/{certificate.printed_code}.pdf"
            archive.writestr(name, papers.certificate_pdf(certificate))
        for receipt in receipts_of(person):
            archive.writestr(f"belege/{receipt.pk}.jpg", bytes(receipt.data))
    return file.getvalue()


def certificates_of(person: Person) -> Iterator[Certificate]:
    """The person's valid certificates; a withdrawn one has no PDF."""
    own = Certificate.objects.valid().filter(person.named("volunteer__"))
    yield from own.order_by("pk").iterator(10)


def receipts_of(person: Person) -> Iterator[Receipt]:
    """The receipts of expenses that are not closed."""
    own = Receipt.objects.filter(person.owns("expense__application__"))
    yield from own.order_by("pk").iterator(1)


def _write(archive: zipfile.ZipFile, name: str, pieces: Iterator[str]) -> None:
    with archive.open(name, "w") as entry:
        for piece in pieces:
            entry.write(piece.encode())


def html_pieces(person: Person) -> Iterator[str]:
    """One self-contained page: no script, no image, no external address."""
    context = {"person": person, "now": timezone.localtime()}
    head, foot = render_to_string("privacy/data.html", context).split(HERE)
    yield head
    for activity in disclose(person):
        if activity.count or activity.missing:
            yield render_to_string("privacy/_activity.html", {"activity": activity})
    yield foot


def json_pieces(person: Person) -> Iterator[str]:
    """UTF-8 with stable keys: those of the register, the models and their fields."""
    made_at = timezone.now()
    yield f'{{"format": {FORMAT}, "made_at": {_json(made_at)}, "addresses": {_json(person.emails)}'
    yield f', "name": {_json(person.name)}'
    yield ', "activities": [\n'
    for number, activity in enumerate(disclose(person)):
        yield (",\n" if number else "") + _json(_of_activity(activity))
    yield "\n]}\n"


def _of_activity(activity: Activity) -> dict[str, Any]:
    about = activity.about
    return {
        "key": about.key,
        "title": str(about.title),
        "purpose": str(about.purpose),
        "legal_basis": str(about.basis),
        "seen_by": str(about.seen_by),
        "kept_until": about.kept_until,
        "not_included": activity.missing,
        "records": {table.model: _rows(table) for table in activity.tables},
    }


def _rows(table: RecordTable) -> list[dict[str, Any]]:
    rows = []
    for cells in table.rows:
        row = {cell.name: cell.value for cell in cells}
        withheld = {cell.name: cell.text for cell in cells if cell.is_withheld}
        rows.append(row | ({"withheld": withheld} if withheld else {}))
    return rows


def _json(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
