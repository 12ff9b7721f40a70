"""A form that cannot be accepted now comes back with what was typed; one more press sends it.

And the attacks: a foreign page that fills in a form for a visitor, markup in what was typed, tokens
and passwords that come back, another address.
"""

import re

import pytest
from django.test import Client
from django.urls import reverse

from programs.addresses import admin_path
from programs.models import Opportunity
from tests import factories
from tests.crawling import Page
from tests.people import mailbox
from volunteers.links import my_data
from volunteers.models import Application

pytestmark = pytest.mark.django_db

OWN = {"HTTP_ORIGIN": "http://testserver"}
MARKUP = "Zeile <b>eins</b>\n\"zwei\" 'drei' <script>alert(1)</script> مرحبا"
TYPED = {
    "name": "Öznur Yılmaz",
    "email": "amina@example.org",
    "age": "adult",
    "message": MARKUP,
    "consent": "on",
}


@pytest.fixture
def path():
    factories.make_clearing_office()
    return reverse("volunteers:sign_up_entry", args=[factories.make_entry().slug])


@pytest.fixture
def browser():
    """A client that keeps cookies and is checked as a browser is."""
    return Client(enforce_csrf_checks=True)


def kept(answer):
    """The form of the page with what was typed; nothing on the page runs."""
    page = Page(answer.text)
    assert not page.running
    [form] = [one for one in page.forms if one.method == "post"]
    assert form.action == ""  # the address of the request, and no other
    return form


def says_nothing_typed(answer):
    assert not [form for form in Page(answer.text).forms if form.method == "post"]
    assert "Yılmaz" not in answer.text
    return True


# --- One more press -----------------------------------------------------------------------------


@pytest.mark.parametrize("token", [None, "", "x", "a" * 64])
def test_without_a_valid_token_a_second_press_sends_it(browser, path, token):
    """The session or the cookie has ended, or a login in another tab has changed the token."""
    typed = TYPED if token is None else TYPED | {"csrfmiddlewaretoken": token}
    answer = browser.post(path, typed, **OWN)
    assert answer.status_code == 403
    assert "<title>Fehler: " in answer.text
    assert answer["Cache-Control"] == "no-store"
    form = kept(answer)
    assert {name: value for name, value in form.fields if name in TYPED} == TYPED
    assert browser.post(path, form.data(), **OWN).status_code == 302
    application = Application.objects.get()
    assert (application.name, application.message) == (TYPED["name"], MARKUP)


def test_several_values_of_one_name_all_come_back(browser, path):
    answer = browser.post(path + "?mehr", TYPED | {"languages": ["ar", "de", "tr"]}, **OWN)
    assert kept(answer).data()["languages"] == ["ar", "de", "tr"]


def test_over_the_limit_what_was_typed_waits(browser, settings):
    application = factories.make_application(factories.make_circle(), status="new")
    path = reverse(
        "volunteers:my_data_address", args=[my_data.token_for(mailbox(application.email))]
    )
    browser.get(path)
    token = browser.cookies["csrftoken"].value
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"own_link": {"address": (0, 60)}}
    typed = {"email": "neu@example.org", "again": "neu@example.org", "csrfmiddlewaretoken": token}
    answer = browser.post(path, typed, **OWN)
    assert answer.status_code == 429
    form = kept(answer)
    assert form.data()["email"] == ["neu@example.org"]
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"own_link": {"address": (9, 60)}}
    assert browser.post(path, form.data(), **OWN).status_code == 302
    assert says_nothing_typed(browser.post(path, typed, HTTP_ORIGIN="https://evil.example"))


@pytest.mark.parametrize("origin", ["http://testserver", "https://evil.example"])
def test_offer_that_has_closed_shows_what_was_written(path, origin):
    Opportunity.objects.update(status="paused")
    answer = Client().post(path, TYPED, HTTP_ORIGIN=origin)
    assert answer.status_code == 410
    assert ("Zeile &lt;b&gt;eins" in answer.text) is (origin == "http://testserver")


