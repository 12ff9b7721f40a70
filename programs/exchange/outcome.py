"""What an import does, or would do: for the preview, and as a digest that the confirmation compares."""

import hashlib
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .alike import undecided
from .problems import problems_of

if TYPE_CHECKING:
    from .resources import SheetResource

PREVIEWED = 100
"""Rows in a preview. The totals above it count all rows."""
LISTED_PROBLEMS = 500
LONGEST = 300
"""Characters of a cell in the preview."""


def preview_of(resource: "SheetResource", result: Any, dataset: Any) -> dict[str, Any]:
    """The outcome for the preview page and the database: plain data.

    ``rows`` has the first rows with their number in the file, what happens to them (new, update or
    skip), and for each of ``headings`` the value before and after.
    """
    problems = problems_of(result, dataset, resource.columns())
    shown = _shown_columns(result, dataset.headers)
    return {
        "totals": {kind: result.totals[kind] for kind in ("new", "update", "skip")},
        "total": len(dataset),
        "headings": [result.diff_headers[i] for i in shown],
        "rows": [
            {
                "number": number,
                "kind": row.import_type,
                "cells": [_short(row.diff[i]) for i in shown],
            }
            for number, row in _valid_rows(result, dataset)[:PREVIEWED]
        ]
        if not problems
        else [],
        "alike_note": str(resource.alike_note),
        "undecided": [] if problems else undecided(resource, result, dataset),
        "problems": [problem.as_json() for problem in problems[:LISTED_PROBLEMS]],
        "problem_count": len(problems),
        "notes": resource.notes(dataset),
    }


def digest_of(result: Any, dataset: Any) -> str:
    """The same as long as each row would do the same to the same record, in the columns of the file."""
    given = [i for i, heading in enumerate(result.diff_headers) if heading in dataset.headers]
    rows = [
        [
            number,
            row.import_type,
            None if row.is_new() else str(row.object_id),
            [row.diff[i] for i in given],
        ]
        for number, row in _valid_rows(result, dataset)
    ]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def _valid_rows(result: Any, dataset: Any) -> list[tuple[int, Any]]:
    """Every row has its result, in the order of the file, because none is left out (``report_skipped``)."""
    pairs = zip(dataset.row_numbers, result.rows, strict=True)
    return [(number, row) for number, row in pairs if row.is_valid()]


def _shown_columns(result: Any, given: Sequence[str]) -> list[int]:
    """The columns of the file, and others that the import changes or fills."""
    rows = [row for row in result.rows if row.is_valid() and row.diff]

    def is_touched(i: int) -> bool:
        return any((row.is_new() and row.diff[i][1]) or len(set(row.diff[i])) > 1 for row in rows)

    return [i for i, heading in enumerate(result.diff_headers) if heading in given or is_touched(i)]


def _short(pair: Sequence[str]) -> list[str]:
    return [text if len(text) <= LONGEST else f"{text[:LONGEST]} …" for text in pair]
