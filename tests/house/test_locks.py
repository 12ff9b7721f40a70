"""Rows are locked in one module, which defines the order of the locks."""

import ast
from pathlib import Path

from django.conf import settings

HOME = "volunteers/services/locks.py"
ALLOWED = {
    HOME,
    "volunteers/services/rounds.py",  # deletes in batches, skips locked rows
    "volunteers/notifications/outbox.py",  # one mail while the server answers, nothing else
    "programs/models/events.py",  # below volunteers/; one row, compared before saving
    "programs/models/steps.py",
    "programs/pictures.py",  # below volunteers/; one entry, before its pictures are counted
}


def is_called(text: str) -> bool:
    nodes = ast.walk(ast.parse(text))
    return any(isinstance(n, ast.Attribute) and n.attr == "select_for_update" for n in nodes)


def locking_modules() -> set[str]:
    """Modules of the apps that lock rows themselves."""
    base = Path(settings.BASE_DIR)
    found = set()
    for app in ("portal", "programs", "volunteers", "welcome_rooms"):
        for path in (base / app).rglob("*.py"):
            text = path.read_text()
            if "select_for_update" in text and is_called(text):
                found.add(str(path.relative_to(base)))
    return found


def test_rows_are_locked_where_the_order_of_locks_stands():
    assert HOME in locking_modules()
    assert locking_modules() <= ALLOWED
