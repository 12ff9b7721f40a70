"""Records of one person that the app above this one keeps, such as requests for counselling.

They are named by label, because nothing here imports them. Each has ``name``, ``email``,
``organisation`` (who answers it) and ``submitted_at``, is that person's alone and goes with the
person. Its queryset knows ``unanswered()``: what waits for its first answer.
"""

from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet

from .confirmed import ConfirmedByLink

LABELS = ("portal.CounsellingRequest", "portal.CooperationOffer")
TEXTS = {
    "portal.CounsellingRequest": ("text", "notes", "on_behalf_of"),
    "portal.CounsellingMessage": ("text",),
    "portal.CooperationOffer": ("text", "company", "outcome"),
    "portal.Need": ("text",),
}
"""Label → free texts that may name somebody else."""
OWNERS = {"portal.CounsellingMessage": "request__organisation"}
"""Label → lookup of the organisation, where it is not ``organisation``."""


def models_above() -> tuple[type[Model], ...]:
    return tuple(apps.get_model(label) for label in LABELS)


def texts_above() -> list[tuple[type[Model], tuple[str, ...]]]:
    """:data:`TEXTS`, by model."""
    return [(apps.get_model(label), names) for label, names in TEXTS.items()]


def confirmed_above() -> tuple[type[Model], ...]:
    """Those whose mailbox a link has confirmed, or will."""
    return tuple(one for one in models_above() if issubclass(one, ConfirmedByLink))


def unconfirmed_above() -> tuple[type[Model], ...]:
    """Those that nobody confirms, so the name proves nothing."""
    return tuple(one for one in models_above() if not issubclass(one, ConfirmedByLink))


def unanswered_above() -> "list[QuerySet[Any]]":
    """What waits for its first answer, of each of these models."""
    rows: list[Any] = [one._default_manager.all() for one in models_above()]
    return [one.unanswered() for one in rows]


def model_called(name: str) -> type[Model]:
    """The model of a person's record with this name, of this app or of the one above."""
    label = next((one for one in LABELS if one.endswith(f".{name}")), f"volunteers.{name}")
    return apps.get_model(label)
