"""No template and no module repeats as text a period that a setting has."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from volunteers.periods import spelled

UNITS = {
    "MINUTES": "Minute",
    "HOURS": "Stunde",
    "DAYS": "Tag",
    "WEEKS": "Woche",
    "MONTHS": "Monat",
    "YEARS": "Jahr",
}
LARGER = {"Stunde": (24, "Tag"), "Tag": (7, "Woche"), "Monat": (12, "Jahr")}
WORDS = {spelled(number): number for number in range(2, 13)} | dict.fromkeys(
    ("ein", "eine", "einen", "einem", "einer", "eines"), 1
)
PERIOD = re.compile(
    rf"\b(\d+|{'|'.join(WORDS)}) (Minute|Stunde|Tag|Woche|Monat|Jahr)(?:e|n|en|s)?\b", re.IGNORECASE
)
NOT_FROM_SETTINGS = {
    ("templates/admin/index.html", "zwölf Monaten"): "programs.confirming.CONFIRM_AGAIN_AFTER",
    ("programs/admin/entries.py", "einem Jahr"): "programs.confirming.CONFIRM_AGAIN_AFTER",
    ("templates/volunteers/hours/_honour_card.html", "12 Monaten"): "what the card asks for",
    ("templates/admin/volunteers/hours/_panel.html", "12 Monaten"): "what the card asks for",
    ("programs/models/organisations.py", "60 Tagen"): "a bound of the answer time",
    ("volunteers/errors.py", "24 Stunden"): "reads.escalations.NUDGE_AGAIN_AFTER",
    ("volunteers/models/thanks.py", "24 Stunden"): "no day has more",
    ("volunteers/forms/hours.py", "24 Stunden"): "no day has more",
    ("volunteers/privacy/sentences.py", "einen Tag"): "how long a browser keeps a picture",
    ("templates/portal/_compared.html", "einem Tag"): "the day on which the city counted",
    ("portal/operations/checks.py", "24 Stunden"): "a day of tasks that failed",
    ("portal/operations/checks.py", "zwei Tage"): "volunteers.tasks.MAIL_TRIES",
    ("portal/demo_accounts.py", "drei Monate"): "an invented deputy",
    ("volunteers/forms/absences.py", "ein Jahr"): "LONGEST, a bound against typing errors",
    ("volunteers/forms/breaks.py", "einen Tag"): "an example of a day",
    ("volunteers/forms/breaks.py", "zwei Jahren"): "the longest break",
    ("volunteers/matching/criteria.py", "einer Woche"): "the step of a weight",
    ("volunteers/models/matching_rules.py", "einer Woche"): "the step of a weight",
    ("programs/models/events.py", "3 Jahren"): "an age of children",
    ("programs/models/entries.py", "2 Stunden"): "an example of a time",
    ("volunteers/models/dates.py", "zwei Stunden"): "how long a date may take",
    ("portal/newsletter/issues.py", "zwölf Monaten"): "a bound against typing errors",
    ("portal/counselling/forms.py", "ein Tag"): "an example of what a company may do",
    ("portal/cooperation/forms.py", "einen Tag"): "an example of what a company may do",
    ("portal/figures/measures.py", "eine Woche"): "portal.figures.measures.WEEK",
    ("templates/admin/reports/report.html", "Einen Monat"): "a month of the calendar",
    ("templates/admin/reports/correct.html", "eines Monats"): "a month of the calendar",
    ("volunteers/admin/filters.py", "2 Tage"): "a band of the filter",
    ("volunteers/admin/filters.py", "7 Tage"): "a band of the filter",
    ("volunteers/admin/filters.py", "14 Tage"): "a band of the filter",
    ("volunteers/admin/filters.py", "zwölf Monaten"): "the span of the chart",
    ("portal/worklist/charts.py", "zwölf Monate"): "the span of the chart",
    ("programs/admin/entries.py", "6 Monaten"): "a band of the filter",
    ("programs/admin/entries.py", "12 Monaten"): "a band of the filter",
    ("portal/open_data/asking.py", "zehn Minuten"): "what another program should allow for",
    ("templates/volunteers/sections/reflections.html", "zwölf Monaten"): "reads.reflections.YEAR",
}


def of_settings() -> set[tuple[int, str]]:
    """Numbers and units of the settings, also in larger units: 14 days are two weeks."""
    found = {(settings.SESSION_COOKIE_AGE // 3600, "Stunde")}
    for name in dir(settings):
        unit = UNITS.get(name.rsplit("_", 1)[-1])
        if unit:
            value = getattr(settings, name)
            found |= {(number, unit) for number in (value if isinstance(value, list) else [value])}
    for number, unit in list(found):
        size, larger = LARGER.get(unit, (0, ""))
        if size and number % size == 0:
            found.add((number // size, larger))
    return found


def texts() -> Iterator[tuple[Path, str]]:
    """Templates and strings of modules; without docstrings and the module with the words for periods."""
    root = Path(settings.BASE_DIR)
    for path in (root / "templates").rglob("*.*"):
        yield path, path.read_text(encoding="utf-8")
    for app in ("portal", "programs", "volunteers", "welcome_rooms"):
        for path in (root / app).rglob("*.py"):
            if path.name == "periods.py" or "migrations" in path.parts:
                continue
            tree = ast.parse(path.read_text(encoding="utf-8"))
            bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and id(node) not in bare:
                    yield path, str(node.value)


@pytest.mark.slow
def test_no_text_repeats_a_period_of_the_settings():
    """A period that only looks like a setting is in the list of exceptions, with its reason."""
    known = of_settings()
    assert {(7, "Tag"), (1, "Woche"), (10, "Minute"), (48, "Stunde"), (2, "Tag")} <= known
    found = set()
    for path, text in texts():
        for said in PERIOD.finditer(" ".join(text.split())):
            number = WORDS.get(said[1].lower()) or int(said[1])
            if (number, said[2].capitalize()) in known:
                name = path.relative_to(settings.BASE_DIR).as_posix()
                found.add((name, said[0]))
    assert found == set(NOT_FROM_SETTINGS)
