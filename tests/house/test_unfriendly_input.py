"""Any input in a URL or form: a German page with a fitting status, and no input appears as markup."""

import string
from urllib.parse import quote, urlencode

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories
from volunteers.models import Application
from volunteers.models.profile import AT_SIGN_UP

pytestmark = pytest.mark.slow

MARKER = "<img src=x onerror=alert(1)>"
"""If a page contains this unescaped, a browser would run it."""

calm = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

unfriendly = st.one_of(
    st.text(st.characters(), max_size=60),
    st.text(
        st.sampled_from("\x00\x07\x1b\u202e\u2066\ufeff\u0301\ud7ff🌻ß'\"<&%_\\:*|()! "),
        max_size=20,
    ),
    st.sampled_from(
        [
            MARKER,
            f'">{MARKER}',
            f"'{MARKER}",
            "x" * 5_000,
            "\u202e" + "اهلا وسهلا",
            "🏳️‍🌈" * 50,
            "' OR 1=1 --",
            "%00",
            "{{ 7*7 }}",
            "-1",
            "9" * 400,
            "NaN",
            "None",
            "feuerbach",
            "\r\nSet-Cookie: a=b",
        ]
    ),
)


def parameters(*names: str) -> st.SearchStrategy[list[tuple[str, str]]]:
    """Pairs for a query string or a form: known names, names with a suffix, unknown ones, repeated ones."""
    letters = st.text(string.ascii_letters + "[]-_.<>", min_size=1, max_size=12)
    name = st.one_of(st.sampled_from(names), st.sampled_from([f"{n}[]" for n in names]), letters)
    return st.lists(st.tuples(name, unfriendly), max_size=8)


def check(response: HttpResponse, statuses: set[int]) -> None:
    assert response.status_code in statuses
    if response.status_code == 302:
        return
    page = response.content.decode()
    assert '<html lang="de"' in page
    assert MARKER not in page


@pytest.fixture
def offers(db):
    organisation = factories.make_clearing_office()
    district = factories.make_district()
    factories.make_event(organisation=organisation, district=district)
    return factories.make_entry(
        organisation=organisation, districts=[district], fields=[factories.make_field()]
    )


CATALOGUE = (
    "q", "art", "feld", "gruppe", "bezirk", "umkreis", "tag", "zeit", "sprache", "ohne-deutsch",
    "fuer-neue", "fuer-gruppen", "sortierung", "seite",
)  # fmt: skip


@pytest.mark.slow
@calm
@given(query=parameters(*CATALOGUE))
def test_catalogue_answers_every_address(offers, query):
    check(Client().get("/mitmachen/?" + urlencode(query, errors="replace")), {200})


@pytest.mark.slow
@calm
@given(words=st.lists(unfriendly, min_size=1, max_size=4))
def test_search_answers_every_text(offers, words):
    check(Client().get("/mitmachen/", {"q": " ".join(words)}), {200})


@pytest.mark.slow
@calm
@given(query=parameters("art", "bezirk", "seite", "monat"))
def test_event_list_answers_every_address(offers, query):
    asked = urlencode(query, errors="replace")
    for path in ("/termine/", "/kalender/"):
        check(Client().get(f"{path}?{asked}"), {200})
    assert Client().get(f"/kalender.ics?{asked}").status_code == 200


@pytest.mark.slow
@calm
@given(raw=st.text(st.sampled_from('q=&;%+[]0aFf\x7f"<>\\ü'), max_size=60))
def test_catalogue_answers_queries_that_no_browser_would_write(offers, raw):
    check(Client().get("/mitmachen/", QUERY_STRING=raw), {200})


@pytest.mark.slow
@calm
@given(slug=st.text(string.ascii_letters + string.digits + "-._~ü%<>'\"", min_size=1, max_size=30))
def test_unknown_pages_are_not_found_in_german(offers, slug):
    for folder in ("einsatz", "stadtbezirke", "felder", "termine", "seiten", "anmelden"):
        path = f"/{folder}/x{slug}/".replace("%", "%25").replace("?", "%3F")
        check(Client().get(path), {404})


FORM = (*(question.key for question in AT_SIGN_UP), "consent", "csrfmiddlewaretoken")


@pytest.mark.slow
@calm
@given(pairs=parameters(*FORM), valid=st.booleans())
def test_sign_up_answers_every_form(offers, pairs, valid):
    """Half of the forms have all required fields, so that the other values reach the database."""
    required = [("name", "Amina"), ("email", "a@example.org"), ("age", "adult"), ("consent", "on")]
    body = urlencode(pairs + (required if valid else []), errors="replace")
    with transaction.atomic():
        response = Client().post(
            f"/anmelden/{offers.slug}/", body, content_type="application/x-www-form-urlencoded"
        )
        check(response, {302, 422})
        assert Application.objects.exists() == (response.status_code == 302)
        transaction.set_rollback(True)


@pytest.mark.slow
@calm
@given(name=unfriendly, message=unfriendly)
def test_accepted_text_is_kept_as_typed_and_shown_as_text(offers, name, message):
    values = {
        "name": name,
        "message": message,
        "email": "a@example.org",
        "age": "adult",
        "consent": "on",
    }
    with transaction.atomic():
        response = Client().post(f"/anmelden/{offers.slug}/", values)
        check(response, {302, 422})
        if response.status_code == 302:
            application = Application.objects.get()
            assert application.name == name.strip()
            assert application.message.split() == message.split()
        transaction.set_rollback(True)


@pytest.mark.slow
@calm
@given(token=unfriendly)
def test_made_up_links_are_not_found(offers, token):
    for part in (token.replace("/", ""), f"{token}:x:y".replace("/", "")):
        for path in (f"/anmeldung/{part}/", f"/anmeldung/bestaetigen/{part}/"):
            check(Client().get(quote(path, errors="replace")), {404, 400})
