"""Simple German: its texts keep the rules that can be measured, and a page says who has checked them."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from portal.models import Page
from programs.texts import keep, translation_of
from tests import factories, simple_language
from tests.portal.translating.test_translating import client_of, posted

SIMPLE = "leichte-sprache"
NOT_CHECKED = "Menschen mit Lern-Schwierigkeiten haben ihn noch nicht geprüft."


def wrong(texts: dict[str, str]) -> dict[str, list[str]]:
    found = {name: list(simple_language.faults(text)) for name, text in texts.items()}
    return {name: faults for name, faults in found.items() if faults}


def test_simple_texts_of_records_keep_the_rules():
    texts = simple_language.texts_of_records()
    assert len(texts) > 150
    assert wrong(texts) == {}
    assert simple_language.average([*texts.values()]) < 8


def test_simple_texts_of_the_interface_keep_the_rules():
    texts = simple_language.texts_of_catalogue()
    assert len(texts) > 400
    assert wrong(texts) == {}
    assert simple_language.average([*texts.values()]) < 8


def test_templates_in_simple_german_keep_the_rules():
    texts = simple_language.texts_of_templates()
    assert texts
    assert wrong(texts) == {}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Ein " + "sehr " * 14 + "langer Satz.", "17 words"),
        ("Die Antwort wird verschickt.", "passive"),
        ("Der Brief des Amtes ist da.", "genitive"),
        ("Die Liste der Namen der Kinder ist da.", "genitive"),
        ("Das ist eine Behördenbegleitung.", "long word"),
    ],
)
def test_what_breaks_a_rule_is_found(text, fault):
    assert any(one.startswith(fault) for one in simple_language.faults(text))


@pytest.mark.parametrize(
    "text",
    [
        "Wir werden Ihnen schreiben.",
        "Am 3. Mai ist ein Treffen.",
        "Das ist eine Behörden-Begleitung.",
    ],
)
def test_what_keeps_the_rules_is_not_found(text):
    assert list(simple_language.faults(text)) == []


@pytest.fixture
def page(db):
    factories.make_clearing_office()
    return Page.objects.create(slug="hilfe", title="Hilfe", body="Ein Text.", is_published=True)


def checked(page, *names, by="Prüfgruppe Süd", on="2026-10-05"):
    made = {}
    for name in names:
        made[name] = {
            **translation_of(page, name, "Eins.\nZwei."),
            "checked_by": by,
            "checked_on": on,
        }
    keep(page, SIMPLE, made)


def read(client, page):
    with override(SIMPLE):
        return client.get(reverse("portal:page", args=[page.slug])).content.decode()


def test_a_page_says_that_nobody_has_checked_it_and_what_is_harder_german(client, page):
    html = read(client, page)
    assert NOT_CHECKED in html
    assert '<div lang="de" dir="auto"><p>Ein Text.' in html
    assert "geprüft von" not in html
    assert "Lern-Schwierigkeiten" not in client.get(page.get_absolute_url()).content.decode()


def test_a_checked_text_is_called_leichte_sprache_with_who_and_when(client, page):
    checked(page, "title", "body")
    html = read(client, page)
    assert "Leichte Sprache, geprüft von Prüfgruppe Süd am 5. Oktober 2026: Titel, Text." in html
    assert "Die anderen Texte sind in Einfacher Sprache." in html


def test_when_the_interface_is_checked_too_the_page_is_leichte_sprache(client, page, settings):
    settings.SIMPLE_LANGUAGE_CHECKED = ("Prüfgruppe Süd", "2026-10-05")
    checked(page, "title", "body")
    html = read(client, page)
    assert "Knöpfe und Überschriften" in html
    assert "noch nicht geprüft" not in html


def test_the_language_is_not_called_leichte_sprache_before_it_is_checked(client, page):
    html = client.get(page.get_absolute_url()).content.decode()
    assert "<bdi>Einfache Sprache</bdi>" in html
    assert "<bdi>Leichte Sprache</bdi>" not in html


def test_home_in_simple_german_asks_first_what_one_wants_and_leads_on_in_simple_german(
    client, page
):
    html = client.get(f"/{SIMPLE}/").content.decode()
    assert "Was wollen Sie tun?" in html
    assert NOT_CHECKED in html
    with override(SIMPLE):
        assert html.count(f'href="{reverse("volunteers:companion")}"') >= 2
    assert "Was wollen Sie tun?" not in client.get("/").content.decode()


@pytest.fixture
def translator(page):
    office = factories.make_organisation()
    return client_of(factories.make_member(office, role="translator", language=SIMPLE).user)


def address(page):
    return reverse("admin:translations_record", args=[SIMPLE, "page", page.pk])


def test_a_translator_enters_who_has_checked_and_a_new_text_loses_it(page, translator):
    url = address(page)
    posted(translator, url, body="Eins.\r\nZwei.")
    page.refresh_from_db()
    assert page.said("body", SIMPLE) == "Eins.\nZwei."
    saved = posted(translator, url, checked_by="Prüfgruppe Süd", checked_on="2026-10-05")
    assert saved.status_code == 302
    page.refresh_from_db()
    assert page.said("body", SIMPLE).checked == ("Prüfgruppe Süd", "2026-10-05")
    assert "Text: geprüft von Prüfgruppe Süd am" in translator.get(url).content.decode()
    posted(translator, url, body="Drei.")
    page.refresh_from_db()
    assert page.said("body", SIMPLE).checked is None


@pytest.mark.parametrize(
    ("by", "on", "says"),
    [
        ("Prüfgruppe Süd", "", "wann geprüft wurde"),
        ("", "2026-10-05", "wer geprüft hat"),
        ("Prüfgruppe Süd", "2999-01-01", "Dieser Tag kommt erst noch."),
    ],
)
def test_half_a_check_is_refused_and_stays_typed(page, translator, by, on, says):
    refused = posted(translator, address(page), body="Eins.", checked_by=by, checked_on=on)
    html = refused.content.decode()
    assert refused.status_code == 422
    assert says in html
    assert "Eins." in html
    page.refresh_from_db()
    assert page.translation("body", SIMPLE) is None
