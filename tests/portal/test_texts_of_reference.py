"""Starting texts in other languages: loaded once, never over what somebody has translated."""

import json
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command

from portal.reference import load, texts
from portal.reference.files import DATA
from programs.models import Field, Programme
from programs.models.translated import GERMAN
from programs.texts import keep, translation_of
from welcome_rooms.models import RoomOffer

OTHERS = [code for code, _name in settings.LANGUAGES if code != GERMAN]


@pytest.fixture
def folder(tmp_path):
    """The data files with English texts of three records."""
    for path in DATA.iterdir():
        (tmp_path / path.name).symlink_to(path)
    if (tmp_path / texts.FOLDER).exists():
        (tmp_path / texts.FOLDER).unlink()
    (tmp_path / texts.FOLDER).mkdir()
    return tmp_path


def write(folder, **names):
    """A file in which the named columns of all records are „<language> <German>“, cut to their length."""
    found = texts.to_translate(folder, "en")
    for columns in found.values():
        for one in columns.values():
            one["text"] = f"en {one['de']}"[: names.get("most", 60)]
    (folder / texts.FOLDER / "en.json").write_text(json.dumps(found), encoding="utf-8")
    return found


@pytest.mark.slow
@pytest.mark.django_db
def test_texts_are_loaded_once_with_records_and_their_parts(folder):
    wanted = write(folder)
    first = load(folder=folder)
    assert first.texts == {"en": sum(map(len, wanted.values()))}
    assert load(folder=folder).texts == {"en": 0}
    programme = Programme.objects.get(slug="willkommenspaten")
    assert programme.said("title", "en") == "en WillkommensPaten"
    assert all(offer.said("title", "en").startswith("en ") for offer in RoomOffer.objects.all())


@pytest.mark.slow
@pytest.mark.django_db
def test_what_somebody_translated_or_emptied_or_wrote_in_german_stays(folder):
    write(folder)
    load(folder=folder)
    mine, emptied, rewritten, untouched = Field.objects.order_by("slug")[:4]
    keep(mine, "en", {"name": translation_of(mine, "name", "My words")})
    keep(emptied, "en", {"name": translation_of(emptied, "name", "")})
    Field.objects.filter(pk=rewritten.pk).update(name="Ganz anderer Name")
    write(folder, most=9)
    load(folder=folder)
    for one in (mine, emptied, rewritten, untouched):
        one.refresh_from_db()
    assert mine.said("name", "en") == "My words"
    assert emptied.said("name", "en").is_german
    assert rewritten.said("name", "en").is_old
    assert untouched.said("name", "en") == f"en {untouched.name}"[:9].strip()


def test_the_list_for_translators_has_every_text_and_keeps_what_is_done(folder):
    (folder / texts.FOLDER / "uk.json").write_text(
        json.dumps(
            {
                "field:orientierung": {
                    "name": {"de": "Orientierung im Stadtteil", "text": "Орієнтація"},
                    "in_plain_words": {"de": "Ein alter Text", "text": "Старий"},
                }
            }
        ),
        encoding="utf-8",
    )
    found = texts.to_translate(folder, "uk")
    assert found["field:orientierung"]["name"]["text"] == "Орієнтація"
    assert found["field:orientierung"]["in_plain_words"]["text"] == ""
    assert found["programme:willkommenspaten"]["summary"]["de"]
    assert any(key.startswith("room:") and "/offers:" in key for key in found)
    assert len(found["page:so-laeuft-es"]["body"]["de"]) > 100


def test_a_file_that_does_not_fit_says_where(folder):
    found = {
        "field:orientierung": {"name": {"de": "Orientierung im Stadtteil", "text": "x" * 81}},
        "field:gibt-es-nicht": {"name": {"de": "A", "text": "B"}},
    }
    (folder / texts.FOLDER / "en.json").write_text(json.dumps(found), encoding="utf-8")
    faults = list(texts.faults(folder, "en"))
    assert len(faults) == 2
    assert "80" in faults[0]
    assert "gibt es nicht" in faults[1]


@pytest.mark.parametrize("language", OTHERS)
def test_the_files_of_the_portal_fit_the_german_texts(language):
    assert list(texts.faults(DATA, language)) == []


def test_the_command_writes_the_list_and_refuses_german():
    out = StringIO()
    call_command("texts", "en", stdout=out)
    assert "field:orientierung" in json.loads(out.getvalue())
