"""Words that a newcomer may not know explain themselves, without JavaScript."""

import pytest
from django.template import Context, Template
from django.urls import reverse

from programs.words import WORDS
from tests import factories
from tests.markup import faults

ASKED_FOR = {"einsatz", "traeger", "stand", "selbstverpflichtung", "vab"}
UMLAUTS = str.maketrans("äöü", "aou")


@pytest.mark.django_db
def test_page_of_words_explains_every_word_in_the_order_of_the_alphabet(client):
    factories.make_clearing_office()
    page = client.get(reverse("portal:words")).text
    assert set(WORDS) >= ASKED_FOR
    for explained in WORDS.values():
        assert f"<dt>{explained.word}</dt><dd>{explained.meaning}</dd>" in page
    words = [str(one.word).lower().translate(UMLAUTS) for one in WORDS.values()]
    assert words == sorted(words)
    assert reverse("portal:words") in client.get("/").text


@pytest.mark.django_db
def test_page_of_an_entry_explains_its_words_where_they_stand(client):
    factories.make_clearing_office()
    entry = factories.make_entry(as_of="2024-01-01", source="Sozialamt")
    page = client.get(entry.get_absolute_url()).text
    for slug in ("einsatz", "stand"):
        assert page.count(f'popovertarget="wort-{slug}"') == 1
        assert page.count(f'id="wort-{slug}" popover') == 1
        assert str(WORDS[slug].meaning) in page
    assert faults(page) == []


def test_word_is_explained_once_on_a_page_and_an_unknown_one_is_an_error():
    twice = Template("{% load words %}{% word 'stand' %}|{% word 'stand' 'Stand: 2019' %}")
    first, second = twice.render(Context()).split("|")
    assert "popover" in first
    assert second == "Stand: 2019"
    assert "popover" in twice.render(Context())
    with pytest.raises(KeyError):
        Template("{% load words %}{% word 'gibtesnicht' %}").render(Context())


def test_text_of_a_word_is_escaped():
    html = Template("{% load words %}{% word 'stand' text %}").render(Context({"text": "<b>"}))
    assert "<b>" not in html
