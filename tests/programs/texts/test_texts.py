"""Texts of records in other languages: what a page shows, and what is kept beside the German text."""

import threading

import pytest
from django.db import connection, connections
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from portal.cards import cards
from programs import versions, vocabulary
from programs.models import Entry, Field, Programme, Translated
from programs.models.translated import GERMAN
from programs.texts import keep, said_problem, translation_of
from tests import factories


def translate(record: Translated, language: str, **texts: str) -> None:
    found = {name: translation_of(record, name, text) for name, text in texts.items()}
    keep(record, language, found)


@pytest.fixture
def programme(db):
    factories.make_clearing_office()
    return factories.make_programme(
        title="Lesezeit",
        slug="lesezeit",
        summary="Sie lesen mit Kindern.",
        description="Ein **Nachmittag** in der Woche.",
    )


def show(record, name, language, tag="text"):
    template = Template(
        "{% load texts markdown %}{% gaps %}{% " + tag + " record name %}{% endgaps %}"
    )
    with override(language):
        return template.render(Context({"record": record, "name": name}))


def test_a_text_is_shown_in_the_language_of_the_page(programme):
    translate(programme, "en", summary="You read with children.")
    programme.refresh_from_db()
    assert show(programme, "summary", "en") == "You read with children."
    assert show(programme, "summary", GERMAN) == "Sie lesen mit Kindern."


def test_what_is_not_translated_is_german_marked_as_german_with_one_note(programme):
    html = show(programme, "summary", "ar")
    assert '<span lang="de" dir="auto">Sie lesen mit Kindern.</span>' in html
    assert html.count('role="note"') == 1
    assert "note" not in show(programme, "summary", GERMAN)


def test_a_text_of_several_paragraphs_is_marked_as_a_whole(programme):
    html = show(programme, "description", "ar", "markdown_text")
    assert '<div lang="de" dir="auto"><p>Ein <strong>Nachmittag</strong>' in html
    translate(programme, "ar", description="بعد **ظهر**")
    assert "<strong>ظهر</strong>" in show(programme, "description", "ar", "markdown_text")


def test_a_name_that_stays_as_it_is_is_no_gap(db):
    room = factories.make_room(title="Willkommensraum Mitte")
    assert "title" not in room.TRANSLATED
    assert 'role="note"' not in show(room, "title", "en")


@pytest.mark.parametrize("page", ["volunteers:sign_up", "volunteers:companion"])
def test_forms_name_fields_in_the_language_of_the_page(client, programme, page):
    field = Field.objects.create(
        name="Wohnungssuche", slug="suche", in_plain_words="Anzeigen lesen"
    )
    translate(field, "en", name="Finding a flat", in_plain_words="Reading adverts")
    with override("en"):
        html = client.get(reverse(page)).content.decode()
    assert "Finding a flat" in html
    assert "Anzeigen lesen" not in html
    assert "Wohnungssuche" in client.get(reverse(page)).content.decode()


def test_an_empty_text_is_no_gap(programme):
    assert show(programme, "requirements", "en") == ""


def test_html_in_a_translation_is_text(programme):
    translate(programme, "en", summary="<b>You</b>", description="<script>1</script>")
    assert show(programme, "summary", "en") == "&lt;b&gt;You&lt;/b&gt;"
    assert "&lt;script&gt;" in show(programme, "description", "en", "markdown_text")


def test_a_changed_german_text_makes_its_translation_old(programme):
    translate(programme, "en", summary="You read with children.")
    assert programme.is_current("summary", "en")
    programme.summary = "Sie lesen mit Kindern und Eltern."
    programme.save()
    programme.refresh_from_db()
    assert not programme.is_current("summary", "en")
    html = show(programme, "summary", "en")
    assert "You read with children." in html
    assert html.count('role="note"') == 1


def test_how_much_is_translated_counts_texts_that_are_there_and_current(programme):
    assert programme.to_translate() == ["title", "summary", "description"]
    translate(programme, "en", title="Reading time", summary="You read.")
    assert programme.translated("en") == ["title", "summary"]
    assert programme.translated("uk") == []


def test_two_who_translate_at_the_same_time_lose_nothing(transactional_db):
    programme = factories.make_programme(summary="Sie lesen.", description="Mit Kindern.")
    stale = Programme.objects.get(pk=programme.pk)

    def other():
        translate(stale, "en", description="With children.")
        translate(stale, "uk", summary="Ви читаєте.")
        connections.close_all()

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    translate(programme, "en", summary="You read.")
    programme.refresh_from_db()
    assert programme.said("summary", "en") == "You read."
    assert programme.said("description", "en") == "With children."
    assert programme.said("summary", "uk") == "Ви читаєте."


def test_a_translation_changes_the_version_of_the_content(transactional_db):
    programme = factories.make_programme(summary="Sie lesen.")
    before = versions.current()
    translate(programme, "en", summary="You read.")
    assert versions.current() != before


def test_cards_are_read_in_the_language_with_the_same_number_of_queries(programme):
    translate(programme, "en", title="Reading time", summary="You read with children.")
    with CaptureQueriesContext(connection) as german:
        (card,) = cards(Entry.objects.filter(pk=programme.pk), {})
    assert (card["title"], card["title"].is_german) == ("Lesezeit", False)
    with override("en"), CaptureQueriesContext(connection) as english:
        (card,) = cards(Entry.objects.filter(pk=programme.pk), {})
    assert (card["title"], card["summary"]) == ("Reading time", "You read with children.")
    assert len(english) == len(german) == 1
    with override("tr"):
        (card,) = cards(Entry.objects.filter(pk=programme.pk), {})
    assert (card["title"], card["title"].is_german) == ("Lesezeit", True)


def test_fields_have_their_names_in_the_language(db):
    field = factories.make_field("Sprache")
    translate(field, "en", name="Language")
    with override("en"):
        assert "Language" in [word.label for word in vocabulary.words()["field"]]
    assert "Sprache" in [word.label for word in vocabulary.words()["field"]]


def test_a_translation_keeps_to_the_rules_of_the_german_text():
    assert said_problem(Programme, "summary", "x" * 301)
    assert said_problem(Programme, "summary", "a\x00b")
    assert not said_problem(Programme, "summary", "x" * 300)
    assert said_problem(Field, "name", "x" * 81)


def test_every_translated_text_is_a_column_of_text():
    for model in Translated.__subclasses__():
        for name in model.TRANSLATED:
            assert model._meta.get_field(name).get_internal_type() in {"CharField", "TextField"}


def test_a_language_that_comes_later_needs_no_change_of_the_database(programme, settings):
    settings.LANGUAGES = [*settings.LANGUAGES, ("pl", "Polski")]
    translate(programme, "pl", summary="Czytasz z dziećmi.")
    programme.refresh_from_db()
    assert show(programme, "summary", "pl") == "Czytasz z dziećmi."


def test_who_types_a_word_of_a_translated_title_finds_the_entry(client, programme):
    translate(programme, "uk", title="Читання з дітьми")
    found = client.get("/mitmachen/", {"q": "Читання"}).content.decode()
    assert "Lesezeit" in found
