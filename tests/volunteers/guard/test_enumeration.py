"""Nobody can find out whether the portal knows an address: not by text, status, mail or time."""

import datetime
import re
import statistics
import time

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from scipy.stats import mannwhitneyu

from tests import factories
from volunteers.guard import evenly
from volunteers.models import OutgoingMail

pytestmark = pytest.mark.django_db

PASSWORD = "ein-langes-passwort-2026"
FORMS = (
    "sign_up",
    "companion",
    "register",
    "newsletter",
    "saved_search",
    "my_data",
    "login_code",
    "signup",
    "login",
    "wrong_code",
    "another_code",
)
ADDRESS_ONLY = ("my_data", "login_code", "signup", "wrong_code", "another_code")
TRIES = 28
WARM_UP = 4
QUERIES_APART = {
    "sign_up": 11,
    "companion": 9,
    "register": 7,
    "newsletter": 6,
    "saved_search": 6,
    "my_data": 9,
    "signup": 12,
}
"""How many more queries an unknown address may need: a record, its history and its consent (for
„signup“ the account). Doing the same work for both would write useless rows, and would differ again
with the next feature. So these responses are sent at fixed time steps
(``volunteers/guard/evenly.py``).
"""
OF_THE_MOMENT = {"Content-Length", "Expires"}
"""Headers that depend on the length of the input or on the time of the response."""
AS_MANY = 2
"""The allowed difference for the other forms: a row that is read for an existing account."""


class QuickHasher(PBKDF2PasswordHasher):
    """The production hasher with fewer rounds: a hundredth of a second instead of half a second."""

    iterations = 20_000


@pytest.fixture(autouse=True)
def _as_in_production(settings, queued_mail):
    settings.PASSWORD_HASHERS = ["tests.volunteers.guard.test_enumeration.QuickHasher"]


@pytest.fixture
def place():
    """An entry or event to sign up for."""
    office = factories.make_clearing_office()
    factories.make_member(office)
    factories.make_programme(organisation=office, makes_tandems=True)
    return {
        "office": office,
        "entry": factories.make_entry(organisation=office),
        "event": factories.make_event(
            organisation=office, takes_registrations=True, capacity=None, slug="abend"
        ),
    }


def make_known(place, email):
    """Create an account with this address that signed up for everything some time ago."""
    office, entry, event = place["office"], place["entry"], place["event"]
    told = {"email": email, "link_sent_at": timezone.now() - datetime.timedelta(days=2)}
    factories.make_application(office, entry=entry, **told)
    factories.make_request(organisation=office, **told)
    factories.make_registration(event, **told)
    factories.make_subscription(**told)
    factories.make_saved_search(**told)
    user = factories.make_user(email, password=PASSWORD)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)


def url_of(form, place):
    slugs = {"sign_up": None, "register": "abend"}
    if form == "sign_up":
        return reverse("volunteers:sign_up_entry", args=[place["entry"].slug])
    if form in {"companion", "register", "my_data"}:
        return reverse(f"volunteers:{form}", args=[slugs[form]] if form in slugs else [])
    if form in {"newsletter", "saved_search"}:
        return reverse(f"portal:{form}")
    if form == "another_code":
        return reverse("code_again")
    names = {"login_code": "request_login_code", "wrong_code": "confirm_login_code"}
    return reverse(f"account_{names.get(form, form)}")


def data_for(form, email):
    if form == "login":
        return {"login": email, "password": "falsch"}
    if form == "wrong_code":
        return {"code": "BCDF-GHJK"}
    if form == "newsletter":
        return {"email": email, "topics": ["news"], "language": "de"}
    typed = {"name": "Amina", "age": "adult", "age_group": "adult", "languages": ["ar"]}
    return {"email": email} if form in ADDRESS_ONLY else typed | {"email": email, "consent": "on"}


def visitor(form, email):
    """A browser that has opened the page; for the code form, that has asked for a code."""
    client = Client()
    if form in {"wrong_code", "another_code"}:
        client.post(reverse("account_request_login_code"), {"email": email})
    return client


def send(client, form, place, email):
    return client.post(url_of(form, place), data_for(form, email))


def without_secrets(response, email):
    """The visible response, without the typed address and the random tokens."""
    text = response.content.decode().replace(email, "ADDRESS")
    return re.sub(r'(name="(csrfmiddlewaretoken|opened)" value=")[^"]*', r"\1", text)


@pytest.mark.parametrize("form", FORMS)
def test_text_status_headers_and_the_next_page_are_the_same(place, form):
    make_known(place, "kennt@example.org")
    seen = []
    for email in ("kennt@example.org", "fremd@example.org"):
        client = visitor(form, email)
        answer = send(client, form, place, email)
        following = client.get(answer.headers.get("Location", url_of(form, place)))
        headers = {k: v for k, v in answer.headers.items() if k not in OF_THE_MOMENT}
        seen.append(
            (
                answer.status_code,
                headers,
                without_secrets(answer, email),
                without_secrets(following, email),
                {name: bool(morsel.value) for name, morsel in client.cookies.items()},
            )
        )
    assert seen[0] == seen[1]
    assert seen[0][0] in {200, 302}


