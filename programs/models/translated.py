"""Texts of records in other languages than German, beside the German ones.

Own code in place of django-modeltrans and django-modeltranslation: neither keeps with a translation which German
text it was made from, both fix the languages when the process starts, and a child model (a room) could not
add texts to those of its parent (the entry). The German column stays as it is, for all who read German.
"""

import hashlib
import re
from typing import TYPE_CHECKING, ClassVar, NamedTuple, TypedDict

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

GERMAN = settings.LANGUAGE_CODE
_PLACE = re.compile(r"%\((\w+)\)s")


class _Of(TypedDict):
    text: str
    of: str
    """Digest of the German text that was translated."""


class Translation(_Of, total=False):
    """One text in one language."""

    loaded: bool
    """Whether it came with the starting data and nobody has changed it since."""
    checked_by: str
    """The group of readers with learning difficulties that has checked it, if it is simple German."""
    checked_on: str
    """The day of that, as ISO writes it."""


class Checked(NamedTuple):
    """By whom and on which day (ISO) readers with learning difficulties have checked a text."""

    by: str
    on: str


def check_of(found: Translation) -> Checked | None:
    return Checked(found["checked_by"], found["checked_on"]) if "checked_by" in found else None


def digest(german: str) -> str:
    return hashlib.sha256(german.strip().encode()).hexdigest()[:20]


class Said(str):
    """A text in the language of the page, or the German one if there is no translation.

    ``is_german``: it stands in for a translation. ``is_old``: the German text has changed since. ``parts``: what
    it is put together of, if not all of it is in the same language (:func:`put_together`).
    """

    __slots__ = ("checked", "is_german", "is_old", "parts")
    checked: Checked | None
    is_german: bool
    is_old: bool
    parts: tuple[str, ...]

    def __new__(
        cls,
        text: str,
        *,
        is_german: bool = False,
        is_old: bool = False,
        checked: Checked | None = None,
        parts: tuple[str, ...] = (),
    ) -> "Said":
        said = super().__new__(cls, text)
        said.is_german, said.is_old, said.checked = is_german, is_old, checked
        said.parts = parts
        return said


def filled_in(sentence: "str | _StrPromise", **words: str) -> Said:
    """``sentence`` with each ``%(name)s`` filled in, where the words may be German on a page in another language."""
    pieces = _PLACE.split(str(sentence))
    return put_together(*(words[one] if n % 2 else one for n, one in enumerate(pieces)))


def put_together(*parts: str) -> Said:
    """One text of several, of which some may be German."""
    flat = tuple(piece for part in parts for piece in (getattr(part, "parts", ()) or (part,)))
    return Said("".join(flat), parts=flat)


class Translated(models.Model):
    """A record with texts that can be read in other languages.

    ``translations`` is language → column → :class:`Translation`. Adding a language needs no migration.
    """

    TRANSLATED: ClassVar[tuple[str, ...]] = ()
    """The columns that are translated. Names of people, organisations and places stay as they are."""

    translations = models.JSONField(
        _("Übersetzungen"), default=dict, db_default={}, blank=True, editable=False
    )

    class Meta:
        abstract = True

    def german(self, name: str) -> str:
        """The German text that is translated."""
        return str(getattr(self, name) or "")

    def translation(self, name: str, language: str) -> Translation | None:
        found: Translation | None = self.translations.get(language, {}).get(name)
        return found

    def said(self, name: str, language: str | None = None) -> Said:
        """The text ``name`` in ``language``, else in the active one; German where it is not translated."""
        language = language or get_language() or GERMAN
        german = self.german(name)
        if language == GERMAN or not german:
            return Said(german)
        found = self.translation(name, language)
        if not found or not found["text"]:
            return Said(german, is_german=True)
        return Said(found["text"], is_old=found["of"] != digest(german), checked=check_of(found))

    def to_translate(self) -> list[str]:
        """The columns of which there is a German text."""
        return [name for name in self.TRANSLATED if self.german(name).strip()]

    def translated(self, language: str) -> list[str]:
        """Those of :meth:`to_translate` of which there is a translation of the German text of today."""
        return [name for name in self.to_translate() if self.is_current(name, language)]

    def is_current(self, name: str, language: str) -> bool:
        found = self.translation(name, language)
        return bool(found and found["text"] and found["of"] == digest(self.german(name)))
