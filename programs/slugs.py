"""Slugs of records, with the German spelling of umlauts."""

from typing import Any

from django.db import models
from django.utils.text import slugify

from .models import FormerOrganisation

GERMAN = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"}
)


def slug_of(title: str) -> str:
    """„Stuttgart-Süd“ is ``stuttgart-sued``; empty for a title without Latin letters and digits."""
    return slugify(title.translate(GERMAN))


def free_slug(model: type[models.Model], title: str) -> str:
    """A slug for ``title`` that is still free: „Süd“ becomes ``sued``, then ``sued-2``.

    The slug of an organisation that was merged is not free: it leads to the one it was merged into.
    """
    length = getattr(model._meta.get_field("slug"), "max_length", None) or 50
    base = slug_of(title)[: length - 6].strip("-") or "eintrag"
    former = FormerOrganisation.objects.filter(slug__startswith=base)
    found = model._default_manager.filter(slug__startswith=base)
    taken = {*found.values_list("slug", flat=True), *former.values_list("slug", flat=True)}
    candidates = (f"{base}-{number}" if number > 1 else base for number in range(1, len(taken) + 2))
    return next(slug for slug in candidates if slug not in taken)


def give_slug(record: Any, title_field: str = "title") -> None:
    """Give ``record`` a free slug if it has a title and no slug; it is not saved."""
    title = getattr(record, title_field)
    if title and not record.slug:
        record.slug = free_slug(record._meta.get_field("slug").model, title)
