"""The HTML of every page keeps the rules of ``tests/markup.py``: labels, headings, tables, times, nesting.

The addresses come from the table of access, so a page that is added later is looked at, too.
"""

import pytest
from django.db import transaction
from django.test import Client

from tests.addresses import patterns
from tests.house.test_access import _address, arguments, people  # noqa: F401  fixtures
from tests.markup import faults

pytestmark = pytest.mark.django_db

LEAST = {"adm": 260, "coo": 160, "anon": 85}
"""Who looks → the least number of pages that are looked at; forms are sent empty, too."""
LEFT_OUT = {"admin:logout", "account_logout", "portal:healthz", "portal:readyz", "portal:livez"}
"""The first two end the visit, the others are no pages."""


def looked_at(client: Client, names: list[str], arguments: dict) -> dict[str, list[str]]:  # noqa: F811
    """Address and method → faults of the page, for each that is a page."""
    found = {}
    for name in names:
        for method in ("get", "post"):
            with transaction.atomic():
                response = getattr(client, method)(_address(name, arguments))
                transaction.set_rollback(True)
            kind = response.headers.get("Content-Type", "")
            if response.status_code not in {301, 302, 405} and kind.startswith("text/html"):
                content = (
                    b"".join(response.streaming_content) if response.streaming else response.content
                )
                found[f"{method} {response.request['PATH_INFO']}"] = faults(content.decode())
    return found


@pytest.mark.slow
@pytest.mark.parametrize("person", LEAST)
def test_every_page_keeps_the_rules_of_markup(person, people, arguments):  # noqa: F811
    client = Client()
    if people[person] is not None:
        client.force_login(people[person])
    names = sorted(
        {name for name, _ in patterns() if name.startswith("admin:") is (person != "anon")}
    )
    pages = looked_at(client, [name for name in names if name not in LEFT_OUT], arguments)
    found = [f"{page}: {fault}" for page, kept in pages.items() for fault in kept]
    assert not found, "\n".join(found)
    assert len(pages) >= LEAST[person]


PAGE = "<html lang='de'><head><title>T</title></head><body><main><h1>H</h1>{}</main></body></html>"


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ('<input name="a" id="a">', "has no label"),
        ('<label for="a">A</label><select id="a" required></select>', "choice of nothing"),
        ('<label>A <select><option value=""></option></select></label>', "has no text"),
        ("<table><tr><th></th></tr></table>", "is empty"),
        ("<table><tr><td></td></tr><tr><td></td><td></td></tr></table>", "rows of [1, 2] cells"),
        ('<time datetime="2026-11-26T19:13:12.038501+01:00">heute</time>', "no browser reads"),
        (
            '<input type="hidden" name="a" aria-describedby="b"><p id="b">B</p>',
            "hidden and described",
        ),
        ('<form action=""></form>', "empty action"),
        ('<form method="post"><textarea maxlength="9"></textarea></form>', "cuts what is pasted"),
        ('<input aria-label="A" aria-invalid="true">', "has errors, but the title is"),
        ("<h3>C</h3>", "follows a heading of level 1"),
        ("<p><ul></ul></p>", "inside of a paragraph"),
        ("<div><span></div>", "is open"),
        ('<p id="b"></p><p id="b"></p>', "2 times"),
        ('<a href="/"></a>', "is empty"),
        ('<a href="/">A <button>B</button></a>', "inside of another one"),
        ('<label for="b">B</label>', "is not there"),
        ('<img src="a.png">', "without alt"),
    ],
)
def test_rule_of_markup_finds_its_fault(html, said):
    assert any(said in fault for fault in faults(PAGE.format(html)))
    assert faults(PAGE.format("<p>B</p>")) == []
