"""Comments that overrule the type checker: few, and each with a reason on its line."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

BASE_DIR: Path = settings.BASE_DIR
APPS = ("portal", "programs", "volunteers", "welcome_rooms")
MOST = 40
"""The most such lines in the whole repository."""
OVERRULED = "# type: " + "ignore"  # in two parts, so that this line does not match
WITH_REASON = re.compile(rf"{OVERRULED}\[[a-z,-]+\]  # .{{5,}}")


def sources() -> list[Path]:
    found = [path for room in (*APPS, "tests") for path in (BASE_DIR / room).rglob("*.py")]
    return [BASE_DIR / "manage.py", *found]


def overruled() -> Iterator[tuple[str, str]]:
    """File and text of each line that overrules the type checker."""
    for path in sources():
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            if OVERRULED in line:
                yield f"{path.relative_to(BASE_DIR)}:{number}", line


def test_type_checker_is_overruled_seldom():
    assert len(sources()) > 300
    places = [place for place, _line in overruled()]
    assert 0 < len(places) <= MOST, places


def test_each_line_that_overrules_it_says_why():
    silent = [place for place, line in overruled() if not WITH_REASON.search(line)]
    assert silent == []


def test_no_room_is_checked_less_than_another():
    """Exceptions are on the line that needs them, not in the settings of mypy."""
    tools = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["tool"]
    weakened = [
        rule["module"]
        for rule in tools["mypy"]["overrides"]
        if set(rule) - {"module", "ignore_missing_imports"}
    ]
    assert weakened == ["*.migrations.*", "tests.*"]
