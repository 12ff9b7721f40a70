"""Words of 60 letters in every text of every record: what holds them holds all."""

from django.contrib import admin
from django.db import DatabaseError, models, transaction

LONG = "Flüchtlingsunterkunftsbewohnerversammlungsprotokollführerinnen"


def lengthen() -> int:
    """Make every free text of every record a long word, where the database lets it; returns how many columns."""
    changed = 0
    for model in admin.site._registry:
        for column in filter(is_free_text, model._meta.local_concrete_fields):
            try:
                with transaction.atomic():
                    changed += bool(model._default_manager.update(**{column.name: LONG}))
            except DatabaseError:  # unique, or final
                continue
    return changed


def is_free_text(column: models.Field) -> bool:
    kinds = (models.URLField, models.EmailField, models.SlugField)
    return (
        isinstance(column, models.CharField | models.TextField)
        and not isinstance(column, kinds)
        and not column.choices
        and not column.unique
        and column.name != "password"  # another one ends the sessions of the account
        and (column.max_length or len(LONG)) >= len(LONG)
    )
