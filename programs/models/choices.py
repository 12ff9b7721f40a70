"""Choice lists that entries, events and people share."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Language(models.TextChoices):
    """Languages in which people help. Codes are ISO 639-1, or ISO 639-3 if there is no two-letter code."""

    GERMAN = "de", _("Deutsch")
    ENGLISH = "en", _("Englisch")
    UKRAINIAN = "uk", _("Ukrainisch")
    RUSSIAN = "ru", _("Russisch")
    ARABIC = "ar", _("Arabisch")
    PERSIAN = "fa", _("Persisch/Dari")
    TURKISH = "tr", _("Türkisch")
    FRENCH = "fr", _("Französisch")
    TIGRINYA = "ti", _("Tigrinya")
    PASHTO = "ps", _("Paschtu")
    KURMANJI = "kmr", _("Kurmandschi")
    ROMANIAN = "ro", _("Rumänisch")
    CROATIAN = "hr", _("Kroatisch")
    ITALIAN = "it", _("Italienisch")
    GREEK = "el", _("Griechisch")
    SPANISH = "es", _("Spanisch")
    POLISH = "pl", _("Polnisch")
    ALBANIAN = "sq", _("Albanisch")
    SOMALI = "so", _("Somali")


OWN_NAMES: dict[str, str] = {
    Language.GERMAN: "Deutsch",
    Language.ENGLISH: "English",
    Language.UKRAINIAN: "Українська",
    Language.RUSSIAN: "Русский",
    Language.ARABIC: "العربية",
    Language.PERSIAN: "فارسی / دری",
    Language.TURKISH: "Türkçe",
    Language.FRENCH: "Français",
    Language.TIGRINYA: "ትግርኛ",
    Language.PASHTO: "پښتو",
    Language.KURMANJI: "Kurmancî",
    Language.ROMANIAN: "Română",
    Language.CROATIAN: "Hrvatski",
    Language.ITALIAN: "Italiano",
    Language.GREEK: "Ελληνικά",
    Language.SPANISH: "Español",
    Language.POLISH: "Polski",
    Language.ALBANIAN: "Shqip",
    Language.SOMALI: "Soomaali",
}
"""The names that speakers read, in their own script."""
RIGHT_TO_LEFT = {Language.ARABIC, Language.PERSIAN, Language.PASHTO}


def _in_own_script(language: Language) -> str:
    """„العربية · Arabisch“; German and the language of the page have one name."""
    own, label = OWN_NAMES[language], str(language.label)
    if language == Language.GERMAN or own.replace(" ", "") == label.replace(" ", ""):
        return label
    direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    html = '<span><span lang="{}" dir="{}">{}</span> · {}</span>'
    return format_html(html, language.value, direction, own, label)


_own_script = lazy(_in_own_script, str)
LANGUAGES_IN_OWN_SCRIPT: "list[tuple[str, Any]]" = [
    (one.value, _own_script(one)) for one in Language
]
"""Choices for people who may not read German."""


class Weekday(models.IntegerChoices):
    """Weekdays with Python's numbers: Monday is 0."""

    MONDAY = 0, _("Montag")
    TUESDAY = 1, _("Dienstag")
    WEDNESDAY = 2, _("Mittwoch")
    THURSDAY = 3, _("Donnerstag")
    FRIDAY = 4, _("Freitag")
    SATURDAY = 5, _("Samstag")
    SUNDAY = 6, _("Sonntag")


class DayPart(models.TextChoices):
    MORNING = "morning", _("vormittags")
    AFTERNOON = "afternoon", _("nachmittags")
    EVENING = "evening", _("abends")


class Precision(models.TextChoices):
    """How precisely a date is known. Unknown parts are stored as 1: „12/2018“ is stored as 2018-12-01."""

    DAY = "day", _("auf den Tag")
    MONTH = "month", _("auf den Monat")
    YEAR = "year", _("auf das Jahr")


def labels(choices: type[models.Choices], values: Iterable[object]) -> list[str]:
    """The labels of ``values`` in the order of ``choices``; unknown values are left out."""
    wanted = set(values)
    return [str(choice.label) for choice in choices if choice.value in wanted]


def comma() -> str:
    """The comma of the active language, with its space: Arabic and Persian have their own."""
    return pgettext("between the parts of a list", ", ")


def listed(values: Iterable[object]) -> str:
    """„Montag, Dienstag“."""
    return comma().join(map(str, values))


class SpeaksMixin:
    """For models with ``languages``."""

    languages: list[str]

    @property
    def language_labels(self) -> list[str]:
        return labels(Language, self.languages)


class ScheduleMixin:
    """For models with ``weekdays`` and ``dayparts``."""

    weekdays: list[int]
    dayparts: list[str]

    @property
    def schedule_label(self) -> str:
        """Days and times as text: „Dienstag, Donnerstag · abends“; empty if none are set."""
        parts = (labels(Weekday, self.weekdays), labels(DayPart, self.dayparts))
        return " · ".join(listed(part) for part in parts if part)


def languages_field(label: "str | _StrPromise") -> "ArrayField[Any, Any]":
    return ArrayField(
        models.CharField(max_length=3, choices=Language.choices),
        verbose_name=label,
        default=list,
        blank=True,
    )


def weekdays_field() -> "ArrayField[Any, Any]":
    return ArrayField(
        models.PositiveSmallIntegerField(choices=Weekday.choices),
        verbose_name=_("Wochentage"),
        default=list,
        blank=True,
    )


def dayparts_field() -> "ArrayField[Any, Any]":
    return ArrayField(
        models.CharField(max_length=9, choices=DayPart.choices),
        verbose_name=_("Tageszeiten"),
        default=list,
        blank=True,
    )
