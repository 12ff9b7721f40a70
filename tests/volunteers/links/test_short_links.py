"""Short links: they lead to the signed one, tell nothing by themselves, and go when nobody opens them."""

import datetime

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import factories
from volunteers.links import applications as application_links
from volunteers.links import short
from volunteers.models import Application, ShortLink
from volunteers.privacy import retention
from volunteers.services import applications as services

pytestmark = pytest.mark.django_db

SITE = settings.SITE_URL
LONG = f"{SITE}/anmeldung/{'x' * short.LINE}/#verlauf"
NOON = datetime.datetime(2026, 3, 1, 12, tzinfo=factories.BERLIN)


def path_of(text: str) -> str:
    (link,) = [word for word in text.split() if word.startswith(SITE)]
    return link.removeprefix(SITE)


def unconfirmed() -> Application:
    factories.make_clearing_office()
    answers = {"email": "amina@example.org", "name": "Amina", "age": "adult"}
    services.submit_application(entry=factories.make_circle(), answers=answers)
    return Application.objects.get()


def test_a_link_that_is_longer_than_a_line_becomes_one_that_fits():
    text = short.shorten(
        f"Bitte hier:\n{LONG}\nUnd hier: {LONG} oder https://anderswo.example/{'y' * 90}"
    )
    first, second = (word for word in text.split() if word.startswith(SITE))
    assert first == second
    assert len(first) < short.LINE
    assert "https://anderswo.example/yyyy" in text
    assert ShortLink.objects.count() == 1


def test_links_that_fit_stay_as_they_are():
    text = f"Zur Liste:\n{SITE}/verwaltung/"
    assert short.shorten(text) == text
    assert not ShortLink.objects.exists()


def test_it_fits_with_a_long_host_name_too(settings):
    settings.SITE_URL = "https://freiwilligenportal.engagement.stuttgart.de"
    assert len(short.shorten(f"{settings.SITE_URL}/{'x' * 99}")) <= short.LINE


def test_it_leads_on_without_a_cookie_and_nobody_keeps_the_answer(client):
    response = client.get(path_of(short.shorten(LONG)))
    assert response.status_code == 302
    assert response["Location"] == LONG.removeprefix(SITE)
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


@pytest.mark.slow
def test_rules_of_the_signed_link_hold_behind_it(client):
    path = path_of(short.shorten(application_links.confirm_url(unconfirmed())))
    signed = client.get(path)["Location"]
    assert client.post(path).status_code == 405
    confirmed = client.post(signed)["Location"]
    assert client.get(path, follow=True).redirect_chain[-1][0] == confirmed


def test_a_signed_link_from_an_older_mail_still_works(client):
    url = application_links.confirm_url(unconfirmed())
    assert client.get(url.removeprefix(SITE)).status_code == 200


def test_the_database_alone_opens_nothing():
    path = path_of(short.shorten(LONG))
    (row,) = ShortLink.objects.values()
    key = path.split("/")[-2]
    for value in row.values():
        kept = value.tobytes() if isinstance(value, memoryview) else str(value).encode()
        assert key.encode() not in kept
        assert b"anmeldung" not in kept


@pytest.mark.parametrize("change", ["x", "\x00", "ä" * 500, "../admin"])
def test_a_changed_link_is_not_found(client, change):
    key = path_of(short.shorten(LONG)).split("/")[-2]
    other = ("X" if key[0] != "X" else "Y") + key[1:]
    assert client.get(reverse("volunteers:short", args=[other])).status_code == 404
    assert client.get(f"/l/{key}{change}/").status_code == 404


def test_guesses_are_counted_and_right_links_still_work(settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"wrong_link": {"address": (3, 60)}}
    path = path_of(short.shorten(LONG))
    guesses = [Client().get(f"/l/{'A' * 21}{number}/").status_code for number in range(5)]
    assert guesses == [404, 404, 404, 429, 429]
    assert Client().get(path).status_code == 302


@pytest.mark.slow
def test_it_goes_when_nobody_has_opened_it_for_as_long_as_silent_people_are_kept(settings, client):
    settings.INACTIVE_VOLUNTEER_MONTHS, settings.INACTIVE_ANSWER_MONTHS = 3, 1
    with time_machine.travel(NOON, tick=False) as clock:
        kept, gone = path_of(short.shorten(LONG)), path_of(short.shorten(LONG))
        clock.shift(datetime.timedelta(days=100))
        assert client.get(kept).status_code == 302
        clock.shift(datetime.timedelta(days=30))
        retention.run()
        assert client.get(kept).status_code == 302
        assert client.get(gone).status_code == 404


def test_opening_it_twice_a_day_writes_once(client, django_assert_num_queries):
    path = path_of(short.shorten(LONG))
    ShortLink.objects.update(used_on=timezone.localdate() - datetime.timedelta(days=9))
    client.get(path)
    (row,) = ShortLink.objects.all()
    assert row.used_on == timezone.localdate()
    with django_assert_num_queries(1):
        client.get(path)
