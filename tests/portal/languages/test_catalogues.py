"""The catalogues are complete and right: nothing is missing, nothing is put in a wrong place."""

import ast
import re
import shutil
from collections import Counter

import polib
import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils.dateformat import DateFormat
from django.utils.translation import to_locale

from portal.languages.compiling import compile_catalogues, old, sources

COMPLETE = [code for code, _name in settings.LANGUAGES if code not in {"de", "leichte-sprache"}]
ALL = [*COMPLETE, "leichte-sprache"]
PLURAL_FORMS = {"en": 2, "uk": 4, "ru": 4, "ar": 6, "fa": 2, "tr": 2, "leichte-sprache": 2}
HOLES = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}|</?\w+[^<>]*>")
PATTERN = re.compile(r"[dDjlmMFEYHis.,:/ ،]+")
LETTERS = re.compile(r"[A-Za-z]")


def catalogue(language: str) -> polib.POFile:
    folder = settings.LOCALE_PATHS[0] / to_locale(language) / "LC_MESSAGES"
    return polib.pofile(str(folder / "django.po"))


def forms(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def translated(language: str) -> list[polib.POEntry]:
    found = [entry for entry in catalogue(language) if any(forms(entry))]
    assert found
    return found


def is_date_pattern(entry: polib.POEntry) -> bool:
    """„j. F Y“: letters stand for parts of a date, and no word has two of them."""
    return bool(PATTERN.fullmatch(entry.msgid)) and not re.search(r"[A-Za-z]{2}", entry.msgid)


def keys(language: str) -> set[tuple[str | None, str, str]]:
    return {(e.msgctxt, e.msgid, e.msgid_plural) for e in catalogue(language)}


@pytest.mark.slow
def test_catalogues_have_the_texts_of_today(tmp_path, settings, monkeypatch):
    """Fails when somebody has changed a text without ``make messages``."""
    committed = {language: keys(language) for language in ALL}
    folder = tmp_path / "locale"
    shutil.copytree(settings.LOCALE_PATHS[0], folder)
    monkeypatch.chdir(settings.BASE_DIR)
    settings.LOCALE_PATHS = [folder]
    call_command("makemessages", verbosity=0)
    changed = {language: keys(language) ^ committed[language] for language in ALL}
    assert {language: texts for language, texts in changed.items() if texts} == {}


MARKS = {"gettext", "ngettext", "pgettext", "npgettext"}


def marks_of(module: ast.Module) -> set[str]:
    """The names under which a module marks texts."""
    imported = (node for node in ast.walk(module) if isinstance(node, ast.ImportFrom))
    names = [one for node in imported for one in node.names]
    return {one.asname or one.name for one in names if one.name.removesuffix("_lazy") in MARKS}


def test_no_text_is_marked_inside_an_f_string():
    """GNU gettext does not look into them, so such a text is in no catalogue."""
    apps = ("portal", "volunteers", "welcome_rooms", "programs")
    hidden, marked = [], 0
    for path in (one for app in apps for one in settings.BASE_DIR.glob(f"{app}/**/*.py")):
        module = ast.parse(path.read_text(encoding="utf-8"))
        marks = marks_of(module)
        marked += bool(marks)
        for text in (node for node in ast.walk(module) if isinstance(node, ast.JoinedStr)):
            calls = (node for node in ast.walk(text) if isinstance(node, ast.Call))
            hidden += [f"{path}:{one.lineno}" for one in calls if ast.unparse(one.func) in marks]
    assert marked > 100
    assert hidden == []


@pytest.mark.parametrize("language", COMPLETE)
def test_every_text_is_translated(language):
    missing = [entry.msgid for entry in catalogue(language) if not all(forms(entry))]
    assert missing == []


@pytest.mark.parametrize("language", ALL)
def test_no_translation_is_unsure_or_left_over(language):
    assert [e.msgid for e in catalogue(language) if e.fuzzy or e.obsolete] == []


@pytest.mark.parametrize("language", ALL)
def test_every_plural_has_all_its_forms(language):
    number = PLURAL_FORMS[language]
    assert f"nplurals={number};" in catalogue(language).metadata["Plural-Forms"]
    plurals = [entry for entry in catalogue(language) if entry.msgid_plural]
    assert len(plurals) > 40
    assert [e.msgid for e in plurals if sorted(e.msgstr_plural) != list(range(number))] == []


@pytest.mark.parametrize("language", ALL)
def test_placeholders_and_tags_are_those_of_the_german_text(language):
    """A form of a plural may leave out its number: „one place“."""
    wrong = {}
    for entry in translated(language):
        for form in filter(None, forms(entry)):
            wanted, there = (
                Counter(HOLES.findall(t)) for t in (entry.msgid_plural or entry.msgid, form)
            )
            more, less = there - wanted, wanted - there
            numbers = (
                {name for name in less if name.startswith("%(")} if entry.msgid_plural else set()
            )
            if more or set(less) - numbers or len(numbers) > 1:
                wrong[entry.msgid] = form
    assert wrong == {}


@pytest.mark.parametrize("language", ALL)
def test_texts_begin_and_end_as_the_german_ones(language):
    """Spaces and line breaks at the edges join a text to its neighbours."""
    wrong = {
        entry.msgid: form
        for entry in translated(language)
        for form in filter(None, forms(entry))
        if (form[:1] == "\n", form[-1:] == "\n")
        != (entry.msgid[:1] == "\n", entry.msgid[-1:] == "\n")
        or (form != form.strip(" ") and entry.msgid == entry.msgid.strip(" "))
    }
    assert wrong == {}


@pytest.mark.parametrize("language", ALL)
def test_dates_have_the_same_parts_in_every_language(language):
    patterns = [entry for entry in translated(language) if is_date_pattern(entry)]
    assert len(patterns) > 10
    for entry in patterns:
        parts, wanted = (
            Counter(LETTERS.findall(t.replace("E", "F"))) for t in (entry.msgstr, entry.msgid)
        )
        assert parts == wanted, entry.msgid
        assert all(hasattr(DateFormat, part) for part in LETTERS.findall(entry.msgstr))


def test_a_changed_catalogue_is_compiled_once(tmp_path, settings):
    settings.LOCALE_PATHS = [tmp_path]
    source = tmp_path / "sw" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    made = polib.POFile()
    made.append(polib.POEntry(msgid="Zahlen", msgstr="Takwimu"))
    made.save(str(source))
    assert compile_catalogues() == [source]
    assert polib.mofile(str(source.with_suffix(".mo"))).find("Zahlen").msgstr == "Takwimu"
    assert (sources(), old(), compile_catalogues()) == ([source], [], [])
