"""Writing down what somebody answered: columns first, then what is linked to the stored row."""

from collections.abc import Mapping
from typing import Any

from django.db import models

Answers = Mapping[str, Any]
"""Checked answers by the name of the model field. What was not asked stays as it is; what a model has
no field for is passed over.
"""


def columns(model: type[models.Model] | models.Model, answers: Answers) -> dict[str, Any]:
    """Those that stand in the row itself."""
    names = {field.name for field in model._meta.concrete_fields}
    return {name: answers[name] for name in answers if name in names}


def write(record: models.Model, answers: Answers) -> None:
    """Save ``record`` with the answers."""
    for name, value in columns(record, answers).items():
        setattr(record, name, value)
    record.save()
    link(record, answers)


def link(record: models.Model, answers: Answers) -> None:
    """Set what is linked to ``record``, which is stored already."""
    for field in record._meta.many_to_many:
        if field.name in answers:
            getattr(record, field.name).set(answers[field.name])
