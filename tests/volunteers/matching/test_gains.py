"""„Wer fehlt uns?“: what one more volunteer brings, compared with trying everything."""

import random

import pytest

from volunteers.matching.gains import Gains
from volunteers.matching.profiles import Helper, Seeker
from volunteers.matching.together import Problem, Scores

CASES = 1000


def some(rng, values):
    return frozenset(value for value in values if rng.random() < 0.4)


def said(rng):
    return {
        "languages": some(rng, ["de", "ar", "fa"]),
        "districts": some(rng, ["01", "04"]),
        "weekdays": some(rng, [1, 3]),
        "email": rng.choice(["", "a@example.org", "b@example.org"]),
    }


def made_up(rng):
    """A few requests and volunteers, and one more volunteer with room for one to three tandems."""
    seekers = [
        Seeker(
            pk=n,
            wish=rng.choice(["", "", "woman"]),
            near=some(rng, ["01", "04"]),
            waited=rng.choice([0, 0, 9, 30, 300]),
            needs_check=rng.random() < 0.2,
            protected_by=rng.choice([0, 0, 0, 7]),
            **said(rng),
        )
        for n in range(rng.randint(0, 4))
    ]
    helpers = [
        Helper(
            pk=n,
            volunteer=n // 2,
            gender=rng.choice(["", "woman", "man"]),
            room=rng.choice([0, 1, 1, 2]),
            has_check=rng.random() < 0.5,
            ready=rng.random() < 0.9,
            programme=rng.choice([0, 7, 7]),
            prepared=rng.random() < 0.8,
            turned_down=some(rng, range(4)),
            **said(rng),
        )
        for n in range(rng.randint(0, 4))
    ]
    gender = rng.choice(["", "woman"])
    extra = Helper(pk=99, volunteer=99, gender=gender, room=rng.randint(1, 3), **said(rng))
    return seekers, helpers, extra


def best_by_trying(seekers, helpers):
    """Points, places in the line, and number of pairs of the best solution; tries all of them."""
    scores = Scores(seekers, helpers)
    people = {}
    for column, helper in enumerate(helpers):
        people.setdefault(helper.volunteer, []).append(column)
    slots = [
        columns
        for columns in people.values()
        for _ in range(max(helpers[column].room for column in columns))
    ]

    def best(row, free):
        if row == len(seekers):
            return (0, 0, 0)
        found = [best(row + 1, free)]
        for slot in free:
            points = max(
                int(scores.points[row, c]) if scores.allowed[row, c] else 0 for c in slots[slot]
            )
            if points:
                rest = best(row + 1, free - {slot})
                place = len(seekers) - row
                found.append((rest[0] + points, rest[1] + place, rest[2] + 1))
        return max(found)

    return best(0, frozenset(range(len(slots))))


@pytest.mark.slow
def test_one_more_volunteer_brings_what_trying_everything_says():
    brought = 0
    for seed in range(CASES):
        seekers, helpers, extra = made_up(random.Random(seed))
        problem = Problem(Scores(seekers, helpers))
        gains = Gains(problem)
        points, _, pairs = best_by_trying(seekers, helpers)
        assert problem.told(gains.worth) == (pairs, points), seed
        column = problem.worth(Scores(seekers, [extra]).counting)
        bound = int(gains.most(column, extra.room).sum())
        found = [gains.add(column[:, 0]) for _ in range(extra.room)]
        assert sum(found) <= bound, seed
        assert sorted(found, reverse=True) == found, (
            "each further tandem brings no more than the last"
        )
        points, _, pairs = best_by_trying(seekers, [*helpers, extra])
        assert problem.told(gains.worth) == (pairs, points), seed
        brought += any(found)
    assert brought > CASES / 4, "the cases are worth trying"


def test_a_person_for_several_may_move_others():
    """The new one takes the request of somebody who then takes the one that nobody could."""
    arabic, persian = frozenset({"ar"}), frozenset({"fa"})
    seekers = [Seeker(pk=1, languages=arabic), Seeker(pk=2, languages=persian)]
    both = Helper(pk=1, volunteer=1, languages=arabic | persian)
    problem = Problem(Scores(seekers, [both]))
    gains = Gains(problem)
    assert problem.told(gains.worth).pairs == 1
    new = Helper(pk=2, volunteer=2, languages=arabic)
    column = problem.worth(Scores(seekers, [new]).counting)[:, 0]
    assert gains.copy().add(column)
    gains.add(column)
    assert problem.told(gains.worth).pairs == 2
    assert gains.add(column) == 0


def test_without_requests_nobody_is_missing():
    gains = Gains(Problem(Scores([], [Helper(pk=1, volunteer=1)])))
    assert gains.worth == 0
