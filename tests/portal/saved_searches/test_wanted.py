"""The filter of a saved search: only what the catalogue knows is kept, and it never finds more than was asked for."""

import pytest
from django.db import connection
from django.utils import translation

from portal.saved_searches.wanted import LONGEST, Wanted, kept_query
from programs import vocabulary
from programs.models import District, Entry
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def city():
    return factories.make_districts()


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("", ""),
        ("tag=samstag&bezirk=feuerbach", "bezirk=feuerbach&tag=samstag"),
        ("bezirk=feuerbach&bezirk=feuerbach", "bezirk=feuerbach"),
        ("bezirk=feuerbach&sortierung=a-z&seite=4", "bezirk=feuerbach"),
        ("bezirk=atlantis&tag=samstag", "tag=samstag"),
        ("id__gt=0&is_published=False&email=x%40example.org", ""),
        ("tag=samstag%27%20OR%201%3D1", ""),
        ("umkreis=1", ""),
        ("wort=samstag", ""),
        ("q=%20Deutsch%00%0d%0aBcc%3A+x%20", "q=Deutsch+Bcc%3A+x"),
        ("q=%E2%80%AEhcstueD%E2%81%A6", "q=hcstueD"),
        ("q=%D8%AA%D8%B9%D9%84%D9%8A%D9%85", "q=%D8%AA%D8%B9%D9%84%D9%8A%D9%85"),
        ("q=" + "%F0%9F%9A%B2" * 400, "q=" + "%F0%9F%9A%B2" * 120),
        ("q", ""),
        ("%", ""),
        ("bezirk=%ff%fe", ""),
    ],
)
def test_only_what_the_catalogue_knows_is_kept(asked, kept):
    assert kept_query(asked) == kept
    assert kept_query(kept) == kept


def test_near_a_place_means_its_district_and_those_next_to_it():
    assert kept_query("ort=Feuerbach") == "bezirk=feuerbach&umkreis=1"
    assert kept_query("ort=Feuerbach&bezirk=botnang") == "bezirk=botnang"
    assert kept_query("ort=Nirgendwo&tag=samstag") == "tag=samstag"


def test_everything_ticked_fits():
    asked = "&".join(f"bezirk={word.value}" for word in vocabulary.words()["district"])
    asked += "&umkreis=1" + "".join(f"&tag={day}" for day in vocabulary.WEEKDAYS)
    assert len(kept_query(asked)) == len(asked) < LONGEST / 2


def test_it_is_said_in_words_of_the_language():
    wanted = "bezirk=feuerbach&tag=samstag"
    assert Wanted(wanted).title == "Feuerbach, Samstag"
    with translation.override("en"):
        assert Wanted(wanted).title == "Feuerbach, Saturday"
        assert Wanted(wanted).path == f"/en/mitmachen/?{wanted}&sortierung=neu"
        assert Wanted("").path == "/en/mitmachen/?sortierung=neu"


def test_a_search_whose_only_district_is_gone_finds_nothing_instead_of_everything():
    factories.make_entry()
    gone, left = Wanted("bezirk=feuerbach"), Wanted("bezirk=feuerbach&bezirk=botnang")
    District.objects.filter(slug="feuerbach").delete()
    assert (gone.is_whole, gone.keys()) == (False, set())
    assert left.is_whole
    assert Wanted("tag=samstag").is_whole
    assert Wanted("").is_whole


def test_what_answers_only_a_part_of_the_question_is_not_told():
    both = factories.make_entry("Radwerkstatt für Kinder")
    factories.make_entry("Spielen mit Kindern")
    assert Wanted("q=Radwerkstatt+Kinder").keys() == {both.pk}
    assert Wanted("q=Radwerkstatt+Zirkusschule").keys() == set()


# --- when an entry was published --------------------------------------------------------------------


def published_at(entry):
    return Entry.objects.values_list("published_at", flat=True).get(pk=entry.pk)


def test_the_moment_an_entry_is_first_published_stays():
    entry = factories.make_entry(is_published=False)
    assert published_at(entry) is None
    stale = Entry.objects.get(pk=entry.pk)
    Entry.objects.filter(pk=entry.pk).update(is_published=True)
    first = published_at(entry)
    assert first is not None
    for shown in (False, True):
        Entry.objects.filter(pk=entry.pk).update(is_published=shown)
    stale.is_published = True
    stale.save()  # by a form that was open before
    assert published_at(entry) == first


@pytest.mark.django_db(transaction=True)
def test_an_entry_from_before_is_no_news_when_somebody_saves_it():
    entry = factories.make_entry()
    with connection.cursor() as cursor:  # as it was before the release with this column
        cursor.execute("ALTER TABLE programs_entry DISABLE TRIGGER programs_entry_published")
        cursor.execute("UPDATE programs_entry SET published_at = NULL")
        cursor.execute("ALTER TABLE programs_entry ENABLE TRIGGER programs_entry_published")
    entry.summary = "Neu beschrieben."
    entry.save()
    assert published_at(entry) is None
