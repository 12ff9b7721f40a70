"""The errors in an imported list, for each row, as sentences."""

import logging
from dataclasses import asdict, dataclass
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _

from .cells import as_text

logger = logging.getLogger(__name__)
SHOWN = 80
"""Characters of a cell's value that are shown."""


@dataclass(frozen=True)
class Problem:
    """``row``: the row number that the spreadsheet shows. ``column``: the heading of the column, or "".

    ``value``: what stands in the cell.
    """

    row: int
    column: str
    value: str
    reason: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def problems_of(result: Any, dataset: Any, columns: dict[str, str]) -> list[Problem]:
    """All errors of all bad rows in an import-export ``result``, in the order of the file.

    ``columns`` maps field names to headings, in the order of the list.
    """
    row_numbers = dataset.row_numbers
    found = []
    for invalid in result.invalid_rows:
        number = row_numbers[invalid.number - 1]
        values = dict(zip(dataset.headers, dataset[invalid.number - 1], strict=True))
        for column, reason in _reasons(invalid.error, columns):
            found.append(Problem(number, column, _shown(values.get(column, "")), reason))
    for bad in result.error_rows:
        number = row_numbers[bad.number - 1]
        for error in bad.errors:
            # Neither the row nor the error's text, which may quote it, belongs into a log.
            logger.error("import row failed: %s", type(error.error).__name__)
        found.append(Problem(number, "", "", _("Diese Zeile ließ sich nicht übernehmen.")))
    order = ["", *columns.values()]
    return sorted(found, key=lambda problem: (problem.row, order.index(problem.column)))


def _shown(value: Any) -> str:
    text = as_text(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]} …"


def _reasons(error: ValidationError, columns: dict[str, str]) -> list[tuple[str, str]]:
    if not hasattr(error, "error_dict"):
        return [("", message) for message in error.messages]
    return [
        ("" if name == NON_FIELD_ERRORS else columns.get(name, ""), message)
        for name, messages in error.message_dict.items()
        for message in messages
    ]
