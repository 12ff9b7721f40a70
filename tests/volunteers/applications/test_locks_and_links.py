"""Who waits for a locked row reads it as it is afterwards, also where it now belongs to somebody else."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections, transaction

from tests import factories
from volunteers.services import locks

WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()"


def make_event() -> Any:
    return factories.make_event(organisation=factories.make_circle())


def make_enquiry() -> Any:
    return factories.make_enquiry(factories.make_entry(organisation=factories.make_circle()))


def make_application() -> Any:
    return factories.make_application(factories.make_circle())


def make_request() -> Any:
    return factories.make_request(organisation=factories.make_circle())


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("make", "lock"),
    [
        (make_event, locks.lock_event),
        (make_enquiry, locks.lock_enquiry),
        (make_application, locks.lock_own_application),
        (make_request, locks.lock_request),
    ],
)
def test_lock_finds_a_row_whose_organisation_changed_while_it_waited(
    make: Callable[[], Any], lock: Callable[[int], Any]
) -> None:
    factories.make_clearing_office()
    record, other = make(), factories.make_circle("Der neue Kreis")

    def wait_for_it() -> Any:
        try:
            with transaction.atomic():
                return lock(record.pk).organisation
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            type(record).objects.filter(pk=record.pk).update(organisation=other)
            result = pool.submit(wait_for_it)
            while not _somebody_waits():
                assert not result.done()
                time.sleep(0.01)
        assert result.result(timeout=60) == other


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return bool(cursor.fetchone()[0])
