"""A process that is really killed while it asks volunteers for single dates."""

from collections import Counter

import pytest
from django.db import connection, transaction

from tests import factories
from tests.killed import PATIENCE, kill, start_worker, wait_until, waits_for_the_outbox
from volunteers.models import DateOffer, DateRequest, OutgoingMail
from volunteers.services.locks import lock_date

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def dates(settings):
    """Two dates for each of which three volunteers are asked: all that there are."""
    settings.DATE_WAVE = 3
    circle = factories.make_circle()
    for number in range(3):
        factories.make_single(circle, f"Ida {number}", email=f"ida-{number}@example.org")
    return [factories.make_date(name) for name in ("Samira", "Olena")]


def waits_for_a_row() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype <> 'relation'")
        return bool(cursor.fetchone()[0])


def require_each_asked_once(dates):
    """No mail twice, none missing."""
    assert start_worker().wait(PATIENCE) == 0
    assert start_worker().wait(PATIENCE) == 0
    everybody = {(date.pk, n) for date in dates for n in range(3)}
    offers = DateOffer.objects.values_list("date", "volunteer__email")
    assert sorted(offers) == sorted((d, f"ida-{n}@example.org") for d, n in everybody)
    asked = [mail for mail in OutgoingMail.objects.all() if "einspringen" in mail.subject]
    assert Counter(to for mail in asked for to in mail.recipients) == {
        f"ida-{n}@example.org": 2 for n in range(3)
    }


def test_killed_in_the_middle_of_a_wave_nothing_of_it_is_left_and_it_goes_out_once(
    dates, queued_mail
):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE volunteers_outgoingmail IN EXCLUSIVE MODE")
        worker = start_worker()
        wait_until(waits_for_the_outbox)
        kill(worker)
    wait_until(lambda: not waits_for_the_outbox())
    assert not DateOffer.objects.exists()
    require_each_asked_once(dates)


def test_killed_between_two_waves_the_first_is_not_sent_again(dates, queued_mail):
    first, second = dates
    with transaction.atomic():
        lock_date(second.pk)
        worker = start_worker()
        wait_until(waits_for_a_row)
        kill(worker)
        assert set(DateOffer.objects.values_list("date", flat=True)) == {first.pk}
    assert DateRequest.objects.get(pk=second.pk).next_wave_at == second.next_wave_at
    require_each_asked_once(dates)
