"""Each rule of ``tests/markup.py`` finds its fault. All pages are held against them in ``test_access.py``."""

import pytest

from tests.markup import faults

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
