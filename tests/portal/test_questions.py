"""The search understands how people ask; ``tests/bench/questions.txt`` has many more questions."""

import datetime
import re

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from portal.models import MissedWord, Page, SynonymGroup
from portal.search import missed
from portal.search.index import Document, Index
from portal.search.kept import Search
from portal.search.places import places
from portal.search.words import all_words, distance, fold, parts, stem, words
from programs.models import District
from tests.factories import make_district, make_entry, make_programme, make_target_group
from tests.portal.test_search import titles

# --- words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "same",
    [
        ("betreuen", "Betreuung"),
        ("Pate", "Patin", "Paten", "Patinnen", "Pat:innen", "Pat*innen", "Pat_innen"),
        ("Bücher", "Buecher", "bucher", "BÜCHER"),
        ("Schüler", "Schülerin", "Schülerinnen"),
        ("begleiten", "Begleitung"),
        ("Frauen", "frauen"),
    ],
)
def test_one_word_in_many_forms_has_one_stem(same):
    assert len({stem(words(word)[0]) for word in same}) == 1


def test_vowels_that_are_no_umlaut_stay():
    assert fold("neue") == "neue"
    assert fold("Frauen") == "frauen"


@pytest.mark.parametrize(
    ("compound", "known", "found"),
    [
        ("kinderbetreuung", {"kind", "betreu"}, ["kind", "betreu"]),
        ("arbeitsplatzsuche", {"arbeit", "platz", "such"}, ["arbeit", "platz", "such"]),
        ("kinderbetreuung", {"kind"}, []),
        ("amt", {"amt"}, []),
    ],
)
def test_compounds_come_apart_into_known_words(compound, known, found):
    assert parts(compound, known) == found


def test_capitals_inside_a_word_part_it():
    assert all_words("WillkommensPaten") == ["willkommenspaten", "willkommens", "paten"]


@pytest.mark.parametrize(
    ("one", "two", "far"), [("chor", "chro", 1), ("chor", "cor", 1), ("chor", "chor", 0)]
)
def test_swapped_letters_are_one_error(one, two, far):
    assert distance(one, two, 2) == far


# --- ranking -------------------------------------------------------------------------------------


def index(*titles, **facets):
    documents = [
        Document(n, frozenset(facets.get(f"n{n}", ())), 1.0, ((4.0, title),))
        for n, title in enumerate(titles)
    ]
    return Index(documents)


def ranked(found, *asked):
    return [hit.key for hit in found.hits(found.rank([found.wish(word, {}) for word in asked]))]


def test_no_word_is_required_and_the_fullest_answer_comes_first():
    found = index("Chor", "Chor für Kinder", "Garten")
    assert ranked(found, "chor", "kinder") == [1, 0]
    assert ranked(found, "chor", "xylophon") == [0, 1]
    hits = found.hits(found.rank([found.wish(word, {}) for word in ("chor", "kinder", "xylophon")]))
    assert [hit.missed for hit in hits] == [[], ["kinder"]], "what nobody answers is said once"


def test_entries_that_answer_little_of_what_others_answer_are_left_out():
    found = index("Nähen und Kochen", "Kochen", "Kochen", "Kochen", "Kochen", "Kochen", "Kochen")
    assert ranked(found, "nahen", "kochen") == [0]


def test_what_can_be_joined_comes_before_what_has_ended():
    documents = [
        Document(n, frozenset(), open_, ((4.0, "Chor"),)) for n, open_ in enumerate((0.45, 1.0))
    ]
    found = Index(documents)
    assert ranked(found, "chor") == [1, 0]


# --- meanings ------------------------------------------------------------------------------------

pytestmark = pytest.mark.django_db


@pytest.fixture
def there():
    """One entry for each meaning."""
    south = make_district("sued")
    make_entry("Rudern", districts=[south])
    make_entry("Stricken", languages=["ar", "fa"])
    make_entry("Klettern", weekdays=[5], dayparts=["evening"])
    make_entry("Zeichnen", without_german=True)
    make_programme("Segeln")


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("Heslach", "Rudern"),
        ("stuttgart-süd", "Rudern"),
        ("in Heslach etwas machen", "Rudern"),
        ("farsi", "Stricken"),
        ("arabic", "Stricken"),
        ("عربي", "Stricken"),
        ("samstags", "Klettern"),
        ("am Wochenende", "Klettern"),
        ("abends", "Klettern"),
        ("ohne Deutsch", "Zeichnen"),
        ("Mentorenprogramm", "Segeln"),
    ],
)
def test_words_that_mean_a_facet_find_what_carries_it(there, typed, title):
    assert titles(typed)[0] == title


def test_neighbouring_districts_come_after_the_whole_city_and_others_not_at_all():
    south, west, far = (make_district(slug) for slug in ("sued", "west", "obertuerkheim"))
    south.neighbours.add(west)
    make_entry("Dort", districts=[south])
    make_entry("Nebenan", districts=[west])
    make_entry("Überall")
    make_entry("Weit weg", districts=[far])
    assert titles("Heslach") == ["Dort", "Überall", "Nebenan"]


