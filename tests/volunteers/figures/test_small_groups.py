"""Counts of 1 to 4 people are hidden, and cannot be worked out from the figures around them."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from volunteers.figures.small_groups import bounds, shown, shown_hours, shown_total, step_for


@pytest.mark.parametrize(
    ("count", "told"),
    [
        *((0, 0), (1, "unter 5"), (4, "unter 5"), (5, 5), (7, 5)),
        *((8, 10), (12, 10), (13, 15), (39, 40), (101, 100)),
    ],
)
def test_small_counts_are_words_and_others_multiples_of_five(count, told):
    assert shown(count) == told


@given(st.integers(0, 500))
def test_every_count_lies_between_the_bounds_of_what_is_shown(count):
    lowest, highest = bounds(shown(count))
    assert lowest <= count <= highest
    assert shown(lowest) == shown(highest) == shown(count)


def total(*counts):
    return shown_total(counts, step_for([counts]))


def test_sums_are_rounded_further_where_they_would_give_small_counts_away():
    """4 and 4 make 8. If „10“ means 8 to 12, both must be 4; if it means 5 to 14, they need not be."""
    assert step_for([[4, 4]]) == 10
    assert total(4, 4) == total(3, 3) == 10
    assert total(1, 1) == "unter 5"
    assert total(20, 3, 8) == 30
    assert total(20, 8) == 30


def test_one_sum_is_rounded_alike_in_all_tables_that_count_the_same():
    assert step_for([[17], [4, 4, 9], [10, 7]]) == step_for([[4, 4, 9]])
    assert step_for([[17], [10, 7]]) == 5


@pytest.mark.slow
@pytest.mark.parametrize("size", [2, 3, 4])
def test_no_small_count_can_be_worked_out_from_its_column(size):
    """For every possible column, each small cell has more than one possible value."""
    possible = {}
    for counts in itertools.product(range(13), repeat=size):
        told = (tuple(map(shown, counts)), total(*counts))
        possible.setdefault(told, []).append(counts)
    checked = 0
    for (cells, _total), all_counts in possible.items():
        for at, cell in enumerate(cells):
            if cell == "unter 5":
                assert len({counts[at] for counts in all_counts}) > 1, cells
                checked += 1
    assert checked > 10


def test_hours_of_few_people_are_not_told():
    assert [shown_hours(33, people) for people in (1, 4, 5)] == ["unter 5", "unter 5", 30]
    assert shown_hours(0, 0) == 0


def test_hours_of_people_who_are_all_deleted_are_not_told():
    assert shown_hours(33, 0) == "unter 5"


def test_the_limit_is_a_setting(settings):
    settings.SMALL_GROUP = 3
    assert [shown(n) for n in (2, 3, 4, 5)] == ["unter 3", 3, 3, 6]
