"""Rate limits: one count for all processes, per network and per target, and a plain page above them."""

import datetime
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.conf import settings as django_settings
from django.db import connection, transaction
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from volunteers.guard import limits
from volunteers.guard.limits import TooManyTries, limited, limited_guesses
from volunteers.models import RateCount, SecurityEvent

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 11, 22, 11, 0, 30, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _few(settings):
    """Three tries for one network, two for one target, in an hour."""
    settings.RATE_LIMITS = {"try": {"address": (3, 3600), "target": (2, 3600)}}


def request(address="198.51.100.7", **headers):
    return RequestFactory().post("/", {"email": "a@example.org"}, REMOTE_ADDR=address, **headers)


def tries(number, *, target=None, address="198.51.100.7", **headers):
    """How many of ``number`` tries were allowed."""
    passed = 0
    for _ in range(number):
        try:
            limits.try_once(request(address, **headers), "try", target)
        except TooManyTries:
            continue
        passed += 1
    return passed


def test_exactly_as_many_as_allowed_pass_from_one_address():
    assert tries(10) == 3
    assert tries(10, address="198.51.100.8") == 3


def test_a_target_is_counted_over_all_addresses_whatever_its_case():
    passed = [
        tries(1, target=target, address=f"198.51.100.{number}")
        for number, target in enumerate(["a@example.org", "A@Example.org ", "a@example.org"])
    ]
    assert passed == [1, 1, 0]


def test_an_address_over_its_limit_shuts_no_target_out():
    tries(3)
    tries(50, target="a@example.org")
    assert tries(1, target="a@example.org", address="198.51.100.8") == 1


def test_one_address_cannot_use_up_all_tries_for_a_target(settings):
    settings.RATE_LIMITS = {"try": {"address": (20, 3600), "pair": (4, 900), "target": (5, 900)}}
    assert tries(15, target="a@example.org") == 4
    assert tries(3, target="a@example.org", address="198.51.100.8") == 1
    assert tries(1, target="a@example.org", address="198.51.100.9") == 0
    assert tries(1, target="b@example.org") == 1


def test_an_hour_later_it_works_again():
    with time_machine.travel(NOON, tick=False) as clock:
        assert tries(5) == 3
        clock.shift(3599)
        assert tries(5) == 0
        clock.shift(1)
        assert tries(5) == 3


def test_an_ipv6_household_counts_as_one_and_its_neighbour_as_another():
    addresses = [f"2001:db8:1:2:{number:x}::1" for number in range(5)]
    assert sum(tries(1, address=address) for address in addresses) == 3
    assert tries(5, address="2001:db8:1:3::1") == 3


def test_an_ipv4_address_written_as_ipv6_is_the_same_one():
    assert tries(3) == 3
    assert tries(1, address="::ffff:198.51.100.7") == 0


def test_without_a_proxy_nobody_changes_who_they_are_by_a_header(settings):
    settings.BEHIND_PROXY = False
    assert sum(tries(1, HTTP_X_FORWARDED_FOR=f"203.0.113.{n}") for n in range(9)) == 3


def test_behind_the_proxy_only_what_the_proxy_added_counts(settings):
    settings.BEHIND_PROXY = True
    spoofed = [f"203.0.113.{n}, 198.51.100.7" for n in range(9)]
    assert sum(tries(1, address="10.0.0.1", HTTP_X_FORWARDED_FOR=told) for told in spoofed) == 3
    assert tries(1, address="10.0.0.1", HTTP_X_FORWARDED_FOR="198.51.100.8") == 1


@pytest.mark.parametrize("told", ["", "   ", "not an address", "1.2.3.4:80", "x" * 10_000, "\x00"])
def test_a_strange_address_is_counted_as_unknown_and_never_an_error(settings, told):
    settings.BEHIND_PROXY = True
    assert tries(5, address="", HTTP_X_FORWARDED_FOR=told) == 3


def test_what_is_kept_tells_no_address():
    tries(1, target="amina@example.org")
    rows = RateCount.objects.all()
    assert len(rows) == 2
    assert all(len(row.key) == 64 and int(row.key, 16) for row in rows)
    assert all(row.until > timezone.now() for row in rows)


