"""Rules of the matching: waiting counts, weeks are kept, other rules are rehearsed, switching is an act."""

import dataclasses
import datetime
import random

import pytest
from django.core import mail
from django.db import InternalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from programs.addresses import admin_path
from tests import factories
from tests.volunteers.matching.test_gains import made_up
from volunteers.matching import rounds
from volunteers.matching.criteria import PlaceNames, said
from volunteers.matching.profiles import Helper, Seeker
from volunteers.matching.rules import STANDARD, Rules, current
from volunteers.matching.together import Scores, assign
from volunteers.models import (
    CompanionRequest,
    MatchingRound,
    MatchingRules,
    OutgoingMail,
    Tandem,
)
from volunteers.services import rules as services

ARABIC = frozenset({"ar"})
NAMES = PlaceNames({}, {})


def test_who_has_waited_longer_gets_the_volunteer_who_fits_both_as_well_enough():
    near = frozenset({"01"})
    new = Seeker(pk=1, languages=ARABIC, near=near)
    long = Seeker(pk=2, languages=ARABIC, waited=13 * 7)
    helper = Helper(pk=1, volunteer=1, languages=ARABIC, districts=near)
    assert assign(Scores([new, long], [helper])) == [(0, 0)], "the same points: the order decides"
    longer = dataclasses.replace(STANDARD, waiting=2)
    assert assign(Scores([new, long], [helper], longer)) == [(1, 0)]
    never = dataclasses.replace(STANDARD, waiting=0)
    assert assign(Scores([new, long], [helper], never)) == [(0, 0)]


def test_waiting_is_told_and_makes_no_pair_by_itself():
    seeker = Seeker(pk=1, languages=ARABIC, waited=20)
    found = said(seeker, Helper(pk=1, volunteer=1, languages=ARABIC), NAMES)
    assert found[-1] == (2, "wartet seit 2 Wochen", "")
    stranger = Helper(pk=2, volunteer=2, languages=frozenset({"uk"}))
    assert not any(one.points for one in said(seeker, stranger, NAMES))
    assert assign(Scores([seeker], [stranger])) == []


def test_conditions_that_are_switched_on_are_hard():
    district = frozenset({"01"})
    seeker = Seeker(pk=1, languages=ARABIC, districts=district)
    near = Helper(pk=1, volunteer=1, languages=frozenset({"uk"}), districts=district)
    assert assign(Scores([seeker], [near])) == [(0, 0)]
    assert assign(Scores([seeker], [near], Rules(needs_language=True))) == []
    far = Helper(pk=1, volunteer=1, languages=ARABIC)
    assert assign(Scores([seeker], [far], Rules(needs_near=True))) == []


def test_kept_cases_give_back_exactly_what_was_suggested():
    visited = 0
    for seed in range(300):
        seekers, helpers, extra = made_up(random.Random(seed))
        rules = Rules(waiting=seed % 3, needs_language=seed % 5 == 0)
        case = rounds.keep(seekers, [*helpers, extra])
        suggested = assign(Scores(seekers, [*helpers, extra], rules))
        kept, pairs = rounds.read(rounds.write(case, suggested))
        assert kept == case
        assert pairs == suggested == kept.pairs(rules), seed
        assert not any("@" in one.email for one in [*kept.seekers, *kept.helpers])
        visited += bool(suggested)
    assert visited > 100


# --- Kept, rehearsed, switched ------------------------------------------------------------


@pytest.fixture
def office(db):
    return factories.make_clearing_office()


@pytest.fixture
def circle(office):
    return factories.make_circle(department=office)


@pytest.fixture
def boss(office):
    return factories.make_user("adm@example.org", is_superuser=True)


def some_cases(circle):
    for number in range(3):
        factories.make_request(f"Samira {number}", organisation=circle, languages=["ar"])
    factories.make_ready(circle, "Ina Beste")
    factories.make_ready(circle, "Eva Deutsch", languages=["uk"], weekdays=[1])


def test_worker_keeps_one_week_and_forgets_after_a_year(circle):
    some_cases(circle)
    assert services.record_due()
    assert not services.record_due()
    kept = MatchingRound.objects.get()
    assert "Samira" not in str(kept.cases)
    assert Rules.read(kept.rules) == STANDARD
    MatchingRound.objects.update(at=timezone.now() - datetime.timedelta(days=367))
    assert services.record_due()
    assert MatchingRound.objects.count() == 1


