"""Exports of ``make bench-large``: rows per second beside PostgreSQL's own COPY of the same columns, and memory.

Run as ``python -m tests.bench.large_export DATABASE ROWS``. Prints one line for each, and 1 or 0 at the end:
whether a goal was missed.
"""

import sys
import tempfile
import tracemalloc
from typing import Any

CSV, XLSX = 0.25, 0.05
"""Goals: rows per second, as part of COPY's."""
MORE_MEMORY = 1.2
"""The most memory that twice as many rows may need, as a multiple."""
COPY = """
SELECT a.name, a.email, a.phone, a.preferred_language, a.age, a.group_name, a.group_size, e.title, o.title, a.status,
    a.submitted_at, a.answer_by, array_to_string(a.languages, ', '), (
        SELECT string_agg(d.short_name, ', ' ORDER BY d.number) FROM volunteers_application_districts AS x
        JOIN programs_district AS d ON d.number = x.district_id WHERE x.application_id = a.id
    ), (
        SELECT string_agg(f.name, ', ' ORDER BY f.position) FROM volunteers_application_fields AS x
        JOIN programs_field AS f ON f.id = x.field_id WHERE x.application_id = a.id
    ), array_to_string(a.weekdays, ', '), array_to_string(a.dayparts, ', '), a.gender, a.tandem_limit, a.message,
    a.decline_reason, a.more_asked
FROM volunteers_application AS a LEFT JOIN programs_entry AS e ON e.id = a.entry_id
JOIN programs_entry AS o ON o.id = a.organisation_id WHERE a.id <= %s
"""


def main() -> int:
    from .__main__ import set_up_django

    set_up_django()
    from django.db import connection

    from programs.exchange.writers import EXPORT_FORMATS
    from volunteers.lists.resources import ApplicationResource
    from volunteers.models import Application, User

    from .large_pages import worked

    connection.settings_dict["NAME"], rows = sys.argv[1], int(sys.argv[2])
    reader = User(is_superuser=True)

    def export(kind: str, number: int) -> float:
        """Rows per second."""
        found = Application.objects.visible_to(reader).filter(pk__lte=number).order_by("pk")
        start = worked(connection)
        with tempfile.TemporaryFile() as file:
            written = EXPORT_FORMATS[kind].write(file, ApplicationResource(user=reader).rows(found))
        if written != number:
            raise RuntimeError(f"{written} rows instead of {number}.")
        return number / (worked(connection) - start)

    def copied(number: int) -> float:
        start, size = worked(connection), 0
        cursor: Any
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY ({COPY}) TO STDOUT CSV", [number]) as data,
        ):
            for part in data:
                size += len(part)
        return number / (worked(connection) - start)

    def peak(kind: str, number: int) -> int:
        tracemalloc.start()
        export(kind, number)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    export("csv", 1000)
    missed = False
    limit = copied(rows)
    print(f"COPY of {rows} applications {limit:>8.0f} rows/s")
    for kind, goal in (("csv", CSV), ("xlsx", XLSX)):
        speed = export(kind, rows)
        few, many = peak(kind, rows // 4), peak(kind, rows // 2)
        missed |= speed / limit < goal or many / few > MORE_MEMORY
        print(f"{kind:<5} {speed:>8.0f} rows/s {speed / limit:.2f} of COPY, goal ≥ {goal}; twice the rows need "
              f"{many / few:.2f} of the memory ({many / 1e6:.1f} MB), goal ≤ {MORE_MEMORY}")  # fmt: skip
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
