"""Many counts in one query."""

import pytest
from django.db.models import Count, F

from programs.counting import counts_of
from programs.models import Entry, Membership, Organisation
from tests import factories

pytestmark = pytest.mark.django_db


def test_counts_are_those_of_django_in_one_query(django_assert_num_queries):
    circle = factories.make_circle("Kreis mit 100 % Herz")
    for number in range(3):
        factories.make_entry(f"Angebot {number}", organisation=circle)
    entries = Entry.objects.all()
    found = [
        entries,
        entries.filter(title__contains="100 %"),
        entries.annotate(n=Count("districts")).filter(n=0).order_by("-n", F("title").desc()),
        entries.filter(organisation__title__startswith="Kreis").distinct(),
        Organisation.objects.filter(pk__in=entries.values("organisation")),
        Membership.objects.none(),
        entries.filter(pk__in=[]),
    ]
    expected = [one.count() for one in found]
    assert expected[:2] == [4, 1]
    with django_assert_num_queries(1):
        assert counts_of([7, *found, 0]) == [7, *expected, 0]


def test_nothing_to_ask_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert counts_of([3, Entry.objects.none()]) == [3, 0]


def test_counting_stops_at_a_bound_and_says_so(django_assert_num_queries):
    circle = factories.make_circle()
    for number in range(3):
        factories.make_entry(f"Angebot {number}", organisation=circle)
    offers = Entry.objects.filter(title__startswith="Angebot")
    with django_assert_num_queries(1):
        many, newest = counts_of([offers, offers.order_by("-pk")[:3]], most=2)
    assert (str(many), many == 2) == ("mehr als 2", True)
    assert str(newest) == str(many)
    exact = counts_of([offers, 7], most=3)
    assert [str(one) for one in exact] == ["3", "7"]
