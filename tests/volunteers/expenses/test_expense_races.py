"""Two expenses, decisions or payments at the same moment, on real connections."""

from decimal import Decimal

import pytest
from django.utils import timezone

from tests import factories
from tests.shown import photo
from tests.volunteers.applications.test_races import ROUNDS, at_once
from volunteers.errors import TransitionNotAllowed
from volunteers.models import Expense
from volunteers.services import expenses as services

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def programme(transactional_db):
    circle = factories.make_circle()
    return factories.make_programme(organisation=circle, expenses_a_year=50)


def paid(uploaded):
    return services.Paid(
        kind="ticket",
        on=timezone.localdate(),
        amount=Decimal(30),
        uploaded=uploaded,
        receipt=photo(),
    )


def test_two_expenses_at_once_cannot_pass_the_limit(programme):
    """Also by two applications of the person, each with its own lock."""
    organisation = programme.organisation
    for number in range(ROUNDS):
        entry = factories.make_entry(organisation=organisation, part_of=programme)
        first = factories.make_engaged(organisation, f"Person {number}", entry=programme)
        second = factories.make_engaged(
            organisation, f"Person {number}", entry=entry, volunteer=first.volunteer
        )
        results = at_once(
            lambda a=first: services.submit_expense(application=a, paid=paid(b"a")),
            lambda a=second: services.submit_expense(application=a, paid=paid(b"b")),
        )
        assert sum(isinstance(one, services.ExpenseRefused) for one in results) == 1
        assert Expense.objects.filter(application__volunteer=first.volunteer).total() == 30


def test_of_two_decisions_one_counts(programme):
    users = [factories.make_member(programme.organisation).user for _ in "ab"]
    application = factories.make_engaged(programme.organisation, entry=programme)
    for _ in range(ROUNDS):
        expense = factories.make_expense(application)
        results = at_once(
            lambda e=expense: services.approve_expense(expense=e, by=users[0]),
            lambda e=expense: services.decline_expense(expense=e, reason="Nein", by=users[1]),
            lambda e=expense: services.withdraw_expense(expense=e),
        )
        assert sum(isinstance(one, TransitionNotAllowed) for one in results) == 2


def test_paid_is_marked_once(programme):
    users = [factories.make_member(programme.organisation).user for _ in "ab"]
    application = factories.make_engaged(programme.organisation, entry=programme)
    found = [factories.make_expense(application, status="approved") for _ in range(5)]
    results = at_once(
        lambda: services.mark_paid(expenses=found, by=users[0]),
        lambda: services.mark_paid(expenses=found[::-1], by=users[1]),
    )
    assert sorted(results) == [0, 5]
