"""Groups that come, grow and go at the same moment, on real connections: never more people than places."""

import pytest

from tests import factories
from tests.volunteers.applications.test_races import ROUNDS, answers, at_once
from volunteers.errors import GroupNotPossible
from volunteers.models import Application
from volunteers.models.statuses import Status
from volunteers.reads.joining import free_places, places_taken
from volunteers.services import applications as services

pytestmark = pytest.mark.django_db(transaction=True)


def offer(places):
    return factories.make_entry(
        "Gartentag", organisation=factories.make_clearing_office(), places=places, for_groups=True
    )


def submitted(entry, name, size):
    told = {"group_size": size, "group_name": "Klasse"} if size else {}
    email = f"{name}@example.org"
    services.submit_application(entry=entry, answers=answers(email) | told)
    return Application.objects.get(entry=entry, email=email)


def confirmed(entry, name, size):
    return services.confirm_application(application=submitted(entry, name, size))


def statuses(entry):
    found = Application.objects.filter(entry=entry).order_by("email")
    return list(found.values_list("status", flat=True))


@pytest.mark.slow
def test_two_groups_race_for_the_last_places_and_one_waits():
    for _ in range(ROUNDS):
        entry = offer(places=10)
        both = [submitted(entry, name, 6) for name in "ab"]
        at_once(*(lambda a=a: services.confirm_application(application=a) for a in both))
        assert sorted(statuses(entry)) == [Status.NEW, Status.WAITING]
        assert free_places(entry) == 4


@pytest.mark.slow
def test_a_group_grows_while_another_comes_and_the_places_go_to_one_of_them():
    for _ in range(ROUNDS):
        entry = offer(places=8)
        first, second = confirmed(entry, "a", 3), submitted(entry, "b", 4)
        grown, _come = at_once(
            lambda a=first: services.revise_application(application=a, answers={"group_size": 8}),
            lambda a=second: services.confirm_application(application=a),
        )
        first.refresh_from_db()
        came = statuses(entry)[1] == Status.NEW
        assert came == isinstance(grown, GroupNotPossible)
        assert first.people == (3 if came else 8)
        assert places_taken(entry) <= 8


@pytest.mark.slow
def test_two_groups_grow_into_the_same_places_and_one_is_refused():
    for _ in range(ROUNDS):
        entry = offer(places=10)
        both = [confirmed(entry, name, 3) for name in "ab"]
        results = at_once(
            *(
                lambda a=a: services.revise_application(application=a, answers={"group_size": 6})
                for a in both
            )
        )
        assert sum(isinstance(one, GroupNotPossible) for one in results) == 1
        assert places_taken(entry) == 9


@pytest.mark.slow
def test_two_groups_leave_at_once_and_their_places_are_given_away_once():
    for _ in range(ROUNDS):
        entry = offer(places=12)
        leaving = [confirmed(entry, name, 5) for name in "ab"]
        for name, size in (("c", 7), ("d", 4), ("e", 3), ("f", None)):
            confirmed(entry, name, size)
        assert statuses(entry)[2:] == [Status.WAITING, Status.WAITING, Status.WAITING, Status.NEW]
        at_once(*(lambda a=a: services.withdraw_application(application=a) for a in leaving))
        # In whatever order the two go, no place stays empty for whom it would have been enough.
        waiting = Application.objects.filter(entry=entry, status=Status.WAITING)
        free = free_places(entry)
        assert places_taken(entry) <= 12
        assert all(one.people > free for one in waiting)
