"""What a file of translations changes: looked at first, then written."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as __

from programs.models.translated import Translation
from programs.texts import keep, said_problem, translation_of

from .kinds import Line
from .xliff import Unit, key_of


@dataclass(frozen=True)
class Change:
    line: Line
    name: str
    before: str
    after: str

    @property
    def label(self) -> str:
        column: Any = self.line.record._meta.get_field(self.name)
        return str(column.verbose_name)


@dataclass(frozen=True)
class Refusal:
    what: str
    text: str
    reason: str


@dataclass
class Plan:
    """``same`` are translated so already, ``empty`` not translated in the file."""

    changes: list[Change] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    same: int = 0
    empty: int = 0


def plan(units: list[Unit], lines: list[Line]) -> Plan:
    """Compare a file with the records of today."""
    known = {key_of(line, name): (line, name) for line in lines for name in line.names}
    made, seen = Plan(), set()
    for unit in units:
        line, name = known.get(unit.key, (None, ""))
        if not unit.target:
            made.empty += 1
        elif line is None:
            reason = __("Diesen Text gibt es nicht, oder er ist nicht öffentlich.")
            made.refused.append(Refusal(unit.key, unit.target, reason))
        elif reason := "" if unit.key not in seen else __("Der Text steht zweimal in der Datei."):
            made.refused.append(Refusal(line.label, unit.target, reason))
        else:
            seen.add(unit.key)
            _one(made, unit, line, name)
    return made


def _one(made: Plan, unit: Unit, line: Line, name: str) -> None:
    there = line.record.translation(name, line.language)
    before = there["text"] if there else ""
    if _squeezed(unit.source) != _squeezed(line.record.german(name)):
        reason = __("Der deutsche Text ist inzwischen ein anderer.")
    else:
        reason = said_problem(type(line.record), name, unit.target)
    if before == unit.target and name in line.done:
        made.same += 1
    elif reason:
        made.refused.append(Refusal(line.label, unit.target, reason))
    else:
        made.changes.append(Change(line, name, before, unit.target))


def _squeezed(text: str) -> str:
    """Tools change line ends and spaces at the ends of lines."""
    return " ".join(text.split())


def write(made: Plan) -> int:
    """Write the changes; returns how many. The database puts those of a record together."""
    found: dict[tuple[str, int], dict[str, Translation]] = defaultdict(dict)
    lines = {}
    for change in made.changes:
        key = change.line.kind.slug, change.line.pk
        lines[key] = change.line
        text = translation_of(change.line.record, change.name, change.after)
        found[key][change.name] = text
    for key, texts in found.items():
        record = lines[key].record
        record.pk = lines[key].pk
        keep(record, lines[key].language, texts)
    return len(made.changes)
