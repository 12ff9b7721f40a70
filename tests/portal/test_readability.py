"""The measure of readability is honest: known words, known texts, known formulas."""

import pytest

from portal.demo_data import load_demo
from portal.reference import load
from tests.bench.words import GOAL_LIX, GOAL_WIENER, Page, measure, misses
from tests.readability import Text, count_syllables, of_page, split

EASY = (
    "Sie möchten helfen? Das ist schön. Suchen Sie etwas aus. Dann sagen Sie uns, wie Sie heißen. "
    "Wir schreiben Ihnen bald. Sie müssen nichts zahlen. Wenn es nicht passt, sagen Sie es uns."
)
HARD = (
    "Die Inanspruchnahme der Aufwandsentschädigungspauschale setzt die vorherige schriftliche "
    "Genehmigung der zuständigen Bewilligungsbehörde unter Berücksichtigung der "
    "einkommensteuerrechtlichen Rahmenbedingungen sowie die ordnungsgemäße Dokumentation sämtlicher "
    "geleisteter Tätigkeiten voraus."
)


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("Haus", 1),
        ("Abend", 2),
        ("Freundeskreis", 3),
        ("Führungszeugnis", 4),
        ("Begleitung", 3),
        ("Äpfel", 2),
        ("Bäume", 2),
        ("Ehrenamt", 3),
        ("Stuttgart", 2),
        ("neu", 1),
        ("Zoo", 1),
        ("wie", 1),
        ("Einsatzmöglichkeit", 5),
        ("Koordination", 5),
    ],
)
def test_syllables_of_known_words(word, number):
    assert count_syllables(word) == number


def test_formulas_give_what_a_calculation_by_hand_gives():
    # 8 words, 2 sentences; long: „Nachbarschaft“ 1 = 12.5 %; 3 syllables or more: 1; one syllable: 4.
    text = Text(("Sie wohnen hier.", "Das ist Ihre neue Nachbarschaft."))
    assert len(text.words) == 8
    assert text.lix == pytest.approx(4 + 12.5)
    many, one, long = 100 / 8, 400 / 8, 100 / 8
    by_hand = 0.1935 * many + 0.1672 * 4 + 0.1297 * long - 0.0327 * one - 0.875
    assert text.wiener == pytest.approx(by_hand)


def test_plain_words_meet_the_goal_and_officialese_misses_it():
    page = Page("any", "/")
    easy, hard = Text(split(EASY)), Text(split(HARD))
    assert not misses(page, easy)
    assert misses(page, hard)
    assert easy.wiener < GOAL_WIENER < 15 < hard.wiener
    assert easy.lix < GOAL_LIX < 60 < hard.lix
    assert not misses(page._replace(is_needed=False), hard)


def test_sentences_end_where_a_reader_ends_them():
    text = "Das Amt, z. B. das Sozialamt, ist am 5. Mai offen. Kommen Sie um 17:30 Uhr? Bitte ja! Suchen"
    assert [len(one.split()) for one in split(text)] == [11, 5]


def test_page_counts_what_is_read_in_its_main_part():
    html = (
        "<html><body><nav><p>Das ist ein Menü.</p></nav><main><h1>Titel ohne Satz</h1>"
        "<p>Das ist ein <a href='/'>guter Satz</a>.</p><ul><li>Und noch ein Satz.</li></ul>"
        "<p class='stand'>Quelle ist ein anderes Amt.</p><svg><text>Das ist ein Bild.</text></svg>"
        "<p>Es antwortet Ihnen: Koordinationsstelle Bürgerschaftsengagement.</p></main></body></html>"
    )
    text = of_page(html, ["Koordinationsstelle Bürgerschaftsengagement"])
    assert text.sentences == (
        "Das ist ein guter Satz.",
        "Und noch ein Satz.",
        "Es antwortet Ihnen:",
    )


@pytest.mark.slow
@pytest.mark.django_db
def test_every_page_on_the_way_to_a_sign_up_is_b1():
    load()
    load_demo()
    measured = measure()
    needed = [(page, text) for page, text in measured if page.is_needed]
    assert len(needed) > 15
    too_hard = {page.name: (text.lix, text.wiener) for page, text in needed if misses(page, text)}
    assert too_hard == {}
