"""Whoever puts all published tables of all months side by side finds no small group (1,000 made-up series)."""

import datetime
import random
from decimal import Decimal

import pytest

from portal.figures.counting import Fact
from portal.figures.guarding import MONTH, YEAR, At, Told, tell
from portal.figures.hiding import shown_table
from portal.figures.measures import MEASURES, Counts, Split
from portal.figures.months import last_day, next_first
from portal.figures.splitting import Cell, cells
from tests.portal.figures.attacker import Attacker, Number

FIRST = datetime.date(2026, 1, 31)
REASONS = ("moved", "no_time", "reached")


class MadeUpPlaces:
    """A small city: entry 10·d + f lies in district d and belongs to field f, some to two fields."""

    def rows(self, split, fact):
        district, field = divmod(fact.entry, 10)
        match split:
            case Split.TOTAL:
                yield "", ""
            case Split.ORGANISATION:
                yield str(fact.organisation), ""
            case Split.PROGRAMME:
                yield str(fact.entry % 2), ""
            case Split.DISTRICT:
                yield str(district), ""
            case Split.FIELD:
                yield str(field), ""
                if fact.entry % 3 == 0:
                    yield str(field + 1), ""
            case Split.REASON:
                yield fact.reason, ""


def stands(number):
    stand = FIRST
    for _month in range(number):
        yield stand
        stand = last_day(next_first(stand))


def somewhere(dice):
    """An organisation, an offer of it; a few have most of the people."""
    organisation = min(dice.randrange(5), dice.randrange(5))
    return {"organisation": organisation, "entry": 10 * (organisation % 3) + dice.randrange(3)}


def publish(told, slug, period, stand, facts):
    counted = cells(MEASURES[slug], facts, MadeUpPlaces())
    tell(MEASURES[slug], At(slug, period, stand, ""), counted, told)
    return counted


def tandems(dice):
    """Tandems begin and end; both are published every month."""
    told: Told = {}
    running = [somewhere(dice) for _ in range(dice.randrange(25))]
    for stand in stands(4):
        dice.shuffle(running)
        ended = [running.pop() for _ in range(dice.randrange(len(running) // 2 + 1))]
        running += [somewhere(dice) for _ in range(dice.randrange(7))]
        publish(told, "tandems", MONTH, stand, [Fact(**one) for one in running])
        reasons = [Fact(**one, reason=dice.choice(REASONS)) for one in ended]
        publish(told, "tandems_ended", MONTH, stand, reasons)
    return told


def a_year(dice):
    """Applications of twelve months, and of the year."""
    told: Told = {}
    facts = []
    most = dice.choice((3, 10, 25))
    for stand in stands(12):
        month = [Fact(**somewhere(dice)) for _ in range(dice.randrange(most))]
        publish(told, "applications", MONTH, stand, month)
        facts += month
    publish(told, "applications", YEAR, datetime.date(2026, 12, 31), facts)
    return told


def persons(dice):
    """Engaged people, some of them in two places."""
    told: Told = {}
    for stand in stands(2):
        people = [
            Fact(**somewhere(dice), person=person)
            for person in range(dice.randrange(30))
            for _place in range(dice.choice((1, 1, 2)))
        ]
        publish(told, "active", MONTH, stand, people)
    return told


def hours(dice):
    told: Told = {}
    for stand in stands(3):
        given = [
            Fact(**somewhere(dice), amount=Decimal(dice.randrange(1, 160)) / 4, person=person)
            for person in range(dice.randrange(40))
        ]
        publish(told, "hours", MONTH, stand, given)
    return told


def published(told: Told) -> list[Number]:
    half = {slug: 0.5 if one.counts is Counts.HOURS else 0.0 for slug, one in MEASURES.items()}
    return [
        Number(
            *at,
            row,
            *(
                (0.0, None)
                if one is None
                else (max(one.low - half[at.measure], 0.0), one.high + half[at.measure])
            ),
        )
        for at, rows in told.items()
        for row, one in rows.items()
    ]


PARTS = 10
SERIES = {tandems: 40, a_year: 20, persons: 20, hours: 20}
"""How many of each kind in each part: 1,000 in all."""


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("kind", SERIES, ids=lambda kind: kind.__name__)
def test_no_small_group_is_found(kind, part):
    looked_at = 0
    for number in range(SERIES[kind]):
        dice = random.Random(f"{kind.__name__} {part} {number}")
        told = kind(dice)
        attacker = Attacker(published(told))
        looked_at += len(attacker.hidden)
        assert attacker.found() == []
    assert looked_at > 20, "there was nothing to look for"
    assert sum(SERIES.values()) * PARTS == 1000


def test_the_attacker_finds_what_rounding_alone_gives_away():
    """Two of at most four, and eight together: both are four."""
    stand, rows = FIRST, {"1": Cell("", Decimal(4), 4), "2": Cell("", Decimal(4), 4)}
    measure = MEASURES["applications"]
    told: Told = {
        At("applications", MONTH, stand, "total"): shown_table(
            measure, {"": Cell("", Decimal(8), 8)}
        )
    }
    told[At("applications", MONTH, stand, "organisation")] = shown_table(measure, rows)
    found = Attacker(published(told)).found()
    assert {(one.row, what) for one, what in found} == {("1", "least"), ("2", "least")}


def test_most_tables_can_be_read():
    """Hiding hides little: of a city with some people, most tables are shown."""
    shown = of = 0
    for number in range(20):
        dice = random.Random(f"readable {number}")
        told: Told = {}
        for stand in stands(3):
            facts = [Fact(**somewhere(dice)) for _ in range(dice.randrange(25, 60))]
            of += len(publish(told, "applications", MONTH, stand, facts))
        shown += len(told)
    assert shown > 0.9 * of
