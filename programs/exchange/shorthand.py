"""Several choices in one cell, as people write them: „Deutsch und Arabisch“, „dt., engl.“, „Mo–Fr“."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import cached_property

from ..models.choices import Language, Weekday
from .cells import as_text, key
from .splitting import Splitter
from .widgets import SEPARATOR, ChoiceWidget

_LEVEL = re.compile(
    r"\(.*?\)|\b(?:[ABC][12]|Muttersprach\w*|fließend|sehr gut|gut|etwas|wenig|Grundkenntnisse)\b",
    re.IGNORECASE,
)
_SPAN = re.compile(r"(\w+)\.?\s*(?:-|–|—|\bbis\b)\s*(\w+)\.?", re.IGNORECASE)
LANGUAGES = {
    "dt": Language.GERMAN,
    "dtsch": Language.GERMAN,
    "frz": Language.FRENCH,
    "Persisch": Language.PERSIAN,
    "Dari": Language.PERSIAN,
    "Farsi": Language.PERSIAN,
    "Paschto": Language.PASHTO,
    "Pashto": Language.PASHTO,
    "Kurmanci": Language.KURMANJI,
    "Kurmanji": Language.KURMANJI,
}
WEEKDAYS = {
    "Sonnabend": [Weekday.SATURDAY],
    "täglich": list(Weekday),
    "Wochenende": [Weekday.SATURDAY, Weekday.SUNDAY],
    "unter der Woche": list(Weekday)[:5],
}


class ChoicesWidget(ChoiceWidget):
    """Several choices, by their labels, by other words (``also``) or by their beginning („engl.“)."""

    shortest = 3
    """Letters of a beginning that are enough."""

    def __init__(
        self, choices: Iterable[tuple[Any, Any]], *, also: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(choices, also=also)
        self.also = also or {}
        self.default = []

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[Any]:
        found = {one for part in self.split(as_text(value)) for one in self.find_all(part)}
        return [value for value in self.labels if value in found]

    def split(self, text: str) -> list[str]:
        return self.splitter.split(text)

    @cached_property
    def splitter(self) -> Splitter:
        return Splitter([*self.labels.values(), *self.also], self._knows)

    def _knows(self, text: str) -> bool:
        try:
            return bool(self.find_all(text))
        except ValueError:
            return False

    def find_all(self, text: str) -> list[Any]:
        return [self.find(text)]

    def find(self, text: str) -> Any:
        begin = key(text)
        found = {v for name, v in self.by_key.items() if name.startswith(begin)}
        if begin not in self.by_key and len(begin) >= self.shortest and len(found) == 1:
            return found.pop()
        return super().find(text)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        chosen = set(value or ())
        return SEPARATOR.join(label for item, label in self.labels.items() if item in chosen)


class LanguagesWidget(ChoicesWidget):
    """Languages; how well somebody speaks them („B2“, „Muttersprache“) is not kept."""

    def __init__(self) -> None:
        super().__init__(Language.choices, also=LANGUAGES)

    def split(self, text: str) -> list[str]:
        return super().split(_LEVEL.sub("", text))


class WeekdaysWidget(ChoicesWidget):
    """Weekdays, also as „Mo–Fr“, „montags“, „Wochenende“."""

    shortest = 2

    def __init__(self) -> None:
        super().__init__(Weekday.choices)
        self.together = {key(word): days for word, days in WEEKDAYS.items()}

    def find_all(self, text: str) -> list[Any]:
        if (days := self.together.get(key(text))) is not None:
            return days
        if span := _SPAN.fullmatch(text):
            first, last = self.find(span[1]), self.find(span[2])
            return [(first + n) % 7 for n in range((last - first) % 7 + 1)]
        return [self.find(re.sub(r"s$", "", text) if key(text) not in self.by_key else text)]


def choices_widget(choices: Iterable[tuple[Any, Any]]) -> ChoicesWidget:
    """The widget for several of ``choices``."""
    special: list[tuple[Any, type[LanguagesWidget | WeekdaysWidget]]] = [
        (Language, LanguagesWidget),
        (Weekday, WeekdaysWidget),
    ]
    given = list(choices)
    widget = next((widget for kind, widget in special if given == kind.choices), None)
    return widget() if widget else ChoicesWidget(given)
