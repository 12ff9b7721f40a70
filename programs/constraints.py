"""Messages for violated database constraints."""

from django.apps import apps
from django.db import IntegrityError
from django.db.models import CheckConstraint, Model, Q
from django.utils.translation import gettext as _


def sentence_of(error: IntegrityError) -> str:
    """The ``violation_error_message`` of the constraint that the database named in ``error``."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name:
                return str(constraint.violation_error_message)
    return _("Das widerspricht einem anderen Datensatz.")


def fields_of(instance: Model, sentence: str) -> set[str]:
    """The fields that the check constraint with this ``violation_error_message`` compares."""
    return {
        name
        for _model, constraints in instance.get_constraints()
        for one in constraints
        if isinstance(one, CheckConstraint) and str(one.violation_error_message) == sentence
        if isinstance(one.condition, Q)
        for name in one.condition.referenced_base_fields
    }