def test_what_answers_everything_comes_before_better_answers_to_less(there):
    """„Samstag“ in a title says much, but who asks for children, too, wants both."""
    make_entry("Samstag am Samstag: Stricken", weekdays=[5])
    make_entry("Rechnen mit Kindern")
    make_entry("Turnen", weekdays=[5], description="Für die Nachbarschaft und ihre Kinder.")
    assert titles("samstag kinder")[0] == "Turnen"
    hits = {hit.key: hit.is_partial for hit in Search("samstag kinder").hits}
    assert list(hits.values()) == sorted(hits.values()), "whole answers first"


def test_next_district_is_not_a_whole_answer():
    south, west = make_district("sued"), make_district("west")
    make_entry("Dort am Abend", districts=[south], dayparts=["evening"])
    make_entry("Nebenan am Abend", districts=[west], dayparts=["evening"])
    make_entry("Überall am Abend", dayparts=["evening"])
    assert titles("abends Heslach") == ["Dort am Abend", "Überall am Abend", "Nebenan am Abend"]
    partial = [hit.is_partial for hit in Search("abends Heslach").hits]
    assert partial == [False, False, True]


def test_nearest_first_among_those_that_answer_the_question(client):
    """Tutoring near Süd begins with those who teach, not with neighbours who do something else."""
    south = make_district("sued")
    make_entry("Chor für Kinder", districts=[south])
    make_entry("Nachhilfe für Kinder")
    make_entry("Nachhilfe für Kinder im Süden", districts=[south])
    page = client.get(reverse("portal:catalogue"), {"q": "Nachhilfe Kinder", "ort": "Süd"})
    assert [card["title"] for card in page.context["cards"]] == [
        "Nachhilfe für Kinder im Süden",
        "Nachhilfe für Kinder",
        "Chor für Kinder",
    ]


def test_synonym_of_one_language_is_no_article_of_another():
    """The stem of the Turkish „ders“, a lesson, is „der“, which stands in every German text."""
    make_entry("Rudern", summary="Der See ist nah.")
    make_entry("Rechnen", summary="Lernförderung für Kinder")
    SynonymGroup.objects.create(name="Nachhilfe", words="Nachhilfe, Lernförderung\nözel ders")
    assert titles("Nachhilfe") == ["Rechnen"]
    assert titles("özel ders")[0] == "Rechnen"


@pytest.mark.slow
def test_meaning_is_a_chip_and_without_it_the_plain_word_counts(client, there):
    make_entry("Rudern in Heslach-Mitte")
    page = client.get(reverse("portal:catalogue"), {"q": "heslach"})
    text = page.content.decode()
    assert "„heslach“: Heslach (Süd)" in text
    chip = re.search(r'href="(\?q=heslach&amp;wort=heslach)"', text)
    assert chip
    assert titles("heslach", {"heslach"}) == ["Rudern in Heslach-Mitte"]
    plain = client.get(reverse("portal:catalogue"), {"q": "heslach", "wort": "heslach"})
    assert "Heslach (Süd)" not in plain.content.decode()
    assert plain.context["page_obj"].paginator.count == 1


def test_card_says_what_the_entry_does_not_answer(client, there):
    text = client.get(reverse("portal:catalogue"), {"q": "stricken samstags"}).content.decode()
    assert "nicht dabei: Samstag" in text
    assert "nicht dabei: „stricken“" in text


@pytest.mark.parametrize("typed", ["Stricken mit Kindern", "STRICKEN mit Kindern"])
def test_pages_show_no_word_that_nobody_wrote(client, there, typed):
    """„kindern“ is how the search compares, not how people write."""
    make_entry("Malen", target_groups=[make_target_group("Kinder")])
    text = client.get(reverse("portal:catalogue"), {"q": typed + " Xylophon"}).text
    assert "nicht dabei: „Kindern“" in text
    assert f"nicht dabei: „{typed.split()[0]}“" in text
    assert "Dazu haben wir nichts: „Xylophon“" in text
    assert "kindern" not in text


def test_name_in_the_question_is_a_chip_as_it_was_typed(client, there):
    text = client.get(reverse("portal:catalogue"), {"q": "Stricken in HESLACH"}).text
    assert "„HESLACH“: Heslach (Süd)" in text


def test_all_districts_and_stadtteile_have_a_source():
    quarters = places()["quarters"]
    assert len(quarters["districts"]) == 23
    assert sum(map(len, quarters["districts"].values())) == 152
    for names in places().values():
        assert names["source"]
        assert datetime.date.fromisoformat(names["as_of"])


def test_postcode_means_all_districts_that_it_reaches_into():
    make_entry("Im Süden", districts=[make_district("sued")])
    make_entry("Im Westen", districts=[make_district("west")])
    make_entry("In Cannstatt", districts=[make_district("bad-cannstatt")])
    assert set(titles("70178")) == {"Im Süden", "Im Westen"}


# --- synonyms and what was not found -------------------------------------------------------------


