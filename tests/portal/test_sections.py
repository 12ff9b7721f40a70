"""Sections of text pages, which the search reads: whatever staff write there, the catalogue is made."""

import pytest
from django.test import Client

from portal.sections import sections
from tests.factories import make_page


def test_each_heading_begins_a_section():
    text = "Vorweg\n\n## 1. Eins\n\nerstens\n\n### Zwei\n\nzweitens"
    assert [(one, where, words.strip()) for one, where, words in sections(text)] == [
        ("1. Eins", "abschnitt-eins", "erstens"),
        ("Zwei", "abschnitt-zwei", "zweitens"),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("body", ["", "Nur ein Satz.", "Donaudampfschifffahrt" * 9])
def test_page_without_a_heading_has_no_section_and_takes_no_search_down(body):
    assert list(sections(body)) == []
    make_page(body=body)
    assert Client().get("/mitmachen/?q=versicherung").status_code == 200
