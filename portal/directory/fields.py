"""What an organisation can change of its entry by a mailed link, and how a value is kept and read."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from programs.meanwhile import NOTHING
from programs.models import Entry

Values = dict[str, Any]
"""Field → value as JSON: text, number, yes or no, list of choices, list of primary keys."""

GROUPS: Mapping[Any, tuple[str, ...]] = {
    _("Worum es geht"): ("title", "summary", "description", "fields", "target_groups"),
    _("Wo und wann"): ("districts", "located_at", "weekdays", "dayparts", "time_note"),
    _("Mitmachen"): (
        *("status", "accepts_sign_ups", "places", "languages"),
        *("without_german", "newcomers_welcome", "for_groups", "requirements"),
    ),
    _("Kontakt"): ("contact_role", "phone", "phone_hours", "website"),
}
"""The fields as the page shows them."""
CHANGEABLE = tuple(name for names in GROUPS.values() for name in names)
LISTS = ("districts", "fields", "target_groups")
ONLY_JOINABLE = (
    "accepts_sign_ups",
    "places",
    "without_german",
    "newcomers_welcome",
    "for_groups",
    "requirements",
)
"""What means nothing for an office that nobody can join."""
AT_ONCE = frozenset({"weekdays", "dayparts", "phone", "phone_hours"})
"""What holds at once unless staff decide otherwise: times and the telephone, but no texts."""


def changeable(entry: Entry) -> list[str]:
    office = entry.kind == Entry.Kind.ORGANISATION
    return [name for name in CHANGEABLE if not (office and name in ONLY_JOINABLE)]


def values_of(entry: Entry, names: Iterable[str]) -> Values:
    """What the entry says now."""
    return {name: _value(entry, name) for name in names}


def _value(entry: Entry, name: str) -> Any:
    if _field(name).many_to_many:
        return sorted(one.pk for one in getattr(entry, name).all())
    return as_json(getattr(entry, name))


def as_json(value: Any) -> Any:
    """A value of a form or a record; browsers end lines with CR and LF."""
    if isinstance(value, (list, tuple, models.QuerySet)):
        return sorted(getattr(one, "pk", one) for one in value)
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def write(entry: Entry, values: Values) -> None:
    """Save these values and nothing else. Raises ``ValidationError`` when one is not possible."""
    columns = {name: value for name, value in values.items() if not _field(name).many_to_many}
    for name, value in columns.items():
        setattr(entry, name, value)
    entry.full_clean(exclude=set(_others(columns)), validate_unique=False)
    if columns:
        entry.save(update_fields=[*columns, "updated_at"])
    for name in values.keys() - columns.keys():
        getattr(entry, name).set(
            _field(name).related_model._default_manager.filter(pk__in=values[name])
        )
    if values and not columns:
        entry.save(update_fields=["updated_at"])


def _others(columns: Values) -> Iterable[str]:
    return (field.name for field in Entry._meta.get_fields() if field.name not in columns)


class Names:
    """Values as people read them; the names of lists are read once for a whole page."""

    def __init__(self, values: Iterable[Values]) -> None:
        numbers: dict[str, set[Any]] = {}
        for found in values:
            for name, value in found.items():
                if _field(name).many_to_many:
                    numbers.setdefault(name, set()).update(value)
        self._names = {
            name: {one.pk: str(one) for one in _all(name).filter(pk__in=wanted)}
            for name, wanted in numbers.items()
        }

    def text(self, name: str, value: Any) -> str:
        field = _field(name)
        if value in (None, "", []):
            return NOTHING
        if field.many_to_many:
            known = self._names[name]
            return ", ".join(known[pk] for pk in value if pk in known) or NOTHING
        if isinstance(value, bool):
            return str(_("ja") if value else _("nein"))
        if isinstance(field, ArrayField):
            labels: dict[Any, Any] = dict(field.base_field.flatchoices)
            return ", ".join(str(labels.get(one, one)) for one in value)
        return str(dict(field.flatchoices).get(value, value))


def _all(name: str) -> Any:
    return _field(name).related_model._default_manager.all()


def _field(name: str) -> Any:
    return Entry._meta.get_field(name)


def label_of(name: str) -> str:
    return str(capfirst(_field(name).verbose_name))


CHOICES = [(name, label_of(name)) for name in CHANGEABLE]
