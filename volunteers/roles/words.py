"""The page „Wer darf was“: the table of ``volunteers/roles/table.py`` in words.

It is made from that table, so it cannot say anything else than ``has_perm``.
"""

from dataclasses import dataclass, field

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from .table import MATRIX, ROLES, ROWS, Words

COLUMN_NAMES: dict[str, Words] = {
    **{role.column: role.name for role in reversed(ROLES)},
    "staff": _("Fachstelle"),
    "room_staff": _("Sozialplanung"),
}
"""Labels of the columns."""

OUTSIDE = ("vol", "anon")
"""Columns without permissions in the admin; their cells are about the portal's pages."""

WORDS: dict[str, Words] = {
    "view": _("sieht"),
    "add": _("legt an"),
    "change": _("ändert"),
    "delete": _("löscht"),
    "export": _("exportiert"),
    "import": _("importiert"),
    "confirm": _("bestätigt als aktuell"),
    "assign": _("ordnet die zuständige Stelle zu"),
    "end": _("beendet"),
    "merge": _("führt Doppeltes zusammen"),
    "publish": _("veröffentlicht"),
}
NOTHING = _("nichts")

NAMES: dict[str, Words] = {
    "programs.entry": _("Alle Einträge in einer Liste"),
    "programs.history": _("Verlauf: wer was wann geändert hat"),
    "programs.translation": _("Übersetzungen von Texten"),
    "volunteers.figures": _("Zahlen über Engagierte, Tandems und Stunden"),
}
"""Labels of resources that are no model; the others have the name of their model."""


@dataclass(frozen=True)
class Line:
    """Roles that may do the same with a resource."""

    roles: list[Words]
    may: list[Words]


@dataclass(frozen=True)
class Resource:
    name: Words
    inside: list[Line]
    outside: list[Line]


@dataclass(frozen=True)
class Group:
    name: str
    resources: list[Resource] = field(default_factory=list)


def groups() -> list[Group]:
    """The table by group and resource, in its order."""
    found: list[Group] = []
    for line in ROWS.strip().splitlines()[1:]:
        if line.startswith("#"):
            found.append(Group(line.removeprefix("# ")))
        else:
            found[-1].resources.append(_resource(line.split()[0]))
    return found


def name_of(resource: str) -> Words:
    return NAMES.get(resource) or apps.get_model(resource)._meta.verbose_name_plural or resource


def may(role: str, resource: str) -> list[Words]:
    """What a role may do with a resource, as text in a fixed order; „nichts“ if nothing."""
    actions = MATRIX[role][resource]
    return [word for action, word in WORDS.items() if action in actions] or [NOTHING]


def _resource(resource: str) -> Resource:
    inside = dict.fromkeys(role.column for role in ROLES if role.column not in OUTSIDE)
    return Resource(
        name_of(resource),
        _lines(list(inside), resource),
        _lines(list(OUTSIDE), resource),
    )


def _lines(roles: list[str], resource: str) -> list[Line]:
    """One line for all roles that may do the same; those that may do nothing come last."""
    lines: dict[tuple[str, ...], Line] = {}
    for role in roles:
        words = may(role, resource)
        key = tuple(map(str, words))
        lines.setdefault(key, Line([], words)).roles.append(COLUMN_NAMES[role])
    return sorted(lines.values(), key=lambda line: line.may == [NOTHING])


def summary(column: str) -> Words:
    """Whose records the role sees, in one or two sentences."""
    return next(role.sees for role in ROLES if role.column == column)