@pytest.mark.parametrize(
    "form", [form for form in FORMS if form not in {"login", "wrong_code", "another_code"}]
)
def test_each_address_gets_one_mail(place, form):
    make_known(place, "kennt@example.org")
    counts = []
    for email in ("kennt@example.org", "fremd@example.org"):
        send(visitor(form, email), form, place, email)
        counts.append(OutgoingMail.objects.filter(recipients=[email]).count())
    assert counts == [1, 1]


@pytest.mark.parametrize("form", FORMS)
def test_the_same_number_of_queries_or_a_known_difference_that_the_step_covers(place, form):
    make_known(place, "kennt@example.org")
    send(visitor(form, "warm@example.org"), form, place, "warm@example.org")
    counts = []
    for email in ("kennt@example.org", "fremd@example.org"):
        client = visitor(form, email)
        with CaptureQueriesContext(connection) as queries:
            send(client, form, place, email)
        told = [q["sql"] for q in queries if "SAVEPOINT" not in q["sql"]]
        counts.append(len(told))
    known, unknown = counts
    assert known > 0
    assert abs(unknown - known) <= QUERIES_APART.get(form, AS_MANY)


class Clock:
    """A fake clock that only moves when it is told to."""

    def __init__(self):
        self.now = 1000.0
        self.slept = []

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


@pytest.mark.parametrize(
    ("work", "answered"), [(0.02, 0.5), (0.31, 0.5), (0.5, 0.5), (0.51, 1.0), (1.7, 2.0)]
)
def test_an_answer_comes_at_whole_steps_whatever_the_work_was(
    settings, monkeypatch, work, answered
):
    settings.ANSWER_STEP_SECONDS = 0.5
    clock = Clock()
    monkeypatch.setattr(evenly, "time", clock)

    class Request:
        method = "POST"

    class Response:
        status_code = 302

    def view(request):
        clock.now += work
        return Response()

    evenly.evenly(view)(Request())
    assert clock.now - 1000 == pytest.approx(answered)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_that_looks_somebody_up_waits_for_the_step(place, form, settings, monkeypatch):
    make_known(place, "kennt@example.org")
    clients = {email: visitor(form, email) for email in ("kennt@example.org", "fremd@example.org")}
    settings.ANSWER_STEP_SECONDS = 30
    clock = Clock()
    monkeypatch.setattr(evenly, "time", clock)
    for email, client in clients.items():
        send(client, form, place, email)
    assert clock.slept == [30, 30]


def test_what_says_nothing_is_answered_at_once(place, settings, monkeypatch):
    settings.ANSWER_STEP_SECONDS = 30
    clock = Clock()
    monkeypatch.setattr(evenly, "time", clock)
    assert Client().get(url_of("sign_up", place)).status_code == 200
    assert Client().post(url_of("sign_up", place), {}).status_code == 422
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"account": {"address": (0, 60)}}
    assert send(Client(), "signup", place, "fremd@example.org").status_code == 429
    assert clock.slept == []


def by_turns(number):
    """Pairs of a known and an unknown address; the order changes from pair to pair."""
    for turn in range(number):
        pair = (f"kennt{turn}@example.org", f"fremd{turn}@example.org")
        yield from pair if turn % 2 else reversed(pair)


class Skipping:
    """The real clock, except that who sleeps is there at once, as if the time had passed."""

    def __init__(self):
        self.skipped = 0.0

    def monotonic(self):
        return time.monotonic() + self.skipped

    def sleep(self, seconds):
        self.skipped += seconds


def timed(clock, client, form, place, email):
    """Seconds, rounded to the millisecond: the network hides smaller differences."""
    begun = clock.monotonic()
    send(client, form, place, email)
    return round(clock.monotonic() - begun, 3)


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_time_does_not_tell_either(place, form, settings, monkeypatch):
    """With alternating order, the known address is the slower one in about half of the pairs.

    As in production, the responses come at fixed steps: on an idle machine even one row that is read
    for a known address would show. In this test the step is a multiple of the work, as it is in
    production, however busy the machine is.
    """
    monkeypatch.setattr(evenly, "time", clock := Skipping())
    for number in range(TRIES):
        make_known(place, f"kennt{number}@example.org")
    times = {"kennt": [], "fremd": []}
    for number, email in enumerate(by_turns(TRIES)):
        settings.ANSWER_STEP_SECONDS = 0.0
        client = visitor(form, email)
        if number >= 2 * WARM_UP:
            settings.ANSWER_STEP_SECONDS = 5 * statistics.median(times["fremd"][:WARM_UP])
        times[email[:5]].append(timed(clock, client, form, place, email))
    known, unknown = times["kennt"][WARM_UP:], times["fremd"][WARM_UP:]
    assert len(known) == len(unknown) == TRIES - WARM_UP
    slower = mannwhitneyu(known, unknown).statistic / (len(known) * len(unknown))
    assert 0.15 < slower < 0.85
