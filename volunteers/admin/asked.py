"""The questions to people, as fieldsets of the admin."""

from django.apps import apps

from ..models.profile import asked_of
from ..models.questions import Section


def asked_in(record: str, section: Section) -> tuple[str, ...]:
    """The fields of ``record`` with the answers of a section, in the order of the form."""
    return tuple(question.name for question in asked_of(record, section))


def in_model_order(record: str, section: Section) -> tuple[str, ...]:
    """The same in the order of the model, relations at the end."""
    meta = apps.get_model("volunteers", record)._meta
    asked = asked_in(record, section)
    return tuple(one.name for one in (*meta.fields, *meta.many_to_many) if one.name in asked)
