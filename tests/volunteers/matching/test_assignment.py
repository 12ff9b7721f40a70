"""The solver of the assignment problem, compared with scipy's, which production does not have."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from tests.plans import plan_with
from volunteers.matching import suggestions
from volunteers.matching.assignment import best_columns
from volunteers.models import Application


def total(weights):
    """The sum of the chosen weights; each column is used once."""
    columns = best_columns(weights)
    assert len(set(columns)) == len(columns) == len(weights)
    return sum(int(weights[pair]) for pair in enumerate(columns) if pair[1] < weights.shape[1])


def best(weights):
    return int(weights[linear_sum_assignment(weights, maximize=True)].sum())


@st.composite
def matrices(draw):
    rows, columns, most = draw(st.tuples(st.integers(1, 9), st.integers(1, 9), st.integers(0, 9)))
    row = st.lists(st.integers(0, most), min_size=columns, max_size=columns)
    return np.array(draw(st.lists(row, min_size=rows, max_size=rows)), dtype=np.int64)


@given(matrices())
def test_nothing_adds_up_to_more(weights):
    assert total(weights) == best(weights)


def random_points(rows, columns):
    points = np.random.default_rng(rows).integers(0, 90, (rows, columns))
    return np.where(points > 30, points, 0).astype(np.int64)


LARGE = {
    "many columns": random_points(120, 900),
    "many rows": random_points(300, 80),
    "as many": random_points(200, 200),
    "all the same": np.full((150, 200), 7, dtype=np.int64),
    "every row moves all before it": np.outer(np.arange(120), np.arange(120)),
}


@pytest.mark.parametrize("weights", LARGE.values(), ids=LARGE)
def test_nothing_adds_up_to_more_in_large_ones(weights):
    assert total(weights) == best(weights)


def test_large_numbers_are_not_rounded():
    small = random_points(30, 40)
    assert total(2**54 + small) == 30 * 2**54 + best(small)


def test_without_a_column_nobody_gets_one():
    assert best_columns(np.zeros((3, 0), dtype=np.int64)).min() >= 0
    assert len(best_columns(np.zeros((0, 3), dtype=np.int64))) == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("of", "index"),
    [({}, "application_for_tandems"), ({"organisation": 1}, "application_for_own_tandems")],
)
def test_who_waits_longest_for_a_tandem_is_found_by_an_index_in_this_order(of, index):
    applications = Application.objects.filter(**of)
    rows = suggestions.leading_to_tandems(applications).values("pk")[:10]
    plan = plan_with(Application, index, *rows.query.sql_with_params())
    assert f"using {index} on" in plan
    assert "Sort" not in plan
