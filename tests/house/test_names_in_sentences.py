"""Names of organisations and titles stand where no case bends them: „von: …“, „(…)“, never „bei Sozialamt“."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
NAMES = r"(?:organisation|issuer|office|answers|owner|carrier|department|title|offer)"
BENT = re.compile(
    r"\b(?:bei|von|an|für|durch|mit|aus|nach|vom|beim|zum|zur|des|der|dem|den|im)\s+"
    r"\{\{\s*(?P<name>\w+)[\w.|]*\s*\}\}",
    re.IGNORECASE,
)
"""A preposition or an article before a variable."""
ORGANISATION = re.compile(
    rf"\b(?P<name>\w+)=(?:\w+\.)*(?:{NAMES}(?:\.title)?|answered_by|issuer)(?![\w.])"
)
"""``with name=application.organisation.title``: the variable holds a name that nobody can bend."""
PLACES = {"portal/district.html"}
"""Names of Stadtbezirke follow „in“, which does not change them."""


def bent(text: str) -> list[str]:
    """Sentences of ``text`` with a name in a case that it does not show."""
    found = []
    for block in re.findall(
        r"\{% blocktranslate.*?%\}.*?\{% endblocktranslate %\}", text, re.DOTALL
    ):
        head, _, words = block.partition("%}")
        names = {hit["name"] for hit in ORGANISATION.finditer(head)}
        found += [hit[0] for hit in BENT.finditer(words) if hit["name"] in names]
    return found


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("with name=entry.title %}Angebote von {{ name }}", 1),
        ("with name=application.organisation.title %}eine Anmeldung ist jetzt bei {{ name }}", 1),
        ("with issuer=certificate.issuer %}wenden Sie sich an {{ issuer }}", 1),
        ("with name=organisation.title %}warten auf Antwort ({{ name }})", 0),
        ("with name=application.answered_by %}Die Antwort kommt von: {{ name }}", 0),
        ("with name=row.contact.name %}Wie läuft es mit {{ name }}?", 0),
    ],
)
def test_rule_finds_names_that_would_have_to_be_bent(text, number):
    assert len(bent("{% blocktranslate " + text + "{% endblocktranslate %}")) == number


def test_no_template_bends_the_name_of_an_organisation():
    paths = [*TEMPLATES.rglob("*.html"), *TEMPLATES.rglob("*.txt")]
    assert len(paths) > 200
    found = {
        str(path.relative_to(TEMPLATES)): sentences
        for path in paths
        if (sentences := bent(path.read_text())) and str(path.relative_to(TEMPLATES)) not in PLACES
    }
    assert found == {}
