"""Convert cells to values and back, in the usual German formats.

``clean`` takes a cell of a file (text, number, date) and raises ``ValueError`` with a sentence.
``render`` returns the value for an export. A value from a list of choices is found regardless of
case, spaces, punctuation and the spelling of umlauts.
"""

import datetime
import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email, validate_slug
from django.forms.utils import from_current_timezone
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export import widgets

from .cells import as_text, key, tidy
from .reading.cells import BadCell, Lost

SEPARATOR = ", "
_SCIENTIFIC = re.compile(r"\d+(?:[.,]\d+)?E\+\d+", re.IGNORECASE)
"""How a spreadsheet shows a long number; the digits behind it are lost in a CSV file."""
_DAY = re.compile(r"(\d{1,2})\s*\.\s*(\d{1,2})\s*\.\s*(\d{4}|\d{2})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_CLOCK = re.compile(
    r"(\d{1,2})(?:[:.](\d{2}))?(?:[:.]\d{2}(?:\.\d+)?)?\s*(?:uhr|h)?", re.IGNORECASE
)


class TextWidget(widgets.Widget):
    """Text. A number (Excel converts some text to numbers) becomes text again. ``lines`` keeps line breaks."""

    def __init__(self, *, lines: bool = False) -> None:
        self.lines = lines

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        text = as_text(value)
        if _SCIENTIFIC.fullmatch(text.strip()):
            raise ValueError(BadCell(text, Lost.DIGITS).sentence)
        return text if self.lines else tidy(text)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else str(value)


_LOCAL_NUMBER = re.compile(r"[1-9](?:[ /-]*\d){6,}")


def _lacks_its_beginning(cell: Any) -> bool:
    return isinstance(cell, int) and not isinstance(cell, bool) and cell >= 10**6


def _may_lack_its_beginning(cell: Any) -> bool:
    """A text, as in CSV files: either the 0 was lost before, or somebody wrote no area code."""
    return isinstance(cell, str) and _LOCAL_NUMBER.fullmatch(cell.strip()) is not None


class PhoneWidget(TextWidget):
    """A phone number. Where a spreadsheet took it for a number, it has lost the 0 or + in front."""

    doubts = {
        gettext_lazy(
            "%(column)s: Die Tabelle hat vorn die 0 oder das + weggelassen; bitte prüfen Sie, ob sie "
            "richtig ergänzt sind: Zeile %(rows)s."
        ): _lacks_its_beginning,
        gettext_lazy(
            "%(column)s: Hier fehlt die Vorwahl, oder die 0 davor ist verloren gegangen. Übernommen "
            "wird, was in der Datei steht; bitte prüfen Sie: Zeile %(rows)s."
        ): _may_lack_its_beginning,
    }
    """A sentence for the preview → which cells it is about."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        text = super().clean(value)
        if not _lacks_its_beginning(value):
            return text
        return f"+{text}" if text.startswith("49") and len(text) > 10 else f"0{text}"


class SlugWidget(TextWidget):
    """The last part of an entry's address in the portal."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        text = super().clean(value)
        try:
            if text:
                validate_slug(text)
        except ValidationError as error:
            message = _(
                "„%(text)s“ ist keine Adresse im Portal. Gemeint ist das Ende der Webadresse des "
                "Eintrags, wie „freundeskreis-sued“, keine Anschrift. Lassen Sie die Spalte weg, wenn "
                "Sie sie nicht kennen."
            )
            raise ValueError(message % {"text": text}) from error
        return text


class EmailWidget(TextWidget):
    """A mail address in lower case, because the portal compares them in that form; it may be missing."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        address = super().clean(value).removeprefix("mailto:").lower()
        if not address:
            return ""
        try:
            validate_email(address)
        except ValidationError as error:
            text = _("„%(text)s“ ist keine E-Mail-Adresse.")
            raise ValueError(text % {"text": address}) from error
        return address


class NumberWidget(widgets.Widget):
    """A whole number, or nothing."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> int | None:
        text = tidy(as_text(value))
        if not text:
            return None
        if not re.fullmatch(r"\d{1,9}", text):
            raise ValueError(
                _(
                    "„%(text)s“ ist keine ganze Zahl. Schreiben Sie sie ohne Komma und Vorzeichen, wie 12."
                )
                % {"text": text}
            )
        return int(text)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return value


