"""Style sheets say nothing that a later line takes back."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

STYLES = Path(__file__).resolve().parents[2] / "static" / "css"
RULE = re.compile(r"\s*([^{};]+?)\s*([{;])")
OUTER = ("@media", "@layer", "@supports", "@container")


class Rule(NamedTuple):
    inside: tuple[str, ...]
    selector: str
    properties: frozenset[str]


def rules_of(text: str, inside: tuple[str, ...] = ()) -> Iterator[Rule]:
    place = 0
    while found := RULE.match(text, place):
        place = found.end()
        if found[2] == ";":
            continue
        depth, begin = 1, place
        while depth:
            depth += {"{": 1, "}": -1}.get(text[place], 0)
            place += 1
        body = text[begin : place - 1]
        if found[1].startswith(OUTER):
            yield from rules_of(body, (*inside, found[1]))
        elif not found[1].startswith("@"):
            properties = frozenset(re.findall(r"(?:^|;)\s*([\w-]+)\s*:", body))
            for selector in re.split(r",(?![^(]*\))", found[1]):
                yield Rule(inside, selector.strip(), properties)
    assert not text[place:].strip(), f"not read: {text[place : place + 80]}"


def taken_back(css: str) -> list[str]:
    """Selectors in ``@media`` whose properties the same selector sets again further down, for every screen."""
    rules = list(rules_of(re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)))
    found = []
    for number, rule in enumerate(rules):
        everywhere = tuple(one for one in rule.inside if not one.startswith("@media"))
        if everywhere == rule.inside:
            continue
        for later in rules[number + 1 :]:
            if (later.inside, later.selector) == (everywhere, rule.selector):
                found += [f"{rule.selector}: {one}" for one in rule.properties & later.properties]
    return found


@pytest.mark.parametrize(
    ("css", "number"),
    [
        ("@media print { .a, .b:is(c, d) { color: red; } } .a { color: blue; }", 1),
        (".a { color: blue; } @media print { .a { color: red; } }", 0),
        ("@media print { .a { color: red; } } .a { margin: 0; }", 0),
        ("@layer x { @media print { .a { color: red; } } .a { color: blue; } }", 1),
    ],
)
def test_what_is_taken_back_is_found(css, number):
    assert len(taken_back(css)) == number


def test_what_is_said_for_one_kind_of_screen_is_not_taken_back_further_down():
    """The form for visits had three narrow columns on a phone: its rule for phones stood too early."""
    sheets = sorted(STYLES.glob("*.css"))
    assert len(sheets) > 2
    assert {sheet.name: found for sheet in sheets if (found := taken_back(sheet.read_text()))} == {}
