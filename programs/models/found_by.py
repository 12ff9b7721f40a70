"""The index by which lists of many people are searched."""

from django.contrib.postgres.indexes import GinIndex, OpClass

from .entries import Fold


def found_by(*columns: str, name: str) -> GinIndex:
    """Trigrams of the folded ``columns``: finds any three letters in them, in any spelling."""
    return GinIndex(*(OpClass(Fold(one), name="gin_trgm_ops") for one in columns), name=name)