class DegreesWidget(widgets.Widget):
    """Latitude or longitude in degrees, with a comma or a point, or nothing."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> float | None:
        text = tidy(as_text(value)).removesuffix("°").replace(",", ".")
        if not text:
            return None
        if not re.fullmatch(r"-?\d{1,3}(\.\d{1,20})?", text):
            raise ValueError(
                _("„%(text)s“ ist keine Angabe in Grad. Schreiben Sie sie wie 48,7754.")
                % {"text": text}
            )
        return float(text)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return value


class YesNoWidget(widgets.Widget):
    YES = frozenset({"ja", "j", "x", "1", "true", "wahr", "yes"})
    NO = frozenset({"nein", "n", "0", "false", "falsch", "no", ""})

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> bool:
        text = tidy(as_text(value)).casefold()
        if text in self.YES:
            return True
        if text in self.NO:
            return False
        raise ValueError(_("„%(text)s“ ist weder „ja“ noch „nein“.") % {"text": text})

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return bool(value)


def parse_day(value: Any) -> datetime.date | None:
    """Parses 01.03.2018, 1.3.18, 2018-03-01 or a date object. Two-digit years mean 1950 to 2049."""
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    text = tidy(as_text(value))
    if not text:
        return None
    if match := _DAY.fullmatch(text):
        day, month, year = map(int, match.groups())
        year += 0 if year > 99 else 2000 if year < 50 else 1900
    elif match := _ISO_DAY.fullmatch(text.partition("T")[0].removesuffix(" 00:00:00")):
        year, month, day = map(int, match.groups())
    else:
        raise ValueError(_not_a_day(text))
    try:
        return datetime.date(year, month, day)
    except ValueError as error:
        raise ValueError(_not_a_day(text)) from error


def _not_a_day(text: str) -> str:
    return _("„%(text)s“ ist kein Datum. Schreiben Sie es wie 01.03.2018.") % {"text": text}


class DayWidget(widgets.Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> datetime.date | None:
        return parse_day(value)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return value


class MomentWidget(widgets.Widget):
    """Date and time in Europe/Berlin: „01.03.2027 18:00“, „1.3.27, 18 Uhr“."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> datetime.datetime | None:
        if isinstance(value, datetime.datetime):
            return self._on_the_clock(value) if timezone.is_naive(value) else value
        text = tidy(as_text(value)).replace("T", " ")
        if not text:
            return None
        day_text, _space, clock = text.partition(" ")
        match = _CLOCK.fullmatch(clock.strip())
        day = parse_day(day_text.rstrip(","))
        if day is None or match is None:
            raise ValueError(self._message(text))
        try:
            time = datetime.time(int(match[1]), int(match[2] or 0))
        except ValueError as error:
            raise ValueError(self._message(text)) from error
        return self._on_the_clock(datetime.datetime.combine(day, time))

    def _on_the_clock(self, naive: datetime.datetime) -> datetime.datetime:
        """Refuses an hour that a clock change skips or repeats, as Django's forms do."""
        try:
            return from_current_timezone(naive)
        except ValidationError as error:
            text = _(
                "„%(text)s“ gibt es nicht oder zweimal, weil die Uhr umgestellt wird. Bitte schreiben "
                "Sie eine andere Uhrzeit."
            )
            raise ValueError(text % {"text": as_text(naive)}) from error

    def _message(self, text: str) -> str:
        return _("„%(text)s“ ist kein Zeitpunkt. Schreiben Sie ihn wie 01.03.2027 18:00.") % {
            "text": text
        }

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return value


class ChoiceWidget(widgets.Widget):
    """One choice, given by its German label, its stored value or another word for it."""

    def __init__(
        self,
        choices: Iterable[tuple[Any, Any]],
        *,
        default: Any = "",
        also: Mapping[str, Any] | None = None,
    ) -> None:
        """``also``: other words for a choice."""
        self.labels = {value: str(label) for value, label in choices if value != ""}
        self.default = default
        self.by_key = {key(word): value for word, value in (also or {}).items()}
        self.by_key |= {key(str(value)): value for value in self.labels}
        self.by_key |= {key(label): value for value, label in self.labels.items()}

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        text = tidy(as_text(value))
        return self.find(text) if text else self.default

    def find(self, text: str) -> Any:
        if (found := key(text)) in self.by_key:
            return self.by_key[found]
        known = SEPARATOR.join(self.labels.values())
        raise ValueError(
            _("„%(text)s“ gibt es nicht. Möglich sind: %(known)s.") % {"text": text, "known": known}
        )

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return self.labels.get(value, "")
