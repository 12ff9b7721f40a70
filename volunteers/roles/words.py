"""The roles as text: whose records each role sees, and what it may do with them.

The page «Wer darf was» is made from this and from the table in ``volunteers/roles/table.py``, so it
cannot say anything else than ``has_perm``.
"""

from dataclasses import dataclass, field

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .table import MATRIX, ROWS

Words = str | Promise


@dataclass(frozen=True)
class Role:
    """One role; ``column`` is its column of the table."""

    column: str
    name: Words
    sees: Words


ROLES = (
    Role(
        "adm",
        _("Portalverwaltung"),
        _("Sieht alles, was das Portal hat. Vergibt jede Rolle und führt Konten und Protokolle."),
    ),
    Role(
        "staff",
        _("Fachstelle (Integrationspolitik)"),
        _(
            "Sieht die Einträge der Organisationen, für die ihre Abteilung zuständig ist. Menschen "
            "sieht sie nur, wenn sie sich an die Abteilung selbst gewandt haben. Lädt in den "
            "Organisationen darunter Koordination und Vertretung ein, in der eigenen Abteilung "
            "Fachstelle, Vertretung, Willkommensräume und Berichtswesen."
        ),
    ),
    Role(
        "staff",
        _("Fachstelle Sozialamt (Clearingstelle)"),
        _(
            "Wie jede Fachstelle. Dazu beantwortet sie alle, die keine Organisation hat: «Ich weiß "
            "noch nicht, was passt», Gesuche und Tandems ohne Organisation."
        ),
    ),
    Role(
        "room_staff",
        _("Fachstelle Sozialplanung (Willkommensräume)"),
        _(
            "Sieht die Willkommensräume, für die ihre Abteilung zuständig ist, deren Termine und "
            "Träger. Sieht keine Menschen."
        ),
    ),
    Role(
        "coordinator",
        _("Koordination"),
        _(
            "Sieht die eigenen Organisationen und die Menschen, die sich an sie gewandt haben. Lädt "
            "für sie Koordination und Vertretung ein."
        ),
    ),
    Role(
        "deputy",
        _("Vertretung"),
        _(
            "Sieht bis zum letzten Tag der Vertretung, was die Koordination sieht. Exportiert nichts, "
            "lädt niemanden ein und beendet keinen Zugang."
        ),
    ),
    Role(
        "reporting",
        _("Berichtswesen"),
        _(
            "Sieht Zahlen und die Einträge der eigenen Abteilung und der Organisationen, für die sie "
            "zuständig ist, ohne interne Notizen. Sieht keine Menschen. Wer daneben eine andere "
            "Rolle hat, sieht mit dieser nur Zahlen."
        ),
    ),
    Role(
        "vol",
        _("Engagierte"),
        _(
            "Sehen auf «Meine Seite», was das Portal über sie selbst hat. In die Verwaltung kommen "
            "sie nicht. Organisationen sehen von ihnen nur, was sie ihnen mit den eigenen Anmeldungen "
            "gesagt haben; das Profil selbst sehen sie und die Portalverwaltung."
        ),
    ),
    Role(
        "anon",
        _("Menschen ohne Anmeldung"),
        _(
            "Sehen, was veröffentlicht ist. Wer sich meldet, öffnet die eigenen Angaben über den "
            "Link aus der Mail."
        ),
    ),
)
"""All roles. Two kinds of Fachstelle share one column: they may do the same, with other records."""

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
}
NOTHING = _("nichts")

NAMES: dict[str, Words] = {
    "programs.entry": _("Alle Einträge in einer Liste"),
    "programs.history": _("Verlauf: wer was wann geändert hat"),
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
    """What a role may do with a resource, as text in a fixed order; «nichts» if nothing."""
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
