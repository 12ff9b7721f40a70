"""Organisations that were probably entered twice are found, and others are left in peace."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programs.doubles import Named, doubles_of, likely_doubles, likely_pairs
from programs.models import DifferentPair, FormerOrganisation, Organisation
from tests import factories

pytestmark = pytest.mark.django_db

SAME = [
    ("Freundeskreis Süd", "FREUNDESKREIS SUED"),
    ("Arbeitskreis Asyl Möhringen", "Arbeitskreis Asyl Moehringen (AK Asyl)"),
    ("Arbeitskreis Asyl", "AK Asyl"),
    ("Freundeskreis Flüchtlinge Botnang (FFB)", "FFB"),
    ("Freundeskreis Killesberg e. V.", "Freundeskreis Killesberg"),
    ("Kulturinsel gGmbH", "Kulturinsel Stuttgart"),
    ("Caritasverband für Stuttgart e.V.", "Caritas-Verband Stuttgart"),
    ("Freundeskreis Flüchtlinge Degerloch", "Freundeskreis Degerloch"),
    ("Evangelische Gesellschaft", "Evangelische Geselschaft"),
    ("Ev. Kirchengemeinde Botnang", "Evangelische Kirchengemeinde Botnang"),
    ("Sprachcafé West", "Sprachcafe-West"),
]
DIFFERENT = [
    ("Freundeskreis Flüchtlinge Degerloch", "Freundeskreis Flüchtlinge Vaihingen"),
    ("Evangelische Kirchengemeinde Feuerbach", "Evangelische Kirchengemeinde Obertürkheim"),
    ("Initiative Degerloch", "Sportverein Degerloch"),
    ("Jugendamt", "Jobcenter"),
    ("Freundeskreis Ost", "Freundeskreis West"),
    ("(FFB)", "[AKA]"),
]


def pairs():
    found = likely_pairs(Organisation.objects.all())
    return {frozenset((pair.one.title, pair.likely.organisation.title)) for pair in found}


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_organisation_in_two_spellings_is_found(one, other):
    first, second = factories.make_organisation(one), factories.make_organisation(other)

    assert pairs() == {frozenset((one, other))}
    [[likely]] = likely_doubles([Named(other)], Organisation.objects.filter(pk=first.pk))
    assert likely.organisation == first
    assert [one.organisation for one in doubles_of(second, Organisation.objects.all())] == [first]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_names_of_the_same_kind_are_no_doubles(one, other):
    factories.make_organisation(one)
    factories.make_organisation(other)

    assert pairs() == set()


def test_the_same_district_speaks_for_a_double_and_another_one_against_it():
    near = [factories.make_district("feuerbach")]
    names = ("Haus der Begegnung", "Haus der Begegnungen")

    def found(*districts):
        Organisation.objects.all().delete()
        for name, where in zip(names, districts, strict=True):
            factories.make_organisation(name, districts=where)
        return likely_pairs(Organisation.objects.all())

    assert [pair.likely.same_district for pair in found(near, near)] == [True]
    assert found(near, [factories.make_district("botnang")]) == []


def test_the_same_name_is_found_even_in_another_district():
    for district in ("feuerbach", "botnang"):
        factories.make_organisation("Café Welt", districts=[factories.make_district(district)])

    [pair] = likely_pairs(Organisation.objects.all())
    assert pair.likely.is_same_name
    assert not pair.likely.same_district


def test_only_organisations_that_the_user_sees_are_compared():
    seen = factories.make_organisation("Café Welt")
    factories.make_organisation("Cafe Welt")

    assert likely_pairs(Organisation.objects.filter(pk=seen.pk)) == []
    assert doubles_of(seen, Organisation.objects.filter(pk=seen.pk)) == []


def test_what_somebody_has_found_to_be_different_is_not_listed_again():
    one, other = (factories.make_organisation("Café Welt") for _ in range(2))
    DifferentPair.objects.create(one=other, other=one)

    assert likely_pairs(Organisation.objects.all()) == []
    assert doubles_of(one, Organisation.objects.all()) == []


def test_an_organisation_is_found_by_the_name_of_one_that_was_merged_into_it():
    kept = factories.make_organisation("Haus der Vielfalt")
    FormerOrganisation.objects.create(kept=kept, number=4711, slug="ffb", title="Café Welt")

    [[likely]] = likely_doubles([Named("Cafe Welt e. V.")], Organisation.objects.all())
    assert likely.organisation == kept


@pytest.mark.parametrize("title", ["", "()", "\u202e", "<b>x</b>", "'; --", "a" * 5000, "%s {}"])
def test_any_name_can_be_compared(title):
    factories.make_organisation("Café Welt")

    assert likely_doubles([Named(title, ["06", "x"])], Organisation.objects.all()) == [[]]


def test_names_without_letters_are_like_nothing():
    factories.make_organisation("(Café)")
    factories.make_organisation("[Welt]")

    assert pairs() == set()


def test_more_organisations_take_no_more_queries():
    def queries(number):
        for n in range(number):
            factories.make_organisation(f"Café Welt {n}", districts=[factories.make_district()])
        with CaptureQueriesContext(
            connection,
        ) as captured:
            for pair in likely_pairs(Organisation.objects.all()):
                assert list(pair.one.districts.all())
        return len(captured)

    assert queries(2) == queries(20)
