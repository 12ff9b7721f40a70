"""Pictures, voices and stories that name a person: with the person they go from the public pages."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from programs import stories
from programs.models import Picture, Story, Voice

if TYPE_CHECKING:
    from .places import Places
    from .traces import Known

TEXTS: Mapping[type[models.Model], tuple[str, ...]] = {
    Picture: ("alt", "photographer", "agreed_how"),
    Voice: ("text", "said_by", "translations", "agreed_how"),
    Story: ("title", "person", "text", "translations", "agreed_by", "agreed_how"),
}
"""The columns that may name somebody."""
PLACES: Mapping[type[models.Model], tuple[str, ...]] = {
    Picture: ("entry", "story__programme"),
    Voice: ("entry",),
    Story: ("programme",),
}
"""The ways to the entry."""


def withdraw_shown(known: "Known", places: "Places") -> None:
    """Remove what names the person where they are known, and what has their address or number anywhere."""
    if not known:
        return
    for model, names in TEXTS.items():
        rows: models.QuerySet[Any] = model._default_manager.filter(
            _says(names, known.exact) | (_says(names, known.named) & _at(PLACES[model], places))
        )
        if model is Story:
            stories.withdraw(rows)
        else:
            rows.delete()


def _says(names: tuple[str, ...], words: str) -> Q:
    found = Q(pk__in=())
    for name in names:
        found |= Q(**{f"{name}__iregex": words})
    return found


def _at(ways: tuple[str, ...], places: "Places") -> Q:
    """An organisation's own page, and those of what it offers."""
    found = Q(pk__in=())
    for way in ways:
        found |= Q(**{f"{way}__organisation__in": places.organisations})
        found |= Q(**{f"{way}__in": places.organisations})
    return found
