"""Merging while others write, on real connections: nothing lands on an organisation that is gone."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event as Signal

import pytest
from django.db import connection, connections, transaction

from portal.directory.merging import AlreadyMerged, merge_organisations
from programs.models import FormerOrganisation, Membership, Organisation
from tests import factories
from tests.volunteers.applications.test_races import answers, at_once
from volunteers.errors import DomainError, TooBusy
from volunteers.models import Application, CompanionRequest, Registration
from volunteers.services import (
    absorbing,
    answering,
    applications,
    invitations,
    registrations,
    requests,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def portal():
    return factories.make_user("portal@example.org", is_superuser=True)


@pytest.fixture
def office():
    return factories.make_clearing_office()


@pytest.fixture
def kept(office):
    return factories.make_circle("Freundeskreis Süd", department=office)


@pytest.fixture
def merged(office):
    circle = factories.make_circle("Freundeskreis Sued", department=office)
    factories.make_member(circle)
    return circle


@pytest.fixture
def merge(kept, merged, portal):
    return lambda: merge_organisations(kept=kept, merged=merged, merged_by=portal)


def sign_up(entry):
    applications.submit_application(entry=entry, answers=answers("amira@example.org"))


def register(event):
    guest = registrations.Guest(name="Amira", email="amira@example.org")
    registrations.submit_registration(event=event, guest=guest)


def while_open(first, second):
    """Run ``first``; while its transaction is open, start ``second``; commit when that waits."""
    written, go_on = Signal(), Signal()

    def run_first():
        try:
            with transaction.atomic():
                first()
                written.set()
                assert go_on.wait(10)
        finally:
            written.set()
            connections.close_all()

    def run_second():
        try:
            assert written.wait(10)
            return second()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.submit(run_first), pool.submit(run_second)
        assert written.wait(10)
        _until_somebody_waits()
        go_on.set()
        one.result()
        return other.result()


def _until_somebody_waits():
    with connection.cursor() as cursor:
        for _ in range(200):
            cursor.execute(
                "SELECT count(*), pg_sleep(0.02) FROM pg_stat_activity"
                " WHERE wait_event_type = 'Lock' AND datname = current_database()"
            )
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waits")


def test_two_people_merge_the_same_pair_at_once_and_one_organisation_stays(portal):
    for round_ in range(3):
        one, other = (factories.make_circle(f"Kreis {round_}") for _ in range(2))
        results = at_once(
            lambda a=one, b=other: merge_organisations(kept=a, merged=b, merged_by=portal),
            lambda a=other, b=one: merge_organisations(kept=a, merged=b, merged_by=portal),
        )
        assert sum(isinstance(result, AlreadyMerged) for result in results) == 1
        left = Organisation.objects.get(pk__in=[one.pk, other.pk])
        assert FormerOrganisation.objects.filter(kept=left).count() == 1


def test_a_sign_up_that_comes_in_during_the_merge_lands_on_the_kept_one(kept, merged, merge):
    while_open(merge, lambda: sign_up(merged))

    application = Application.objects.get()
    assert application.entry_id == application.organisation_id == kept.pk


def test_a_sign_up_that_is_not_committed_yet_is_moved(kept, merged, merge):
    while_open(lambda: sign_up(merged), merge)

    application = Application.objects.get()
    assert application.entry_id == application.organisation_id == kept.pk


def test_an_offer_of_the_merged_one_takes_sign_ups_during_the_merge(kept, merged, merge):
    entry = factories.make_entry(organisation=merged)
    while_open(merge, lambda: sign_up(entry))

    assert Application.objects.get().organisation_id == kept.pk


@pytest.mark.parametrize("merge_first", [True, False])
def test_a_registration_at_the_same_time_has_the_kept_one(merge_first, kept, merged, merge):
    event = factories.make_event(organisation=merged, takes_registrations=True)
    calls = [merge, lambda: register(event)]
    while_open(*(calls if merge_first else reversed(calls)))

    assert Registration.objects.get().organisation_id == kept.pk


def test_who_looks_for_a_companion_during_the_merge_has_the_kept_one(kept, merged, merge):
    programme = factories.make_programme(organisation=merged, makes_tandems=True)
    told = {"name": "Samira", "email": "s@example.org", "age_group": "adult", "languages": ["ar"]}
    while_open(merge, lambda: requests.submit_request(programme=programme, answers=told))

    assert CompanionRequest.objects.get().organisation_id == kept.pk


def test_who_is_invited_during_the_merge_is_invited_by_the_kept_one(kept, merged, merge, portal):
    offer = invitations.Offer(name="Nora", email="nora@example.org", role="coordinator")
    invitation = while_open(
        merge, lambda: invitations.invite(organisation=merged, offer=offer, by=portal)
    )

    membership = invitations.accept_invitation(public_id=invitation.public_id)
    assert membership.organisation_id == kept.pk


def test_what_is_handed_on_to_the_merged_one_goes_to_the_kept_one(kept, merged, merge, portal):
    application = factories.make_application(factories.make_organisation(), entry=None)
    while_open(
        merge,
        lambda: answering.hand_on_application(application=application, to=merged, by=portal),
    )

    application.refresh_from_db()
    assert application.organisation_id == kept.pk


@pytest.mark.slow
def test_many_at_once_lose_nothing(kept, merged, merge):
    entries = [factories.make_entry(f"Angebot {n}", organisation=merged) for n in range(4)]

    results = at_once(merge, *(lambda e=entry: sign_up(e) for entry in entries))

    assert not [result for result in results if isinstance(result, DomainError)]
    assert set(Application.objects.values_list("organisation", flat=True)) == {kept.pk}
    assert Application.objects.count() == 4
    assert Membership.objects.get().organisation_id == kept.pk


@pytest.mark.slow
def test_a_merge_that_others_keep_waiting_gives_up_and_changes_nothing(
    kept, merged, merge, monkeypatch
):
    monkeypatch.setattr(absorbing, "TRIES", 2)
    done = Signal()

    def write():
        try:
            with transaction.atomic():
                sign_up(merged)
                assert done.wait(10)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        _until_written()
        try:
            with pytest.raises(TooBusy):
                merge()
        finally:
            done.set()
        writing.result()
    assert Application.objects.get().organisation_id == merged.pk
    merge()
    assert Application.objects.get().organisation_id == kept.pk


@pytest.mark.slow
def test_a_merge_waits_until_postgresql_stops_an_autovacuum(kept, merged, merge, monkeypatch):
    """PostgreSQL stops one that is in the way after ``deadlock_timeout``; its lock is the one taken here."""
    monkeypatch.setattr(absorbing, "TRIES", 1)
    holds = Signal()

    def hold():
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("LOCK TABLE programs_entry IN SHARE UPDATE EXCLUSIVE MODE")
                holds.set()
                cursor.execute("SELECT pg_sleep(0.2 + extract(epoch FROM interval %s))", [patience])
        finally:
            holds.set()
            connections.close_all()

    with connection.cursor() as cursor:
        cursor.execute("SHOW deadlock_timeout")
        (patience,) = cursor.fetchone()
    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(hold)
        assert holds.wait(10)
        merge()
        holding.result()
    assert not Organisation.objects.filter(pk=merged.pk).exists()


def _until_written():
    """Wait until another transaction has written an application and not committed it."""
    with connection.cursor() as cursor:
        for _ in range(200):
            cursor.execute(
                "SELECT count(*), pg_sleep(0.02) FROM pg_locks WHERE mode = 'RowExclusiveLock'"
                " AND relation = 'volunteers_application'::regclass"
            )
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nothing was written")
