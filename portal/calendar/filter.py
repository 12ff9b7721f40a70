"""The filters of the event list: one kind and one district."""

from collections.abc import Callable
from typing import Any

import django_filters
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from portal.catalogue.values import WordsField
from programs.models import District, Event, EventQuerySet
from programs.models.choices import listed
from programs.vocabulary import Word

KINDS = {
    Event.Kind.TRAINING: "schulung",
    Event.Kind.INTRODUCTION: "einfuehrungsabend",
    Event.Kind.DIALOGUE: "buergerdialog",
    Event.Kind.COMMUNITY_TALK: "gemeinschaftsgespraech",
    Event.Kind.RECOGNITION: "anerkennung",
    Event.Kind.ENCOUNTER: "begegnung",
    Event.Kind.REFLECTION: "reflexion",
}


def event_kinds() -> list[Word]:
    return [Word(kind.value, value, str(kind.label)) for kind, value in KINDS.items()]


def event_districts() -> list[Word]:
    rows = District.objects.values_list("number", "slug", "short_name")
    return [Word(number, slug, name) for number, slug, name in rows]


class ColumnFilter(django_filters.Filter):
    """Events whose column holds one of the chosen words; all events if none is chosen."""

    field_class = WordsField

    def __init__(self, column: str, *, words: Callable[[], list[Word]], **kwargs: Any) -> None:
        super().__init__(column, **kwargs)
        self.words = words

    @property
    def field(self) -> WordsField:
        self.extra["words"] = self.words()
        field: WordsField = super().field
        return field

    def filter(self, qs: EventQuerySet, value: list[Word]) -> EventQuerySet:
        tokens = [word.token for word in value]
        return qs.filter(**{f"{self.field_name}__in": tokens}) if tokens else qs


class EventFilter(django_filters.FilterSet):
    """Call ``is_valid()`` first. It never fails: unknown values are dropped."""

    art = ColumnFilter("kind", label=_("Art"), words=event_kinds)
    bezirk = ColumnFilter("district", label=_("Stadtbezirk"), words=event_districts)

    @property
    def selects(self) -> list[dict[str, Any]]:
        """The data of the two ``<select>`` fields, with words for which there is an event, or that are chosen."""
        rows = list(Event.objects.upcoming().order_by().values_list("kind", "district").distinct())
        there = {
            "art": {kind for kind, _district in rows},
            "bezirk": {district for _kind, district in rows},
        }
        found = []
        for name, column in self.filters.items():
            chosen = {word.value for word in self.form.cleaned_data[name]}
            words = [
                word
                for word in self.form.fields[name].words
                if word.token in there[name] or word.value in chosen
            ]
            found.append({"name": name, "label": column.label, "words": words, "chosen": chosen})
        return found

    @property
    def is_narrowed(self) -> bool:
        return any(self.form.cleaned_data.values())

    @property
    def query(self) -> str:
        """What is chosen, as a query string with its „?“; empty if nothing is."""
        query = QueryDict(mutable=True)
        for name, words in self.form.cleaned_data.items():
            query.setlist(name, [word.value for word in words])
        return f"?{query.urlencode()}" if self.is_narrowed else ""

    @property
    def words(self) -> str:
        """What is chosen, in words: „Schulung, Feuerbach“."""
        return listed(word.label for words in self.form.cleaned_data.values() for word in words)