@pytest.mark.logs_errors("Service Unavailable")
@pytest.mark.parametrize("origin", ["http://testserver", "https://evil.example"])
def test_when_the_database_does_not_answer_in_time_what_was_typed_waits(settings, origin):
    settings.ROOT_URLCONF = "tests.portal.operations.test_overload"
    client = Client(raise_request_exception=False)
    answer = client.post("/slow/", TYPED, HTTP_ORIGIN=origin)
    assert answer.status_code == 503
    if origin == "http://testserver":
        assert kept(answer).data()["message"] == [MARKUP]
    else:
        assert says_nothing_typed(answer)


@pytest.mark.slow
@pytest.mark.parametrize("with_login", [False, True])
def test_after_the_login_has_ended_the_administration_keeps_what_was_typed(with_login):
    entry = factories.make_entry()
    path = admin_path("programs.opportunity", "change", entry.pk)
    typed = {"title": "Neu", "summary": "Ein langer Text, an dem jemand saß."}
    client = Client()
    answer = client.post(path, typed, **OWN)
    assert answer.status_code == 403
    assert "Sie sind nicht mehr angemeldet" in answer.text
    assert f"next={path}" in answer.text
    form = kept(answer)
    if with_login:
        client.force_login(factories.make_user(is_superuser=True))
        again = client.post(path, form.data(), **OWN)
        assert again.context["adminform"].form["summary"].value() == typed["summary"]


def test_who_is_not_logged_in_and_typed_nothing_is_sent_to_the_login():
    assert Client().post(admin_path("programs.opportunity", "add"), **OWN).status_code == 302


# --- Attacks ------------------------------------------------------------------------------------

FOREIGN = [
    "https://evil.example",
    "null",
    "",
    "http://testserver.evil.example",
    "http://testserver:1",
]


@pytest.mark.parametrize("origin", FOREIGN)
def test_foreign_page_cannot_fill_in_a_form(browser, path, origin):
    answer = browser.post(path, TYPED, HTTP_ORIGIN=origin)
    assert answer.status_code == 403
    assert says_nothing_typed(answer)


def test_browser_that_does_not_say_where_a_form_comes_from_gets_nothing_back(browser, path):
    assert says_nothing_typed(browser.post(path, TYPED))


def test_tokens_and_passwords_never_come_back(browser):
    typed = {"login": "a@example.org", "password": "geheim-1", "csrfmiddlewaretoken": "t" * 64}
    answer = browser.post(
        reverse("account_login"), typed | {"new_Password2": "geheim-2", "x_secret": "3"}, **OWN
    )
    assert answer.status_code == 403
    assert "geheim" not in answer.text
    assert "t" * 64 not in answer.text
    names = [name for name, _value in kept(answer).fields]
    assert sorted(names) == ["csrfmiddlewaretoken", "login"]


@pytest.mark.parametrize("path", ["//evil.example/", "/\\evil.example/", "/anmelden/?next=//evil"])
def test_second_press_goes_to_the_same_address(browser, path):
    factories.make_clearing_office()
    answer = browser.post(path, TYPED, **OWN)
    if answer.status_code == 403:
        kept(answer)
    assert "evil" not in re.sub(r"<blockquote.*?</blockquote>", "", answer.text, flags=re.DOTALL)


@pytest.mark.parametrize("name", ['"><script>alert(1)</script>', "a b", "\x00", "x" * 500])
def test_names_are_as_harmless_as_values(browser, path, name):
    answer = browser.post(path, {name: MARKUP, "name": "A"}, **OWN)
    assert answer.status_code == 403
    kept(answer)


def test_body_that_cannot_be_read_is_no_second_error(browser, path):
    for body, kind in (
        (b"\xff\xfe=\xff", "application/x-www-form-urlencoded"),
        (b"name=x", "application/x-www-form-urlencoded; charset=utf-7"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"&".join(b"a=b" for _ in range(5000)), "application/x-www-form-urlencoded"),
    ):
        answer = browser.generic("POST", path, body, kind, **OWN)
        assert answer.status_code in {400, 403, 413}


def test_origin_of_the_site_counts_behind_a_proxy(browser, path, settings):
    settings.SITE_URL = "https://engagement.example.org"
    settings.CSRF_TRUSTED_ORIGINS = [settings.SITE_URL]
    answer = browser.post(path, TYPED, HTTP_ORIGIN=settings.SITE_URL)
    assert kept(answer).data()["name"] == [TYPED["name"]]