def query(rules, **more):
    values = {name: value for name, value in rules.as_dict().items() if value is not False}
    return {**values, "days": 7, **more}


def everything_kept():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
        )
        return dict(cursor.fetchall())


@pytest.mark.slow
def test_rehearsal_writes_nothing_and_mails_nobody(client, circle, boss):
    some_cases(circle)
    services.record_due()
    client.force_login(boss)
    path = admin_path(MatchingRules, "rehearse")
    client.get(path)
    before = everything_kept()
    page = client.get(path, query(Rules(needs_language=True, waiting=5)))
    assert page.status_code == 200
    assert everything_kept() == before
    assert not mail.outbox
    assert not OutgoingMail.objects.exists()
    assert current() == STANDARD
    text = page.content.decode()
    assert "Samira" not in text
    assert "galten: 1; davon ergibt die Rechnung genau, was damals vorgeschlagen wurde: 1." in text


def test_a_rehearsal_cannot_write(circle):
    with pytest.raises(InternalError, match="read-only"), services.read_only():
        CompanionRequest.objects.update(note="x")


def test_rehearsal_counts_pairs_waiting_days_and_who_gets_somebody_else(circle):
    some_cases(circle)
    told = services.rehearse(tried=STANDARD)
    assert told.current == told.tried
    assert (told.gain, told.lose, told.other) == (0, 0, 0)
    assert told.current.pairs == 1
    none = Rules(language=0, german_only=0)
    told = services.rehearse(tried=none)
    assert (told.tried.pairs, told.lose, told.tried.left) == (0, 1, 3)


def test_rehearsal_is_bounded(circle, monkeypatch):
    some_cases(circle)
    services.record_due()
    monkeypatch.setattr(services, "MOST_CELLS", 1)
    told = services.rehearse(tried=STANDARD)
    assert (told.weeks, told.kept_weeks) == (0, 1)


@pytest.mark.slow
def test_switching_is_an_act_of_the_portalverwaltung_and_logged(client, office, circle, boss):
    some_cases(circle)
    path = admin_path(MatchingRules, "switch")
    new = Rules(waiting=9, needs_language=True)
    client.force_login(factories.make_member(office, role="staff").user)
    assert client.post(path, query(new, note="Probe")).status_code == 403
    client.force_login(boss)
    assert client.post(path, query(new)).status_code == 302
    assert current() == STANDARD, "without a reason nothing is switched"
    client.post(path, query(new, note="Wer lange wartet, zählt mehr"))
    assert current() == new
    kept = MatchingRules.objects.get()
    assert (kept.by, kept.note) == (boss, "Wer lange wartet, zählt mehr")
    page = client.get(admin_path(kept)).content.decode()
    assert "Punkte für jede volle Woche Wartezeit: 9" in page
    client.post(path, query(new, note="Noch einmal"))
    assert MatchingRules.objects.count() == 1, "a second click changes nothing"
    assert not Tandem.objects.exists()


def test_department_reads_rounded_counts_and_no_button(client, office, circle):
    some_cases(circle)
    client.force_login(factories.make_member(office, role="staff").user)
    page = client.get(
        admin_path(MatchingRules, "rehearse"), query(Rules(waiting=3))
    ).content.decode()
    assert "unter 5" in page
    assert "<td>–</td><td>–</td>" in page, "days of one person are not told"
    assert "ab jetzt gelten lassen" not in page
    assert "Die Paare oben gelten für jede Frist" in page


@pytest.mark.slow
@pytest.mark.parametrize("value", ["", "-1", "101", "x", "9" * 50, "1.5", "\x00"])
def test_unfriendly_numbers_get_a_sentence(client, boss, value):
    client.force_login(boss)
    answer = client.get(
        admin_path(MatchingRules, "rehearse"), {**query(STANDARD), "language": value}
    )
    assert answer.status_code == 422
    assert "errorlist" in answer.content.decode()
    client.post(
        admin_path(MatchingRules, "switch"), {**query(STANDARD), "language": value, "note": "x"}
    )
    assert not MatchingRules.objects.exists()


def test_rehearsal_takes_the_same_queries_for_few_and_many_cases(circle):
    some_cases(circle)

    def counted():
        with CaptureQueriesContext(connection) as queries:
            services.rehearse(tried=STANDARD)
        return len(queries)

    few = counted()
    for number in range(5):
        factories.make_request(f"Olena {number}", organisation=circle)
        factories.make_ready(circle, f"Eva {number}")
    assert counted() == few
