"""The open lists: what each is called, what its columns are and which records it has."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from . import of_entries, of_others
from .columns import Column, Schema, as_cell, as_json, record


@dataclass(frozen=True, kw_only=True)
class OpenList:
    """``name`` stands in the address, ``item`` names one record in the description.

    Records are sorted by their number, which never changes, so that a page never skips one.
    """

    name: str
    item: str
    title: str
    about: str
    columns: tuple[Column, ...]
    all_rows: "Callable[[], QuerySet[Any]]"

    @property
    def schema(self) -> Schema:
        """The JSON schema of one record."""
        described = {one.name: one.schema | {"description": one.about} for one in self.columns}
        return record(**described)

    @property
    def key(self) -> Schema:
        return next(one.schema for one in self.columns if one.name == "id")

    @property
    def knows_changes(self) -> bool:
        """Whether its records say when they were changed."""
        return any(one.name == "updated_at" for one in self.columns)

    def rows(self) -> "QuerySet[Any]":
        """The records with the declared columns, and no other."""
        reads = {path for one in self.columns for path in one.reads}
        rows = self.all_rows()
        columns = {path for path in reads if _is_column(rows.model, path)}
        related = sorted({path.rpartition("__")[0] for path in columns if "__" in path})
        rows = rows.select_related(*related) if related else rows
        return rows.only(*sorted(columns)).order_by("pk")

    def in_json(self, row: Any) -> dict[str, Any]:
        return {one.name: as_json(one.value(row)) for one in self.columns}

    def table(self) -> Iterator[list[str]]:
        """All records as rows of a table, below the names of the columns."""
        yield [one.name for one in self.columns]
        for row in self.rows():
            yield [as_cell(one.value(row)) for one in self.columns]


def _is_column(model: Any, path: str) -> bool:
    """False for a property of the model such as ``is_open``."""
    return path == "pk" or "__" in path or not isinstance(getattr(model, path, None), property)


LISTS: dict[str, OpenList] = {
    one.name: one
    for one in (
        OpenList(
            name="opportunities",
            item="Opportunity",
            title="Einsatzmöglichkeiten",
            about="Einzelne Dinge, bei denen man mitmachen kann.",
            columns=of_entries.OPPORTUNITY,
            all_rows=of_entries.opportunities,
        ),
        OpenList(
            name="programmes",
            item="Programme",
            title="Programme",
            about="Mentorenprogramme, Pilotprojekte und ständige Angebote; auch beendete.",
            columns=of_entries.PROGRAMME,
            all_rows=of_entries.programmes,
        ),
        OpenList(
            name="rooms",
            item="Room",
            title="Willkommensräume",
            about="Die Willkommensräume mit Öffnungszeiten und regelmäßigen Angeboten.",
            columns=of_entries.ROOM,
            all_rows=of_entries.rooms,
        ),
        OpenList(
            name="circles",
            item="Circle",
            title="Freundeskreise",
            about="Freundeskreise für Geflüchtete in den Stadtbezirken.",
            columns=of_entries.ORGANISATION,
            all_rows=of_entries.circles,
        ),
        OpenList(
            name="initiatives",
            item="Initiative",
            title="Initiativen",
            about="Initiativen und ihre Träger.",
            columns=of_entries.ORGANISATION,
            all_rows=of_entries.initiatives,
        ),
        OpenList(
            name="organisations",
            item="Organisation",
            title="Organisationen",
            about="Ämter, Träger, Stiftungen, Unternehmen und Partner.",
            columns=of_entries.ORGANISATION,
            all_rows=of_entries.organisations,
        ),
        OpenList(
            name="events",
            item="Event",
            title="Termine",
            about="Termine, auch abgesagte; was vorbei ist, steht noch zwei Monate dort.",
            columns=of_others.EVENT,
            all_rows=of_others.events,
        ),
        OpenList(
            name="districts",
            item="District",
            title="Stadtbezirke",
            about="Die 23 Stadtbezirke.",
            columns=of_others.DISTRICTS,
            all_rows=of_others.districts,
        ),
        OpenList(
            name="fields",
            item="Field",
            title="Engagementfelder",
            about="Felder, nach denen Einträge geordnet sind, und wie sich der Bedarf entwickelt.",
            columns=of_others.FIELD,
            all_rows=of_others.fields,
        ),
        OpenList(
            name="target-groups",
            item="TargetGroup",
            title="Zielgruppen",
            about="Für wen etwas ist.",
            columns=of_others.TERM,
            all_rows=of_others.target_groups,
        ),
        OpenList(
            name="figures",
            item="Figure",
            title="Zahlen",
            about="Veröffentlichte Zahlen, jede mit Stand und Quelle.",
            columns=of_others.FIGURE,
            all_rows=of_others.figures,
        ),
    )
}
OF_ORGANISATIONS = {
    "circle": "circles",
    "initiative": "initiatives",
    "organisation": "organisations",
}
"""Kind of an organisation → the list in which it is."""
