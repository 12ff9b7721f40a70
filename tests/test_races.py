"""What two people do in the same moment, on two real connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections

from tests import factories
from volunteers.models import Application, Volunteer
from volunteers.models.applications import Status
from volunteers.services import applications as services

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 5


def at_once(*calls):
    """Run ``calls`` in threads that start together; returns their results or exceptions."""
    barrier = Barrier(len(calls))

    def run(call):
        try:
            connection.ensure_connection()
            barrier.wait(timeout=10)
            return call()
        except services.DomainError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def sign_up(email):
    return services.SignUp(email=email, name="Amina", age="adult")


def submitted(entry, email):
    services.submit_application(entry=entry, sign_up=sign_up(email))
    return Application.objects.get(entry=entry, email=email)


def test_two_people_race_for_the_last_place_and_one_waits():
    for round_ in range(ROUNDS):
        entry = factories.make_entry(
            title=f"Sprachcafé {round_}", organisation=factories.make_clearing_office(), places=1
        )
        both = [submitted(entry, f"{name}{round_}@example.org") for name in "ab"]
        at_once(*(lambda a=a: services.confirm_application(application=a) for a in both))
        statuses = sorted(Application.objects.filter(entry=entry).values_list("status", flat=True))
        assert statuses == [Status.NEW, Status.WAITING]


def test_double_click_makes_one_record():
    office = factories.make_clearing_office()
    for round_ in range(ROUNDS):
        email = f"amina{round_}@example.org"
        results = at_once(
            *[lambda e=email: services.submit_application(entry=None, sign_up=sign_up(e))] * 4
        )
        assert results == [None] * 4
        assert Application.objects.filter(email=email, organisation=office).count() == 1


def test_double_click_on_the_confirmation_confirms_once():
    factories.make_clearing_office()
    application = submitted(None, "amina@example.org")
    results = at_once(*[lambda: services.confirm_application(application=application)] * 3)
    assert sum(isinstance(r, services.TransitionNotAllowed) for r in results) == 2
    assert application.changes.filter(status=Status.NEW).count() == 1
    assert Volunteer.objects.count() == 1


def test_one_person_confirming_two_applications_at_once_becomes_one_volunteer():
    office = factories.make_clearing_office()
    entry = factories.make_entry(title="Sprachcafé", organisation=office)
    both = [submitted(entry, "amina@example.org"), submitted(None, "amina@example.org")]
    at_once(*(lambda a=a: services.confirm_application(application=a) for a in both))
    volunteer = Volunteer.objects.get(email="amina@example.org")
    assert set(volunteer.applications.all()) == set(both)


def test_two_coordinators_change_one_application_and_the_second_is_told():
    factories.make_clearing_office()
    users = [factories.make_user(f"{name}@example.org") for name in "ab"]
    application = services.confirm_application(application=submitted(None, "amina@example.org"))
    results = at_once(
        *(
            lambda u=u: services.change_status(
                application=application, status="declined", by=u, reason=f"Grund von {u}"
            )
            for u in users
        )
    )
    assert sum(isinstance(r, services.TransitionNotAllowed) for r in results) == 1
    assert application.changes.filter(status=Status.DECLINED).count() == 1


def test_withdrawing_and_declining_at_once_moves_up_one_person_only():
    office = factories.make_clearing_office()
    entry = factories.make_entry(title="Sprachcafé", organisation=office, places=1)
    first = services.confirm_application(application=submitted(entry, "a@example.org"))
    for name in "bc":
        services.confirm_application(application=submitted(entry, f"{name}@example.org"))
    user = factories.make_user()
    at_once(
        lambda: services.withdraw_application(application=first),
        lambda: services.change_status(
            application=first, status="declined", by=user, reason="Anders vergeben"
        ),
    )
    assert Application.objects.filter(entry=entry, status=Status.NEW).count() == 1
    assert Application.objects.filter(entry=entry, status=Status.WAITING).count() == 1
