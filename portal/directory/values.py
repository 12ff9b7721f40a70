"""What two organisations say differently, and what the merged one shall say."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from programs.models import Organisation, Provenance
from programs.requests import AnyUser
from programs.wording import NOTHING, RelatedNames, Wording

Values = dict[str, Any]

KEPT, MERGED, BOTH = "kept", "merged", "both"

LEFT_ALONE = frozenset({"entry_ptr", "slug", "organisation", "is_clearing_office"})
"""Fields that nobody chooses: both addresses go on working, and there is one clearing office."""

PROVENANCE = tuple(field.name for field in Provenance._meta.fields)
TOGETHER = (
    (_("Telefon"), ("phone", "phone_hours")),
    (_("Zeitraum"), ("starts_on", "ends_on", "period_note")),
    (_("Stand und Quelle"), PROVENANCE),
)
"""Fields that mean something only together, so they are chosen together."""


@dataclass(frozen=True)
class Choice:
    """One thing to choose: a field, or fields that belong together."""

    label: str
    fields: tuple[Any, ...]
    kept: Organisation
    merged: Organisation
    wording: Wording

    @property
    def name(self) -> str:
        return str(self.fields[0].name)

    @property
    def differs(self) -> bool:
        return self.of(self.kept) != self.of(self.merged)

    @property
    def can_be_joined(self) -> bool:
        """Whether both values can stay: of lists and of long texts, if neither is empty."""
        field = self.fields[0]
        joined = field.many_to_many or isinstance(field, (ArrayField, models.TextField))
        return joined and not self._lacks(self.kept) and not self._lacks(self.merged)

    @property
    def proposed(self) -> str:
        """What stays keeps its own values; where it has none, or is hidden, the other one helps out."""
        shown = self.name == "is_published" and self.merged.is_published
        return MERGED if shown or self._lacks(self.kept) else KEPT

    def of(self, organisation: Organisation) -> list[Any]:
        return [_value(field, organisation) for field in self.fields]

    def _lacks(self, organisation: Organisation) -> bool:
        """Whether nothing was entered. Among fields that are chosen together a default means nothing."""
        together = len(self.fields) > 1
        return all(
            value in (None, "", []) or (together and value == field.get_default())
            for field, value in zip(self.fields, self.of(organisation), strict=True)
        )

    def chosen(self, which: str) -> Values:
        """The values by field, for ``which`` of the organisations."""
        if which == BOTH:
            field = self.fields[0]
            return {field.name: _joined(field, self.of(self.kept)[0], self.of(self.merged)[0])}
        source = self.merged if which == MERGED else self.kept
        return {field.name: _value(field, source) for field in self.fields}

    @property
    def kept_text(self) -> str:
        return self._text(self.kept)

    @property
    def merged_text(self) -> str:
        return self._text(self.merged)

    def _text(self, organisation: Organisation) -> str:
        """The value; of fields that are chosen together those that say something, with their labels."""
        if len(self.fields) == 1:
            return _text(self.wording, self.fields[0], self.of(organisation)[0])
        parts = [
            f"{field.verbose_name}: {_text(self.wording, field, value)}"
            for field, value in zip(self.fields, self.of(organisation), strict=True)
            if value not in (None, "", field.get_default())
        ]
        return "\n".join(parts) or NOTHING


def _value(field: Any, organisation: Organisation) -> Any:
    if field.many_to_many:
        return sorted(getattr(organisation, field.name).all(), key=str)
    return getattr(organisation, field.attname)


def _joined(field: Any, one: Any, other: Any) -> Any:
    if isinstance(field, models.TextField):
        return one if other in one else f"{one}\n\n{other}"
    return [*one, *(item for item in other if item not in one)]


def _text(wording: Wording, field: Any, value: Any) -> str:
    if field.many_to_many:
        return ", ".join(map(str, value)) or NOTHING
    return wording.text(field, value)


class Comparison:
    """Two organisations side by side."""

    def __init__(self, kept: Organisation, merged: Organisation, reader: AnyUser) -> None:
        self.kept, self.merged, self.reader = kept, merged, reader

    @cached_property
    def choices(self) -> list[Choice]:
        """Everything that the two say differently, in the order of the form."""
        rows = [{"department_id": one.department_id} for one in (self.kept, self.merged)]
        wording = Wording(RelatedNames(self.reader, rows))
        made = [
            Choice(str(label), fields, self.kept, self.merged, wording)
            for label, fields in _grouped()
        ]
        return [choice for choice in made if choice.differs]

    def proposed(self) -> Values:
        """The values of what stays, where it lacks something those of the other one."""
        return self.chosen({choice.name: choice.proposed for choice in self.choices})

    def chosen(self, which: Mapping[str, str]) -> Values:
        found: Values = {}
        for choice in self.choices:
            found |= choice.chosen(which[choice.name])
        return found

    @property
    def fingerprint(self) -> str:
        """Changes with every value of the two that the page shows."""
        said = [(c.name, c.kept_text, c.merged_text) for c in self.choices]
        text = repr((self.kept.pk, self.merged.pk, said))
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def _grouped() -> list[tuple[Any, tuple[Any, ...]]]:
    """Label and fields of each choice. A new field of an organisation is among them by itself."""
    options = Organisation._meta
    fields = [
        field
        for field in (*options.concrete_fields, *options.many_to_many)
        if field.editable and field.name not in LEFT_ALONE and not field.primary_key
    ]
    fields.sort(key=lambda field: field.name in PROVENANCE)  # last
    by_name: dict[str, tuple[Any, tuple[str, ...]]] = {
        names[0]: (label, names) for label, names in TOGETHER
    }
    later = {name for _label, names in TOGETHER for name in names[1:]}
    found = []
    for field in fields:
        if field.name in later:
            continue
        label, names = by_name.get(field.name, (field.verbose_name, (field.name,)))
        found.append((label, tuple(options.get_field(name) for name in names)))
    return found
