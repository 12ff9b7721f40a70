"""Bots leave no data through the public forms, and people do not notice the protection."""

import datetime
import re

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests import factories
from volunteers.guard.forms import _age, stamp
from volunteers.models import Application, CompanionRequest, RateCount, Registration, SecurityEvent

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 11, 22, 11, 0, tzinfo=datetime.UTC)
FORMS = ("sign_up", "companion", "register")
TYPED = {
    "name": "Amina Yılmaz",
    "email": "amina@example.org",
    "age": "adult",
    "age_group": "adult",
    "languages": ["ar"],
    "consent": "on",
}
DONE = {"sign_up": "sign_up_done", "companion": "companion_done", "register": "register_done"}


@pytest.fixture
def url_of():
    factories.make_clearing_office()
    event = factories.make_event(takes_registrations=True)
    return lambda form: reverse(
        f"volunteers:{form}", args=[event.slug] if form == "register" else []
    )


@pytest.fixture
def three_seconds(settings):
    settings.FORM_MIN_SECONDS = 3


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def stored():
    models = (Application, CompanionRequest, Registration)
    return sum(model.objects.count() for model in models)


def opened(client: Client, url: str) -> dict[str, str]:
    page = client.get(url).content.decode()
    return {"opened": re.search(r'name="opened" value="([^"]+)"', page)[1]}


@pytest.mark.parametrize("form", FORMS)
def test_who_fills_the_hidden_field_is_thanked_and_leaves_nothing(client, url_of, form):
    answer = client.post(url_of(form), TYPED | {"website": "https://spam.example.org"})
    assert answer.headers["Location"] == reverse(f"volunteers:{DONE[form]}")
    # Counted for the network, not for the typed address, so that its owner is not locked out.
    assert (stored(), len(mail.outbox), RateCount.objects.count()) == (0, 0, 1)

    person = client.post(url_of(form), TYPED)
    assert person.headers["Location"] == answer.headers["Location"]
    assert (stored(), len(mail.outbox)) == (1, 1)


@pytest.mark.usefixtures("real_limits")
def test_who_fills_the_hidden_field_again_and_again_is_not_waited_for(client):
    """The thanks are delayed, and the delay holds a thread."""
    url, data = reverse("volunteers:my_data"), {"email": "a@example.org", "website": "x"}
    statuses = [client.post(url, data).status_code for _ in range(11)]
    assert statuses == [302] * 10 + [429]


@pytest.mark.parametrize("form", FORMS)
def test_a_form_sent_at_once_comes_back_filled_and_is_taken_a_moment_later(
    client, url_of, form, three_seconds, clock
):
    url = url_of(form)
    data = TYPED | opened(client, url)
    clock.shift(2.5)
    early = client.post(url, data)
    assert early.status_code == 422
    assert "Das ging sehr schnell" in early.content.decode()
    assert "Fast geschafft" in early.content.decode()
    assert "Bitte prüfen Sie" not in early.content.decode()
    assert 'value="Amina Yılmaz"' in early.content.decode()
    assert stored() == len(mail.outbox) == 0

    clock.shift(0.5)
    assert client.post(url, data).status_code == 302
    assert stored() == 1


@pytest.mark.slow
@pytest.mark.parametrize("stamp", ["old", "", "tampered", "1763809200.0:abc", "\x00", "9" * 10_000])
def test_a_form_without_a_good_time_comes_back_filled_with_a_new_one(
    client, url_of, three_seconds, clock, stamp
):
    url = url_of("sign_up")
    told = opened(client, url)["opened"]
    if stamp == "old":
        clock.shift(24 * 3600 + 1)
        stamp = told
    elif stamp == "tampered":
        stamp = f"1{told[1:]}" if told[0] != "1" else f"2{told[1:]}"
    clock.shift(1)
    answer = client.post(url, TYPED | {"opened": stamp})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Ihre Angaben sind noch da" in page
    assert 'value="Amina Yılmaz"' in page
    assert stored() == 0

    fresh = re.search(r'name="opened" value="([^"]+)"', page)[1]
    assert fresh != told
    clock.shift(3)
    assert client.post(url, TYPED | {"opened": fresh}).status_code == 302
    assert stored() == 1


