"""No German is left over in another language: a page is compared with the same page in German."""

import re
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import CharField, TextField, Value
from django.db.models.functions import Concat
from django.test import Client
from django.urls import reverse

from portal.languages.addresses import in_language
from programs.models import Entry, Organisation
from tests.house.test_access import arguments, people  # noqa: F401  fixtures
from tests.pages import in_all_languages

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

SPOKEN_ATTRIBUTES = {"alt", "aria-label", "placeholder", "title"}
VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SILENT = {"script", "style", "title", "pre", "code", "bdi"}
"""Titles may be those of records, which cannot say there that they are German."""


class Spoken(HTMLParser):
    """The texts of a page that are in its own language: not those marked as German, nor names (``bdi``)."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.read: list[str] = []
        """The same without attributes and options of a list, which hold no element that says „German“."""
        self._open: list[tuple[str, bool]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        inherited = self._open[-1][1] if self._open else False
        foreign = inherited or tag in SILENT
        if tag != "html" and "lang" in told:
            foreign = True
        if not foreign:
            self.texts += [told[name] or "" for name in SPOKEN_ATTRIBUTES & set(told)]
        if tag not in VOID:
            self._open.append((tag, foreign))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._open and not self._open[-1][1]:
            self.texts.append(" ".join(data.split()))
            if self._open[-1][0] != "option":
                self.read.append(self.texts[-1])


NAMES = {"Stuttgart", "Deutsch", "JSON", "CSV", "Turtle", "JSON-LD", "DCAT-AP.de", "QR", "PDF"}
"""What is called the same everywhere; names of languages stand in the language itself."""


LATIN_AFTER_ARABIC = r"[\u0620-\u064a][,;?](\s|$)"
"""Arabic has a comma, a semicolon and a question mark of its own."""


def names_in_records() -> set[str]:
    """What people and organisations are called, and what people wrote: all texts of records that nobody translates."""
    found = set(NAMES) | {name for _code, name in settings.LANGUAGES}
    for model in apps.get_models():
        translated = getattr(model, "TRANSLATED", ())
        columns = [
            f.name for f in model._meta.concrete_fields if isinstance(f, CharField | TextField)
        ]
        for row in model._default_manager.values_list(*(c for c in columns if c not in translated)):
            found |= {" ".join(value.split()) for value in row if isinstance(value, str)}
    return found


def is_german(text: str, names: set[str]) -> bool:
    parts = [part.strip(" :,.()–-„“") for part in re.split(r"[,(]", text)]
    words = [part for part in parts if re.search(r"[a-zäöüß]{3}", part) and "@" not in part]
    return any(not any(word in name for name in names) for word in words)


def test_no_german_is_left_over_in_arabic(arguments):  # noqa: F811
    """Names of organisations, which are German, stand inside sentences, too: they are marked wherever they stand."""
    client, seen, left, bare, latin = Client(), 0, {}, {}, {}
    # Sentences of the portal itself name the Sozialamt, none a „Sozialamt Nord“.
    named = Entry.objects.filter(kind__in=Entry.ORGANISATION_KINDS)
    named.update(title=Concat("title", Value(" Nord")))
    names = names_in_records()
    organisations = set(Organisation.objects.values_list("title", flat=True))
    for name in in_all_languages():
        path = reverse(name, args=arguments.get(name) or [])
        german, other = client.get(path), client.get(in_language(path, "ar"))
        if "html" not in german.headers["Content-Type"]:
            continue
        assert other.status_code == 200, path
        seen += 1
        there, here = Spoken(german.content.decode()), Spoken(other.content.decode())
        if unmarked := sorted(t for t in here.read if any(one in t for one in organisations)):
            bare[name] = unmarked
        same = set(here.texts) & set(there.texts)
        if found := sorted(t for t in same if is_german(t, names)):
            left[name] = found
        if found := sorted(t for t in here.texts if re.search(LATIN_AFTER_ARABIC, t)):
            latin[name] = found
    assert left == {}
    assert latin == {}
    assert not bare, "\n".join(f"{name}: {texts}" for name, texts in bare.items())
    assert seen > 90
