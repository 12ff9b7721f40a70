"""Store the answers of a form: first the columns of the row, then its many-to-many relations."""

from collections.abc import Mapping
from typing import Any

from django.db import models

from ..models.profile import MORE

Answers = Mapping[str, Any]
"""Validated answers by the name of the model field. A question that was not asked leaves its field
unchanged. Answers without a field in the model are ignored.
"""


def columns(model: type[models.Model] | models.Model, answers: Answers) -> dict[str, Any]:
    """The answers that are stored in columns of the row itself, and that „Mehr über Sie“ was asked."""
    names = {field.name for field in model._meta.concrete_fields}
    found = {name: answers[name] for name in answers if name in names}
    if "more_asked" in names and any(one.name in answers for one in MORE):
        found["more_asked"] = True
    return found


def write(record: models.Model, answers: Answers) -> None:
    """Save ``record`` with the answers, its many-to-many relations included."""
    for name, value in columns(record, answers).items():
        setattr(record, name, value)
    record.save()
    link(record, answers)


def link(record: models.Model, answers: Answers) -> None:
    """Set the many-to-many relations of ``record``, which has to be saved already."""
    for field in record._meta.many_to_many:
        if field.name in answers:
            getattr(record, field.name).set(answers[field.name])
