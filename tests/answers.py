"""Two different answers to any question: the stored value, the posted value and the displayed text."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from volunteers.names import NameField

EMAIL = "amina@example.org"
"""The answer to an e-mail field is always the same, because the address identifies the person."""
MARK = "Quappe"
"""A word that is in every typed answer but a number."""
FIRST, SECOND = 0, 1


def answer(column: Any, which: int) -> Any:
    """The value to store in ``column``; a list of records where the field is a relation."""
    if isinstance(column, models.EmailField):
        return EMAIL
    if column.many_to_many:
        return [column.related_model.objects.all()[which]]
    if column.many_to_one:
        return column.related_model.objects.all()[which]
    if isinstance(column, ArrayField):
        choices: Any = column.base_field.choices
        return [choices[which][0]]
    if column.choices:
        return column.choices[which][0]
    if isinstance(column, models.BooleanField):
        return which == FIRST
    if isinstance(column, models.IntegerField):
        return 2 + which
    if column.name == "phone":
        return f"0711 47305{which}"
    if isinstance(column, NameField):  # takes neither digits nor underscores
        return f"{MARK} {column.name.replace('_', '-')} {('Erste', 'Zweite')[which]}"
    return f"{MARK} {column.name} {which}"


def kept(record: models.Model, column: Any) -> Any:
    found = getattr(record, column.name)
    return list(found.all()) if column.many_to_many else found


def posted(columns: dict[str, Any], which: int) -> dict[str, Any]:
    """What a browser sends, for form fields by name."""
    found = {}
    for key, column in columns.items():
        value = answer(column, which)
        if isinstance(value, list):
            found[key] = [getattr(one, "pk", one) for one in value]
        elif value is not False:  # an unticked checkbox sends nothing
            found[key] = getattr(value, "pk", value)
    return found


def in_words(column: Any, which: int) -> str:
    value = answer(column, which)
    choices = getattr(column, "base_field", column).choices
    labels: dict[Any, Any] = dict(choices or {True: "ja", False: "nein"})
    many = value if isinstance(value, list) else [value]
    return ", ".join(str(labels.get(one, one)) for one in many)
