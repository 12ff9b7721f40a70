"""„Sie hören bis …“: never before the organisation's own period, later with much work or while all are away."""

import datetime

import pytest
import time_machine

from programs.models import Organisation
from tests import factories
from volunteers.models.statuses import Status
from volunteers.reads.joining import joining
from volunteers.reads.promising import open_cases, promise, promised
from volunteers.services import enquiries
from volunteers.services.enquiries import Question

HERE = (None, None)
ADVENT = "2026-12-18 10:00+01:00"
"""A Friday; Christmas Day is the next one."""


def day(text):
    return datetime.date.fromisoformat(text)


@time_machine.travel("2026-11-02 10:00+01:00", tick=False)
@pytest.mark.parametrize(
    ("cases", "people", "answer_by"),
    [
        (0, 1, "2026-11-09"),
        (14, 1, "2026-11-09"),
        (15, 1, "2026-11-10"),
        (29, 2, "2026-11-09"),
        (30, 2, "2026-11-10"),
        (75, 1, "2026-11-16"),
    ],
)
def test_each_fifteen_cases_a_person_add_one_working_day(cases, people, answer_by):
    made = promise(7, [HERE] * people, cases)
    assert made.answer_by == day(answer_by)
    assert made.is_later is (day(answer_by) > made.basic)


@time_machine.travel(ADVENT, tick=False)
def test_added_days_are_working_days_in_baden_wuerttemberg():
    assert promise(6, [HERE], 15).answer_by == day("2026-12-28"), "Christmas and a weekend between"
    assert promise(18, [HERE], 15).answer_by == day("2027-01-07"), "Heilige Drei Könige between"


@time_machine.travel(ADVENT, tick=False)
def test_while_all_are_away_the_period_begins_when_somebody_is_back():
    away = (day("2026-12-18"), day("2026-12-21"))
    assert promise(7, [away], 0).answer_by == day("2026-12-29")
    assert promise(7, [away, HERE], 0).answer_by == day("2026-12-25")
    later = (day("2026-12-20"), day("2027-01-10"))
    assert promise(7, [later], 0).answer_by == day("2026-12-25"), "there on the day of writing"


@time_machine.travel(ADVENT, tick=False)
@pytest.mark.parametrize("cases", [0, 10**6])
def test_a_promise_never_gets_later_than_the_bound_and_never_earlier_than_the_period(
    settings, cases
):
    always = (day("2026-01-01"), day("2027-12-31"))
    made = promise(7, [always], cases)
    assert made.answer_by == made.basic + datetime.timedelta(days=settings.PROMISE_MOST_MORE_DAYS)
    for number in range(0, 200, 7):
        assert promise(7, [HERE], number).answer_by >= made.basic


@pytest.mark.parametrize("now", ["2027-03-27 23:30+00:00", "2026-10-24 22:30+00:00"])
def test_days_are_those_of_stuttgart_across_the_clock_change(now):
    with time_machine.travel(now, tick=False):
        made = promise(7, [HERE], 0)
    assert made.days == 7
    assert made.today == day(now[:10]) + datetime.timedelta(days=1)


@pytest.mark.django_db
def test_what_waits_counts_and_what_is_answered_does_not():
    circle = factories.make_circle()
    factories.make_member(circle)
    factories.make_application(circle, status=Status.NEW)
    factories.make_application(circle, status=Status.IN_CONTACT)
    factories.make_enquiry(circle)
    cases = Organisation.objects.filter(pk=circle.pk).values_list(open_cases(), flat=True)
    assert cases.get() == 2


@pytest.mark.django_db
def test_form_record_and_question_promise_the_same_day(settings):
    settings.PROMISE_CASES = 1
    circle = factories.make_circle()
    factories.make_member(circle)
    factories.make_application(circle, status=Status.NEW)
    made = promised(circle)
    assert made.is_later
    assert joining(circle).answer_by == made.answer_by
    asked = enquiries.ask(
        about=circle, question=Question(text="Wann?", name="Ada", email="ada@example.org", phone="")
    )
    assert asked.answer_by == made.answer_by
