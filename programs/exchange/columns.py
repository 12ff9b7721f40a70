"""What the columns of a file mean: guessed from their headings, corrected by a person, remembered."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import tablib
from django.utils.translation import gettext as _

from .cells import as_text, key
from .reading.bounds import MAX_ROWS, FileProblem, too_many_rows
from .reading.cells import BadCell
from .reading.headings import texts
from .reading.table import Table

if TYPE_CHECKING:
    from .resources import SheetResource

LEFT_OUT = ""
_ASIDE = re.compile(r"\(.*?\)|[,:;/].*")


class Columns:
    """The meanings that a column can have in the list of ``resource``.

    A meaning is the name of a field, or one of its ``parts``: Vorname and Nachname make up a name.
    """

    def __init__(self, resource: "SheetResource") -> None:
        self.resource = resource
        self.labels: dict[str, str] = {}
        """Meaning → heading, in the order of the list."""
        self.known: dict[str, str] = {}
        """Heading, as :func:`key` → meaning. Columns that are only exported are compared, not taken in."""
        for name in resource.get_export_order():
            field = resource.fields[name]
            self.known[key(field.column_name)] = name
            self.labels[name] = self._label(field)
            self.labels |= {
                part: label for part, (label, of) in resource.parts.items() if of == name
            }
        self.known |= {key(heading): name for heading, name in resource.other_headings.items()}
        self.known |= {key(label): part for part, (label, _of) in resource.parts.items()}

    @staticmethod
    def _label(field: Any) -> str:
        heading = str(field.column_name)
        return (
            _("%(heading)s (steht nur im Export)") % {"heading": heading}
            if field.readonly
            else heading
        )

    def field_of(self, meaning: str) -> str:
        return self.resource.parts[meaning][1] if meaning in self.resource.parts else meaning

    def guess(self, headings: Sequence[str], remembered: Mapping[str, str]) -> list[str]:
        """The meaning of each column; what is remembered wins."""
        found = self._whole_or_parts([self._meaning(heading, remembered) for heading in headings])
        seen: set[str] = set()
        for i, meaning in enumerate(found):
            if meaning in seen and self.field_of(meaning) not in self.resource.joined:
                found[i] = LEFT_OUT
            seen.add(meaning)
        return found

    def _whole_or_parts(self, found: list[str]) -> list[str]:
        """„Name“ beside „Vorname“ is the family name; beside both parts it is the whole name."""
        for whole in {of for _label, of in self.resource.parts.values()} & set(found):
            parts = [part for part, (_label, of) in self.resource.parts.items() if of == whole]
            lacking = [part for part in parts if part not in found]
            if len(lacking) == len(parts):
                continue
            into = {whole: lacking[0]} if lacking else dict.fromkeys(parts, LEFT_OUT)
            found = [into.get(meaning, meaning) for meaning in found]
        return found

    def _meaning(self, heading: str, remembered: Mapping[str, str]) -> str:
        if (meaning := remembered.get(key(heading))) in {LEFT_OUT, *self.labels}:
            return str(meaning)
        tries = (key(heading), key(_ASIDE.sub("", heading)))
        return next((self.known[one] for one in tries if one in self.known), LEFT_OUT)

    def faults(self, mapping: Sequence[str]) -> list[str]:
        """Why the columns cannot be used like this, one sentence for each fault."""
        taken = Counter(meaning for meaning in mapping if meaning)
        fields = {self.field_of(meaning) for meaning in taken}
        missing = [name for name in self.resource.required if name not in fields]
        twice = [
            m for m, n in taken.items() if n > 1 and self.field_of(m) not in self.resource.joined
        ]
        faults = []
        if missing:
            text = _("Es fehlt noch die Spalte %(columns)s. Bitte wählen Sie, wo sie steht.")
            faults.append(text % {"columns": self._quoted(missing)})
        if twice:
            text = _("%(columns)s ist mehrmals gewählt. Bitte lassen Sie eine der Spalten weg.")
            faults.append(text % {"columns": self._quoted(twice)})
        return faults

    def _quoted(self, meanings: Sequence[str]) -> str:
        return ", ".join(f"„{self.labels[meaning]}“" for meaning in meanings)

    def dataset(self, table: Table, heading_row: int, mapping: Sequence[str]) -> tablib.Dataset:
        """The rows below the headings, with one column for each field. Raises :class:`FileProblem`."""
        rows = table.rows[heading_row + 1 :]
        if not rows:
            raise FileProblem(_("Unter den Überschriften steht keine Zeile."))
        if len(rows) > MAX_ROWS:
            raise too_many_rows()
        places: dict[str, list[int]] = {}
        for meaning in self.labels:  # the parts of a name in their order
            indexes = [i for i, chosen in enumerate(mapping) if chosen == meaning]
            if indexes:
                places.setdefault(self.field_of(meaning), []).extend(indexes)
        headers = [str(self.resource.fields[name].column_name) for name in places]
        lines = ([self._cell(name, cells, places[name]) for name in places] for _n, cells in rows)
        dataset = tablib.Dataset(*lines, headers=headers)
        dataset.row_numbers = [number for number, _cells in rows]
        return dataset

    def _cell(self, name: str, cells: Sequence[Any], indexes: Sequence[int]) -> Any:
        found = [cells[i] for i in indexes if i < len(cells) and cells[i] != ""]
        if len(found) < 2:
            return found[0] if found else ""
        bad = next((cell for cell in found if isinstance(cell, BadCell)), None)
        return bad or self.resource.joined[name].join(as_text(cell) for cell in found)


def headings_of(table: Table, heading_row: int) -> list[str]:
    """One heading for each column of the table, "" for a column without."""
    found = texts(table.rows[heading_row])
    return found + [""] * (table.width - len(found))
