"""Several people and workers change one tandem at the same moment, on real connections."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from tests import factories
from tests.volunteers.applications.test_races import at_once
from volunteers.models import CheckIn, CompanionRequest, Tandem
from volunteers.models.companions import Side
from volunteers.services import applications, check_ins, ending, requests, tandems

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 4


def pair(circle, number):
    request = factories.make_request(f"Samira {number}", organisation=circle)
    return request, factories.make_ready(circle, f"Amira {number}")


@pytest.fixture
def circle():
    return factories.make_circle(department=factories.make_clearing_office())


def refused(results, *kinds):
    assert all(isinstance(r, (Tandem, *kinds)) for r in results), results
    return sum(isinstance(r, kinds) for r in results)


@pytest.mark.slow
def test_both_say_yes_at_once_and_one_tandem_starts(circle):
    for round_ in range(ROUNDS):
        request, application = pair(circle, round_)
        tandem = tandems.propose(request=request, application=application)
        mail.outbox.clear()
        at_once(
            *(
                lambda s=side, t=tandem: tandems.answer(tandem=t, side=s, answer="yes")
                for side in Side
            )
        )
        tandem.refresh_from_db()
        assert tandem.status == "running"
        assert sorted(m.to[0] for m in mail.outbox) == sorted([request.email, application.email])
        assert application.changes.filter(status="placed").count() == 1


def test_two_coordinators_propose_for_one_request_and_the_second_is_refused(circle):
    for round_ in range(ROUNDS):
        request, first = pair(circle, round_)
        second = factories.make_ready(circle, f"Ben {round_}")
        results = at_once(
            *(
                lambda a=a, r=request: tandems.propose(request=r, application=a)
                for a in (first, second)
            )
        )
        assert refused(results, tandems.RequestTaken) == 1
        assert request.tandems.count() == 1


@pytest.mark.slow
def test_four_are_proposed_at_once_to_a_family_that_wishes_three(circle):
    for round_ in range(ROUNDS):
        family = factories.make_request(
            f"Familie {'ABCD'[round_]}", organisation=circle, people=5, companions=3
        )
        four = [
            factories.make_ready(circle, f"{name} {round_}") for name in ("Ida", "Jo", "Kim", "Lu")
        ]
        results = at_once(
            *(lambda a=a, r=family: tandems.propose(request=r, application=a) for a in four)
        )
        assert refused(results, tandems.RequestTaken) == 1
        assert family.tandems.count() == 3


@pytest.mark.slow
def test_one_companion_of_several_people_gets_no_more_than_wished_when_three_propose(circle):
    for round_ in range(ROUNDS):
        one, application = pair(circle, round_)
        application.tandem_limit = 2
        application.save()
        others = [
            factories.make_request(f"{name} {round_}", organisation=circle)
            for name in ("Olena", "Familie")
        ]
        results = at_once(
            *(
                lambda r=r, a=application: tandems.propose(request=r, application=a)
                for r in (one, *others)
            )
        )
        assert refused(results, tandems.NoMatch) == 1
        assert application.tandems.count() == 2


@pytest.mark.slow
def test_two_coordinators_propose_one_volunteer_and_the_limit_holds(circle):
    for round_ in range(ROUNDS):
        one, application = pair(circle, round_)
        two = factories.make_request(f"Olena {round_}", organisation=circle)
        results = at_once(
            *(
                lambda r=r, a=application: tandems.propose(request=r, application=a)
                for r in (one, two)
            )
        )
        assert refused(results, tandems.NoMatch) == 1
        assert application.tandems.count() == 1


@pytest.mark.slow
def test_limit_holds_when_two_organisations_propose_the_same_person(circle):
    north = factories.make_circle("Freundeskreis Nord")
    for round_ in range(ROUNDS):
        one, here = pair(circle, round_)
        there = factories.make_ready(north, f"Amira {round_}", volunteer=here.volunteer)
        two = factories.make_request(f"Olena {round_}", organisation=north)
        results = at_once(
            lambda r=one, a=here: tandems.propose(request=r, application=a),
            lambda r=two, a=there: tandems.propose(request=r, application=a),
        )
        assert refused(results, tandems.NoMatch) == 1
        assert here.volunteer.tandems.count() == 1


@pytest.mark.slow
def test_answer_and_lapse_at_once_leave_one_of_the_two(circle, settings):
    outcomes = set()
    for round_ in range(ROUNDS):
        request, application = pair(circle, round_)
        tandem = tandems.propose(request=request, application=application)
        tandems.answer(tandem=tandem, side=Side.NEWCOMER, answer="yes")
        long_ago = timezone.now() - datetime.timedelta(days=settings.PROPOSAL_DAYS, hours=1)
        Tandem.objects.filter(pk=tandem.pk).update(proposed_at=long_ago)
        mail.outbox.clear()
        at_once(
            lambda t=tandem: tandems.answer(tandem=t, side=Side.VOLUNTEER, answer="yes"),
            tandems.lapse_proposals,
        )
        tandem.refresh_from_db()
        request.refresh_from_db()
        assert (tandem.status, request.status) in {("running", "matched"), ("lapsed", "open")}
        assert len(mail.outbox) == 2
        outcomes.add(tandem.status)
    assert outcomes


def test_two_workers_lapse_a_proposal_once(circle, settings):
    request, application = pair(circle, 0)
    tandem = tandems.propose(request=request, application=application)
    mail.outbox.clear()
    later = timezone.now() + datetime.timedelta(days=settings.PROPOSAL_DAYS, hours=1)
    with time_machine.travel(later, tick=True):
        results = at_once(tandems.lapse_proposals, tandems.lapse_proposals)
    assert sorted(results) == [0, 1]
    tandem.refresh_from_db()
    assert tandem.status == "lapsed"
    assert len(mail.outbox) == 2


def test_two_workers_ask_each_side_once(circle):
    for round_ in range(ROUNDS):
        factories.make_tandem(*pair(circle, round_))
    later = timezone.localtime().replace(hour=12) + datetime.timedelta(days=14)
    with time_machine.travel(later, tick=True):
        results = at_once(check_ins.ask_due, check_ins.ask_due, check_ins.ask_due)
    assert sum(results) == CheckIn.objects.count() == len(mail.outbox) == 2 * ROUNDS


@pytest.mark.slow
def test_both_end_the_tandem_at_once_and_it_ends_once(circle):
    for round_ in range(ROUNDS):
        tandem = factories.make_tandem(*pair(circle, round_))
        mail.outbox.clear()
        results = at_once(
            *(
                lambda s=side, t=tandem: ending.end_tandem(tandem=t, reason="moved", side=s)
                for side in Side
            )
        )
        assert refused(results, ending.NotRunning) == 1
        assert len(mail.outbox) == 2


def test_newcomer_and_volunteer_leave_at_once_without_a_deadlock(circle):
    for round_ in range(ROUNDS):
        request, application = pair(circle, round_)
        tandem = factories.make_tandem(request, application)
        at_once(
            lambda r=request: requests.withdraw_request(request=r),
            lambda a=application: applications.withdraw_application(application=a),
        )
        for record in (tandem, application, request):
            record.refresh_from_db()
        assert tandem.status == "ended"
        assert application.status == "withdrawn"
        assert request.status in {"withdrawn", "closed"}


@pytest.mark.slow
def test_proposing_and_withdrawing_at_once_leave_no_living_proposal(circle):
    for round_ in range(ROUNDS):
        request, application = pair(circle, round_)
        at_once(
            lambda r=request, a=application: tandems.propose(request=r, application=a),
            lambda a=application: applications.withdraw_application(application=a),
        )
        application.refresh_from_db()
        if application.status == "withdrawn":
            assert not application.tandems.alive().exists()


@pytest.mark.slow
def test_double_click_makes_one_request(circle):
    for round_ in range(ROUNDS):
        email = f"samira{round_}@example.org"
        answers = {"email": email, "name": "Samira", "age_group": "adult"}
        results = at_once(
            *[lambda a=answers: requests.submit_request(programme=None, answers=a)] * 4
        )
        assert results == [None] * 4
        assert CompanionRequest.objects.filter(email=email).count() == 1