def test_words_that_staff_teach_count_at_once():
    make_entry("Sprachmittler gesucht")
    make_entry("Chor")
    assert titles("dolmetschen") == []
    SynonymGroup.objects.create(name="Dolmetschen", words="Dolmetschen, Sprachmittler\ninterpreter")
    assert titles("dolmetschen") == titles("interpreter") == ["Sprachmittler gesucht"]


@pytest.mark.slow
def test_word_is_readable_only_after_five_different_days(client, time_machine):
    make_entry("Chor")
    day = timezone.now()
    for number in range(1, 6):
        for _again in range(2):
            client.get(reverse("portal:catalogue"), {"q": "Chor Angeln"})
        found = MissedWord.objects.get()
        assert (found.days, found.count) == (number, 2 * number)
        assert found.word == ("angeln" if number == 5 else "")
        time_machine.move_to(day + datetime.timedelta(days=number))


def test_what_nobody_looks_for_any_more_is_forgotten(time_machine):
    missed.note(["angeln"])
    assert missed.delete_old() == 0
    time_machine.move_to(timezone.now() + datetime.timedelta(days=missed.KEEP_DAYS + 2))
    assert missed.delete_old() == 1


def test_only_so_many_words_are_counted(monkeypatch):
    monkeypatch.setattr(missed, "MOST", 2)
    missed.note(["angeln", "reiten", "segeln"])
    missed.note(["angeln", "fliegen"])
    assert sorted(MissedWord.objects.values_list("count", flat=True)) == [1, 2]


@pytest.mark.parametrize("word", ["4711", "ab", "x" * 41, "a1b2"])
def test_numbers_and_odd_words_are_not_counted(word):
    missed.note([word])
    assert not MissedWord.objects.exists()


def test_a_database_that_takes_no_writes_finds_all_the_same(client):
    make_entry("Chor")
    connection.check_constraints()  # now; later it would have to lock rows
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL transaction_read_only = on")
    page = client.get(reverse("portal:catalogue"), {"q": "Chor Angeln"})
    assert [card["title"] for card in page.context["cards"]] == ["Chor"]
    assert not MissedWord.objects.exists()


def test_search_asks_the_database_nothing_once_the_index_is_there(django_assert_num_queries):
    make_target_group("Jugendliche")
    assert District.objects.count() == 0
    search = Search("chor heslach")
    with django_assert_num_queries(0):
        assert search.hits == []


# --- pages ---------------------------------------------------------------------------------------

TEXT = """# So läuft es

Zuerst ein Gespräch.

## 1. Sie lernen sich kennen

Sie sprechen mit jemandem.

## 2. Unfallversicherung

Sie sind versichert.

## 3. Was es kostet

Fahrkarten und Kopien.

**Von der Stadt zu ergänzen:** Zuschüsse.
"""


@pytest.fixture
def page():
    make_entry("Deutsch lernen")
    make_entry("Fahrradwerkstatt", description="Kopien von Karten.")
    return Page.objects.create(slug="so", title="So läuft es", body=TEXT)


@pytest.mark.parametrize(
    ("question", "heading"),
    [
        ("Versicherung", "2. Unfallversicherung"),
        ("bin ich versichert?", "2. Unfallversicherung"),
        ("Fahrkarte bezahlt", "3. Was es kostet"),
        ("was kostet das", "3. Was es kostet"),
        ("Deutsch lernen", None),
        ("Kopien", None),
        ("Zuschüsse", None),
        ("lernen in Heslach", None),
        ("", None),
    ],
)
def test_what_only_a_page_answers_is_shown_with_its_section(client, page, question, heading):
    response = client.get(reverse("portal:catalogue"), {"q": question})
    search = response.context["found"].search
    assert [one.heading for one in (search.sections if search else [])] == [heading] * bool(heading)
    if heading:
        (section,) = search.sections
        assert f'href="{section.url}"' in response.content.decode()
        shown = client.get(page.get_absolute_url()).content.decode()
        assert f'id="{section.url.partition("#")[2]}">{heading}<' in shown


def test_a_typing_error_in_a_word_that_only_the_list_knows_is_understood():
    SynonymGroup.objects.create(name="Dolmetschen", words="dolmetschen, übersetzen")
    entry = make_entry("Briefe übersetzen")
    for typed in ("dolmetschn", "dolmetshcen", "Dolmetschen"):
        assert [hit.key for hit in Search(typed).hits] == [entry.pk], typed
    assert Search("Dosen").hits == []


def test_what_entries_answer_by_another_word_leads_to_no_page(page):
    SynonymGroup.objects.create(name="Lernen", words="Nachhilfe, Lernförderung, Kopien")
    make_entry("Lernförderung")
    assert Search("Nachhilfe").sections == []
    page.body = "## Was sie lernen: Lernförderung\n\nSie lernen sich kennen."
    page.save()
    assert Search("Nachhilfe").sections == []


def test_pages_that_are_not_published_answer_nothing(page):
    page.is_published = False
    page.save()
    assert Search("Versicherung").sections == []
