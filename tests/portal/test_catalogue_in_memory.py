"""The entries in memory give what the database gives: which, how many, in which order, on which page."""

import re
from typing import Any

import pytest
import time_machine
from django.http import QueryDict
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.catalogue import CatalogueFilter
from portal.catalogue.filter import FacetFilter
from portal.catalogue.joinable import Entries
from portal.search.index import Document, Index
from programs.models import DayPart, Entry, Language, Opportunity
from tests import factories
from tests.portal import catalogue_by_sql as sql

SMALL = settings(max_examples=60)
STATES = {"open": "", "service": "ohne-anmeldung", "paused": "pausiert", "ended": "beendet"}
CARD = re.compile(r'<a class="card__link" href="([^"]+)"')


@pytest.fixture
def city(db: None) -> None:
    """Forty entries that differ in all that the catalogue filters by."""
    office = factories.make_clearing_office()
    districts = [factories.make_district(slug) for slug in ("feuerbach", "botnang")]
    fields = [factories.make_field(name) for name in ("Sprache", "Garten", "Kinder")]
    for number in range(40):
        facts: dict[str, Any] = {
            "languages": [Language.values[number % 5], Language.values[5 + number % 3]],
            "weekdays": [number % 7],
            "dayparts": [DayPart.values[number % 3]],
            "without_german": number % 2 == 0,
            "newcomers_welcome": number % 5 == 0,
            "status": ("active", "active", "active", "paused", "ended")[number % 5],
            "accepts_sign_ups": number % 7 != 0,
            "places": (None, 1, 3)[number % 3],
        }
        make = factories.make_programme if number % 6 == 0 else factories.make_entry
        make(
            f"{'ÄBCD'[number % 4]}ngebot {number}",
            organisation=office,
            districts=districts[number % 3 : number % 3 + 1],
            fields=fields[number % 4 : number % 4 + 2],
            **facts,
        )
    factories.make_room("Raum", districts=districts[:1], organisation=office)


def filter_of(query: str) -> CatalogueFilter:
    found = CatalogueFilter(data=QueryDict(query))
    assert found.is_valid()
    return found


def choices(found: CatalogueFilter) -> dict[str, list[str]]:
    """Parameter → all its values, of the facets."""
    return {
        found.form.add_prefix(name): [word.value for word in found.words(name)]
        for name, one in found.filters.items()
        if isinstance(one, FacetFilter)
    }


@pytest.mark.slow
def test_filters_counts_and_order_are_those_of_the_database(city: None) -> None:
    known = {name: values for name, values in choices(filter_of("")).items() if values}
    assert len(known) > 8

    @SMALL
    @given(st.data())
    def compare(data: st.DataObject) -> None:
        names = data.draw(st.lists(st.sampled_from(sorted(known)), max_size=4, unique=True))
        pairs = [
            f"{name}={value}"
            for name in names
            for value in data.draw(st.lists(st.sampled_from(known[name]), max_size=2, unique=True))
        ]
        state = data.draw(st.sampled_from(sorted(STATES)))
        order = data.draw(st.sampled_from(["empfohlen", "a-z", "neu"]))
        nearby = data.draw(st.sampled_from(["", "umkreis=1"]))
        found = filter_of(
            "&".join([*pairs, nearby, f"zustand={STATES[state]}", f"sortierung={order}"])
        )
        assert found.keys == sql.keys(found.tokens, state, order)
        assert found.number == len(found.keys)
        assert {one.label: one.number for one in found.besides} == {
            word.label: number
            for word in found.words("zustand")
            if (number := sql.besides(found.tokens, state).get(word.token))
        }
        shown = {
            (option.name, option.value): option.number
            for facet in found.facets
            for option in facet.options
            if option.number is not None
        }
        for name, one in found.filters.items():
            if isinstance(one, FacetFilter):
                numbers = sql.counts(found.tokens, state, name)
                chosen = {word.value for word in found.form.cleaned_data[name]}
                for word in found.words(name):
                    expected = numbers.get(word.token, 0)
                    key = (found.form.add_prefix(name), word.value)
                    listed = expected or word.value in chosen
                    assert shown.get(key) == (expected if listed else None), key

    compare()


@pytest.mark.slow
def test_pages_follow_one_another_without_a_gap(city: None, client: Client) -> None:
    for order in ("", "a-z", "neu"):
        keys = sql.keys({}, "open", order or "empfohlen")
        slugs = Entry.objects.in_bulk(keys)
        wanted = [slugs[key].get_absolute_url() for key in keys]
        shown = []
        for page in (1, 2, 3):
            shown += CARD.findall(client.get(f"/mitmachen/?sortierung={order}&seite={page}").text)
        assert shown[: len(wanted)] == wanted


@pytest.mark.slow
def test_what_other_pages_show_and_count_is_what_the_catalogue_has(city: None) -> None:
    tokens = {token for row in Entry.objects.values_list("facets", flat=True) for token in row}
    assert len(tokens) > 15
    for token in sorted(tokens):
        of_token = sql.carrying(Entry.objects.joinable(), {"any": [token]})
        entries = Entries(token)
        keys = sql.keys({"any": [token]}, "open", "empfohlen")
        assert entries.open_first() == keys
        assert entries.open_first(2, without=keys[:1]) == keys[1:3]
        assert Entries().open_first(3, token) == keys[:3]
        assert entries.open_counts() == sql.token_counts(of_token.open())
        numbers = entries.state_counts().items()
        assert {state: number for state, number in numbers if number} == sql.state_counts(of_token)


WORDS = st.lists(
    st.sampled_from("garten sprachcafe fahrrad werkstatt kinder nachmittag".split()), max_size=4
)


@SMALL
@given(
    st.lists(st.tuples(WORDS, WORDS, st.sampled_from([1.0, 0.9, 0.45])), max_size=12),
    st.lists(
        st.sampled_from(["garten", "kinder", "fahrradwerkstatt", "sprachcafé", "x"]), max_size=4
    ),
)
def test_entries_that_answer_alike_are_ranked_as_each_by_itself(
    texts: list[tuple[list[str], list[str], float]], question: list[str]
) -> None:
    index = Index(
        Document(
            number * 3,
            frozenset({"day:1"} if number % 2 else ()),
            openness,
            ((4.0, " ".join(title)), (1.0, " ".join(text))),
        )
        for number, (title, text, openness) in enumerate(texts)
    )
    wishes = [index.wish(word, {}) for word in question]
    found = [(hit.key, hit.is_partial, hit.missed) for hit in index.hits(index.rank(wishes))]
    assert found == sql.ranked(index, wishes)


@pytest.mark.django_db(transaction=True)
@time_machine.travel("2026-06-10T12:00:00+02:00", tick=False)
def test_a_filter_asks_for_the_version_and_nothing_else(
    client: Client, noon: None, django_assert_num_queries: Any
) -> None:
    factories.make_clearing_office()
    entry = factories.make_entry("Garten", without_german=True)
    for address in ("/mitmachen/?ohne-deutsch=1", "/mitmachen/?q=garten", "/mitmachen/"):
        client.get(address)
    with django_assert_num_queries(1):
        page = client.get("/mitmachen/?ohne-deutsch=1&q=garten")
    assert entry.title in page.text
    Opportunity.objects.update(title="Hof")
    assert "Hof" in client.get("/mitmachen/?ohne-deutsch=1").text