def test_a_correction_needs_no_second_wait(client, url_of, three_seconds, clock):
    url = url_of("sign_up")
    told = opened(client, url)
    clock.shift(60)
    wrong = client.post(url, TYPED | told | {"email": "amina"})
    again = re.search(r'name="opened" value="([^"]+)"', wrong.content.decode())[1]
    assert {"opened": again} == told
    assert client.post(url, TYPED | {"opened": again}).status_code == 302


def test_the_hidden_field_is_out_of_the_way_of_everybody(client, url_of):
    page = client.get(url_of("sign_up")).content.decode()
    block = re.search(
        r'<div class="visually-hidden" aria-hidden="true">.*?<input[^>]*>', page, re.DOTALL
    )
    assert 'tabindex="-1"' in block[0]
    assert 'autocomplete="off"' in block[0]
    assert "style=" not in page
    assert "set-cookie" not in {name.lower() for name in client.get("/").headers}


@pytest.mark.slow
@pytest.mark.usefixtures("real_limits")
def test_hundreds_of_automated_sign_ups_leave_ten_in_the_database_and_send_ten_mails(
    client, url_of
):
    url = url_of("sign_up")
    statuses = [
        client.post(
            url,
            TYPED | {"email": f"bot{number}@example.org"},
            HTTP_X_FORWARDED_FOR=f"203.0.113.{number % 250}",
        ).status_code
        for number in range(300)
    ]
    assert statuses == [302] * 10 + [429] * 290
    assert Application.objects.count() == len(mail.outbox) == 10
    assert SecurityEvent.objects.filter(kind="limited").count() == 1


@pytest.mark.slow
@pytest.mark.usefixtures("real_limits")
@pytest.mark.parametrize("form", FORMS)
def test_over_the_limit_the_form_comes_back_filled_and_says_when_it_works(
    client, url_of, form, clock
):
    url = url_of(form)
    for number in range(10):
        assert client.post(url, TYPED | {"email": f"a{number}@example.org"}).status_code == 302
    clock.shift(600)

    over = client.post(url, TYPED)
    page = over.content.decode()
    assert (over.status_code, over["Retry-After"]) == (429, "3000")
    assert "Ab 13:00 Uhr geht es wieder. Ihre Angaben stehen noch im Formular." in page
    assert 'value="Amina Yılmaz"' in page
    assert 'value="amina@example.org"' in page
    assert stored() == 10

    clock.shift(3000)
    assert client.post(url, TYPED).status_code == 302
    assert stored() == 11


@pytest.mark.slow
@pytest.mark.usefixtures("real_limits")
def test_nobody_fills_a_mailbox_by_signing_it_up_everywhere(client, url_of):
    url_of("sign_up")
    statuses = []
    for number in range(11):
        entry = factories.make_entry(f"Angebot {number}")
        url = reverse("volunteers:sign_up_entry", args=[entry.slug])
        statuses.append(client.post(url, TYPED, REMOTE_ADDR=f"198.51.100.{number}").status_code)
    assert statuses == [302] * 8 + [429] * 3
    assert len(mail.outbox) == 8


@pytest.mark.slow
@pytest.mark.usefixtures("real_limits")
def test_what_is_not_filled_in_right_does_not_count(client, url_of):
    for _ in range(15):
        assert client.post(url_of("sign_up"), TYPED | {"email": ""}).status_code == 422
    assert client.post(url_of("sign_up"), TYPED).status_code == 302


def test_a_stamp_is_worth_nothing_elsewhere():
    assert stamp().count(":") == 1
    assert _age(stamp()) < 60
    assert _age("0.0:AAAA") is None


@pytest.mark.parametrize("second", [0, 0.04, 0.05, 0.09, 0.97])
def test_a_form_is_never_shown_in_the_future(second):
    with time_machine.travel(1_800_000_000 + second, tick=False):
        assert 0 <= _age(stamp()) <= 0.1
