"""The errors in an imported list, for each row, as sentences."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Problem:
    """``row``: the row number that the spreadsheet shows. ``column``: the heading of the column, or ""."""

    row: int
    column: str
    reason: str


def problems_of(result: Any, row_numbers: Sequence[int], columns: dict[str, str]) -> list[Problem]:
    """All errors of all bad rows in an import-export ``result``, in the order of the file.

    ``columns`` maps field names to headings, in the order of the list.
    """
    found = []
    for invalid in result.invalid_rows:
        number = row_numbers[invalid.number - 1]
        found += [Problem(number, *pair) for pair in _reasons(invalid.error, columns)]
    for bad in result.error_rows:
        number = row_numbers[bad.number - 1]
        for error in bad.errors:
            logger.error("import row failed", exc_info=error.error)
        found.append(Problem(number, "", _("Diese Zeile ließ sich nicht übernehmen.")))
    order = ["", *columns.values()]
    return sorted(found, key=lambda problem: (problem.row, order.index(problem.column)))


def _reasons(error: ValidationError, columns: dict[str, str]) -> list[tuple[str, str]]:
    if not hasattr(error, "error_dict"):
        return [("", message) for message in error.messages]
    return [
        ("" if name == NON_FIELD_ERRORS else columns.get(name, ""), message)
        for name, messages in error.message_dict.items()
        for message in messages
    ]