def test_over_the_limit_one_event_is_written_in_each_span_of_time():
    with time_machine.travel(NOON, tick=False) as clock:
        tries(20)
        assert [event.about for event in SecurityEvent.objects.all()] == ["try address"]
        clock.shift(3600)
        tries(20)
        assert SecurityEvent.objects.filter(kind="limited").count() == 2


@limited("try", target=limits.posted("email"))
def view(request):
    return HttpResponse("ok")


def test_the_page_says_when_it_works_again():
    with time_machine.travel(NOON, tick=False) as clock:
        answers = [view(request()) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        refused = answers[-1]
        assert refused["Retry-After"] == "3600"
        assert "no-store" in refused["Cache-Control"]
        # 12:00:30 in Stuttgart plus one hour, shown as the next full minute.
        assert "Ab 13:01 Uhr geht es wieder." in refused.content.decode()
        clock.shift(60)
        assert view(request())["Retry-After"] == "3540"
        clock.shift(3540)
        assert view(request()).status_code == 200


def test_a_span_over_midnight_is_told_with_its_day():
    with time_machine.travel(NOON.replace(hour=22, minute=30, second=0), tick=False):
        sentence = str(TooManyTries(timezone.now() + datetime.timedelta(hours=1)))
    assert "Ab 23. November, 00:30 Uhr geht es wieder." in sentence


def test_looking_is_not_counted():
    looks = [view(RequestFactory().get("/")) for _ in range(10)]
    assert {answer.status_code for answer in looks} == {200}
    assert not RateCount.objects.exists()


@limited_guesses("try")
def shut(request, code):
    if code != "right":
        raise Http404
    return HttpResponse("ok")


@limited_guesses("try", shut_out=False)
def open_to_right_ones(request, code):
    return HttpResponse("ok", status=200 if code == "right" else 404)


def status(guarded, code):
    try:
        return guarded(RequestFactory().get("/"), code).status_code
    except Http404:
        return 404


def test_only_wrong_guesses_count_and_then_the_right_one_gets_no_answer_either():
    assert [status(shut, "right") for _ in range(9)] == [200] * 9
    assert [status(shut, "wrong") for _ in range(5)] == [404, 404, 404, 429, 429]
    assert status(shut, "right") == 429
    assert [event.about for event in SecurityEvent.objects.all()] == ["try address"]


def test_who_has_the_right_link_opens_it_while_others_guess():
    assert [status(open_to_right_ones, "wrong") for _ in range(5)] == [404, 404, 404, 429, 429]
    assert status(open_to_right_ones, "right") == 200


def test_views_run_outside_of_transactions_so_that_a_refused_form_counts():
    assert not any(
        database.get("ATOMIC_REQUESTS") for database in django_settings.DATABASES.values()
    )


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_afterwards_has_been_counted():
    for _ in range(3):
        limits.try_once(request(), "try")
        with pytest.raises(RuntimeError), transaction.atomic():
            raise RuntimeError
    assert tries(1) == 0


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_exactly_as_many_as_allowed_pass(settings):
    settings.RATE_LIMITS = {"try": {"address": (25, 3600), "target": (20, 3600)}}
    start = threading.Barrier(8)

    def many(number):
        start.wait()
        try:
            by_target = tries(10, target="a@example.org", address=f"198.51.100.{number}")
            return by_target, tries(10, address="198.51.100.99")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        passed = list(pool.map(many, range(8)))
    assert [sum(one) for one in zip(*passed, strict=True)] == [20, 25]
    assert SecurityEvent.objects.filter(kind="limited").count() == 2


def test_what_strangers_may_try_for_a_mailbox_leaves_tries_to_its_owner(real_limits):
    mailboxes = (
        "sign_up",
        "companion_request",
        "registration",
        "own_link",
        "account",
        "login_code",
    )
    for purpose in (*mailboxes, "login"):
        assert real_limits[purpose]["pair"] < real_limits[purpose]["target"], purpose
