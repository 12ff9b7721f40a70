"""Rows that look like a record that exists: a person says whether they are that record.

Only rows that would make a new record are asked about. As long as one of them is undecided, the list
cannot be taken in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from import_export import resources
from import_export.results import RowResult

from .cells import as_text

MOST_ROWS = 50
"""Rows that are asked about at once; the others come after these."""
MOST_RECORDS = 3
"""Records that are shown beside a row; the most similar ones."""


class How(models.TextChoices):
    MERGE = "merge", _("zusammenführen: die Zeile ergänzt, was dort noch fehlt")
    SAME = "same", _("gleich: es gilt, was in der Zeile steht")
    NEW = "new", _("neu: das ist etwas anderes")


@dataclass(frozen=True)
class Decision:
    """What somebody has said about a row. In forms and in the database: „merge:17“, „new“."""

    how: str
    record: str = ""

    @classmethod
    def read(cls, text: str) -> "Decision":
        how, _colon, record = text.partition(":")
        return cls(how, record)

    def __str__(self) -> str:
        return f"{self.how}:{self.record}" if self.record else self.how


@dataclass(frozen=True)
class Alike:
    """A record that a row looks like, and why, in words."""

    record: models.Model
    reason: str
    is_proposed: bool = False
    """Whether it is so similar that merging is proposed."""


class DecidedRows(resources.ModelResource):
    """The part of a list that does with each row what a person has said about it."""

    alike_note: ClassVar[Any] = ""
    """What to know about the decision, beside what its choices say."""
    get_queryset: Any
    written_fields: Any
    shown: Any

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.row_numbers: Sequence[int] = ()
        self.decisions: Mapping[int, Decision] = {}
        """Row in the file → what a person has said about it."""
        self.decision: Decision | None = None
        """Of the row that is just being imported."""

    def look_alike(self, rows: Sequence[Any]) -> Sequence[Sequence[Alike]]:
        """For each of ``rows``, which would make a new record: the records that it looks like."""
        return [()] * len(rows)

    def values_of(self, record: Any) -> list[str]:
        """The value of each column, as the preview shows it."""
        return [as_text(self.shown(field, record)) for field in self.written_fields()]

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        self.decision = self.decisions.get(self.row_numbers[kwargs["row_number"] - 1])

    def get_or_init_instance(self, instance_loader: Any, row: Any) -> tuple[Any, bool]:
        """What a person has said about the row goes before what it says itself."""
        if self.decision is None:
            found: tuple[Any, bool] = super().get_or_init_instance(instance_loader, row)
            return found
        if self.decision.how == How.NEW:
            return self.init_instance(row), True
        record = self.get_queryset().filter(pk=self.decision.record).first()
        if record is None:
            raise ValidationError(gettext("Den Eintrag, der das sein soll, gibt es nicht mehr."))
        if self.decision.how == How.MERGE:
            self._leave_what_is_there(record, row)
        return record, False

    def tells_who(self, field: Any, record: Any) -> bool:
        """Whether ``field`` says which record it is; then the row needs it."""
        return False

    def _leave_what_is_there(self, record: Any, row: Any) -> None:
        """Take from ``row`` the cells for which ``record`` has a value already."""
        for field, value in zip(self.written_fields(), self.values_of(record), strict=True):
            if value and not self.tells_who(field, record):
                row.pop(field.column_name, None)


def undecided(resource: DecidedRows, result: Any, dataset: Any) -> list[dict[str, Any]]:
    """The rows that look like a record and are not decided yet, as plain data for the page."""
    found = zip(dataset.row_numbers, result.rows, dataset.dict, strict=True)
    new = [
        (number, row, cells)
        for number, row, cells in found
        if row.import_type == RowResult.IMPORT_TYPE_NEW and number not in resource.decisions
    ]
    alike = resource.look_alike([cells for _number, _row, cells in new])
    return [
        _as_json(resource, number, row, records[:MOST_RECORDS], dataset.headers)
        for (number, row, _cells), records in zip(new, alike, strict=True)
        if records
    ]


def _as_json(
    resource: DecidedRows, number: int, row: Any, alike: Sequence[Alike], given: Sequence[str]
) -> dict[str, Any]:
    """The row beside the records, in the columns of the file."""
    values = [[old_new[1] for old_new in row.diff]]
    values += [resource.values_of(one.record) for one in alike]
    lines = [
        [heading, *texts]
        for heading, *texts in zip(resource.get_diff_headers(), *values, strict=True)
        if heading in given and any(texts)
    ]
    proposed = next((one for one in alike if one.is_proposed), None)
    return {
        "number": number,
        "records": [
            {"pk": str(one.record.pk), "name": str(one.record), "reason": one.reason}
            for one in alike
        ],
        "lines": lines,
        "proposed": str(Decision(How.MERGE, str(proposed.record.pk))) if proposed else "",
    }


class UndecidedForm(forms.Form):
    """For each row: the same as one of the records beside it, or new."""

    def __init__(self, *args: Any, rows: Sequence[Mapping[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows[:MOST_ROWS]
        for row in self.rows:
            self.fields[_name(row)] = forms.ChoiceField(
                label=gettext("Zeile %(number)s") % {"number": row["number"]},
                choices=list(_choices(row["records"])),
                initial=row["proposed"],
                widget=forms.RadioSelect,
                error_messages={"required": _("Bitte sagen Sie, was das ist.")},
            )

    def beside(self) -> "list[tuple[Mapping[str, Any], forms.BoundField]]":
        return [(row, self[_name(row)]) for row in self.rows]

    def decisions(self) -> dict[str, str]:
        return {str(row["number"]): self.cleaned_data[_name(row)] for row in self.rows}


def _name(row: Mapping[str, Any]) -> str:
    return f"row_{row['number']}"


def _choices(records: Sequence[Mapping[str, str]]) -> "list[tuple[str, str]]":
    choices = []
    for record in records:
        for how in (How.MERGE, How.SAME):
            label = f"{record['name']}: {how.label}" if len(records) > 1 else str(how.label)
            choices.append((str(Decision(how, record["pk"])), label))
    return [*choices, (How.NEW.value, str(How.NEW.label))]
