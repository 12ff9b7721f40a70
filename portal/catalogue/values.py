"""What the filters of the catalogue read from the query string, one value or one list each."""

import re
from copy import copy
from typing import Any, Self

import django_filters
from django import forms

from portal.search.places import atlas
from portal.search.question import MOST_WORDS
from programs.vocabulary import Word

MAX_QUERY = 120
"""What goes beyond so many characters is not looked for; the page says so."""
MAX_SHOWN = 500
"""So many characters stay in the field, to be shortened."""


class WordsField(forms.Field):
    """Cleans the values given for a facet to the words it knows; unknown values are dropped."""

    widget = forms.MultipleHiddenInput  # only reads values; the template renders the checkboxes

    def __init__(self, *, words: list[Word], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.words = words

    def clean(self, value: list[str] | None) -> list[Word]:
        given = set(value or ())
        return [word for word in self.words if word.value in given]


class LineField(forms.Field):
    """A text as one line of at most ``most`` characters, without control characters."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most = most

    def clean(self, value: str | None) -> str:
        return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", value or "")[: self.most].split())


class Reading(django_filters.Filter):
    """Reads a parameter. It does not filter the queryset."""

    def __deepcopy__(self, memo: Any) -> Self:
        """Shallow copies are enough, and faster than making a field: a request changes only its words."""
        copied = copy(self)
        copied._field = copy(self.field)
        return copied


class WordFilter(Reading):
    """A choice among the words of ``facet``."""

    field_class = WordsField

    def __init__(self, facet: str, **kwargs: Any) -> None:
        super().__init__(words=[], **kwargs)
        self.facet = facet


class FacetFilter(WordFilter):
    """Entries that carry any of the chosen tokens."""

    def tokens(self, value: list[Word]) -> list[str]:
        return [word.token for word in value]


class DistrictFilter(FacetFilter):
    """The chosen districts, with their neighbours when ``umkreis`` is ticked."""

    def tokens(self, value: list[Word]) -> list[str]:
        tokens = super().tokens(value)
        nearby = tokens and self.parent.form.cleaned_data["umkreis"]
        return sorted(_with_neighbours(tokens)) if nearby else tokens


def _with_neighbours(tokens: list[str]) -> set[str]:
    known = atlas().neighbours
    numbers = [token.partition(":")[2] for token in tokens]
    return {*tokens, *(f"district:{near}" for number in numbers for near in known.get(number, ()))}


class SearchFilter(Reading):
    field_class = LineField

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(most=MAX_SHOWN, **kwargs)


class PlaceFilter(Reading):
    """A place near which entries are looked for; what is too long is answered by a sentence."""

    field_class = LineField

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(most=MAX_SHOWN, **kwargs)


class LiteralField(forms.Field):
    """Words of the question that are looked for as they are, whatever they may mean."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: list[str] | None) -> list[str]:
        return [word[:MAX_QUERY] for word in dict.fromkeys(value or ()) if word][:MOST_WORDS]


class LiteralFilter(Reading):
    field_class = LiteralField
