"""How an organisation's columns were understood the last time, for the next list of the same kind."""

from django.db.models import QuerySet

from ..models import ColumnMapping, ListImport, Organisation
from .cells import key
from .columns import headings_of
from .reading.table import Table


def _organisations(upload: ListImport) -> "QuerySet[Organisation]":
    return Organisation.objects.employing(upload.owner).order_by("pk")


def remembered(upload: ListImport) -> dict[str, str]:
    """Heading, as :func:`key` → meaning, of all organisations of the owner; the first one wins."""
    found: dict[str, str] = {}
    mappings = ColumnMapping.objects.filter(
        organisation__in=_organisations(upload), target=upload.target
    )
    for one in mappings.order_by("-organisation"):
        found |= one.columns
    return found


def remember(upload: ListImport) -> None:
    """Keep the meanings of the columns for the owner's first organisation."""
    headings = headings_of(Table.from_json(upload.table or {}), upload.heading_row)
    new = {key(text): meaning for text, meaning in zip(headings, upload.mapping, strict=True)}
    new.pop("", None)
    organisation = _organisations(upload).first()
    if organisation is None:
        return
    mapping, _made = ColumnMapping.objects.get_or_create(
        organisation=organisation, target=upload.target
    )
    mapping.columns = mapping.columns | new
    mapping.save(update_fields=["columns"])
