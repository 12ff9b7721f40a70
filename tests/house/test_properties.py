"""Any input in any form or filter: no error, nothing that runs, no data of others.

``tests/house/test_unfriendly_input.py`` tests the public catalogue and the sign-up. This module
tests all other forms, the lists of the admin, and the output of stored text.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories
from tests.crawling import Page
from tests.house.test_unfriendly_input import MARKER, unfriendly
from tests.volunteers.links.conftest import tokens  # noqa: F401  fixture
from tests.volunteers.links.test_links import OTHER_ARGUMENTS, PURPOSES, address
from volunteers.links import applications as application_links
from volunteers.links import people as person_links
from volunteers.models import Application, Volunteer
from volunteers.models.profile import ASKED

pytestmark = pytest.mark.django_db

FOREIGN = "Zacharias Fremdling"
calm = settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
RUNS = [
    MARKER,
    f'">{MARKER}',
    "<script>alert(1)</script>",
    "javascript:alert(1)",
    "[x](javascript:alert(1))",
    "<svg/onload=alert(1)>",
    "{% csrf_token %}{{ x }}",
    "' onmouseover='alert(1)",
    'https://evil.example" onclick="alert(1)',
]
"""Texts that would run if a page did not escape them."""

texts = st.one_of(unfriendly, st.sampled_from(RUNS))


def look_at(response: HttpResponse, statuses: set[int]) -> None:
    assert response.status_code in statuses, response.status_code
    kind = response.headers.get("Content-Type", "")
    if kind.startswith("text/html") and not response.streaming:
        page = response.content.decode()
        assert Page(page).running == []
        assert MARKER not in page


# --- Forms behind links ----------------------------------------------------------------------------

FIELDS = [question.key for question in ASKED] + (
    "consent text note reason answer again closing on hours kind website opened needs reply seen "
    "first_name way confirm understood"
).split()


def bodies() -> st.SearchStrategy[list[tuple[str, str]]]:
    """Known field names with any text, also repeated."""
    return st.lists(st.tuples(st.sampled_from(FIELDS), texts), max_size=10)


@pytest.mark.slow
@pytest.mark.parametrize("purpose", PURPOSES)
def test_forms_behind_links_answer_whatever_is_sent(purpose, tokens):  # noqa: F811
    """The response is a page, a redirect or a refusal; the token is right, all else is random."""
    assert OTHER_ARGUMENTS

    @calm
    @given(pairs=bodies())
    def answers(pairs):
        for name in PURPOSES[purpose].opens:
            with transaction.atomic():
                client = Client()
                response = client.post(
                    address(name, tokens[purpose]),
                    urlencode(pairs, errors="replace"),
                    content_type="application/x-www-form-urlencoded",
                )
                look_at(response, {200, 302, 400, 404, 405, 410, 422, 429})
                transaction.set_rollback(True)

    answers()


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    [
        "/begleitung/",
        "/anmelden/",
        "/meine-daten/",
        "/konto/code/",
        "/konto/anmelden/",
        "/konto/anlegen/",
        "/konto/code/eingeben/",
    ],
)
def test_public_forms_answer_whatever_is_sent(path):
    factories.make_clearing_office()

    @calm
    @given(pairs=bodies(), valid=st.booleans())
    def answers(pairs, valid):
        required = [("name", "Amina"), ("email", "a@example.org"), ("age", "adult")]
        body = urlencode(pairs + required * valid, errors="replace")
        with transaction.atomic():
            response = Client().post(path, body, content_type="application/x-www-form-urlencoded")
            look_at(response, {200, 302, 400, 422, 429})
            transaction.set_rollback(True)

    answers()


@pytest.mark.slow
@calm
@given(typed=texts)
def test_code_of_a_certificate_may_be_anything(typed):
    look_at(Client().get("/nachweis/", {"code": typed}), {200, 302, 404})


# --- Filters of the administration -------------------------------------------------------------------


@pytest.fixture
def coordinator():
    own = factories.make_circle("Freundeskreis Feuerbach", slug="own")
    other = factories.make_circle("Caritas", slug="other")
    user = factories.make_member(own).user
    for organisation, name in ((own, "Amira Haddad"), (other, FOREIGN)):
        application = factories.make_application(organisation, name)
        event = factories.make_event(organisation=organisation, slug=f"event-{organisation.slug}")
        factories.make_registration(event, name)
        request = factories.make_request(name, organisation=organisation)
        factories.make_tandem(request, factories.make_ready(organisation, name))
        factories.begin(application)
        factories.make_hours(application)
        factories.make_certificate(application)
    client = Client()
    client.force_login(user)
    return client


def open_lists(client: Client) -> dict[str, Any]:
    """The URL and class of every changelist that the role may see."""
    found = {}
    for model, shown in admin.site._registry.items():
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        if client.get(url).status_code == 200:
            found[url] = shown
    assert len(found) > 8
    return found


def filters_of(shown: Any) -> list[str]:
    """Query parameters of the list's filters, its search and Django itself, and some unknown ones."""
    names = ["q", "o", "p", "all", "e", "_popup", "_to_field", "_changelist_filters", "ids"]
    for one in shown.list_filter:
        path = one[0] if isinstance(one, tuple) else one
        if isinstance(path, str):
            names += [path, f"{path}__exact", f"{path}__id__exact", f"{path}__isnull"]
        elif getattr(path, "parameter_name", None):
            names.append(path.parameter_name)
    if shown.date_hierarchy:
        names += [f"{shown.date_hierarchy}__{part}" for part in ("year", "month", "day")]
    return [
        *names,
        "organisation__title__icontains",
        "organisation__memberships__user__email",
        "email__startswith",
        "volunteer__email__icontains",
        "name__contains",
        "pk__in",
    ]


VALUES = st.one_of(
    texts,
    st.sampled_from(
        [FOREIGN, "Zacharias", "fremd", "1", "0", "-1", "1,2,3", "999999999999999999999"]
    ),
    st.integers(-5, 200).map(str),
)


def open_with_any_filter(client: Client, url: str, names: list[str]) -> int:
    """Returns how often the list was opened."""
    opened = []

    @settings(calm, max_examples=6)
    @given(query=st.lists(st.tuples(st.sampled_from(names), VALUES), max_size=5))
    def answers(query):
        response = client.get(f"{url}?{urlencode(query, errors='replace')}")
        look_at(response, {200, 302, 400})
        opened.append(url)
        if response.status_code == 200:
            page = response.content.decode()
            assert "Fremdling" not in page.replace(FOREIGN, "", sum(FOREIGN in v for _, v in query))

    answers()
    return len(opened)


@pytest.mark.slow
def test_no_filter_brings_an_error_or_a_foreign_row(coordinator):
    lists = open_lists(coordinator)
    visited = [open_with_any_filter(coordinator, url, filters_of(m)) for url, m in lists.items()]
    assert sum(visited) >= 40


@pytest.mark.slow
@pytest.mark.parametrize("app", ["volunteers_application", "programs_event"])
def test_export_with_any_filter_holds_nothing_foreign(coordinator, app):
    url = reverse(f"admin:{app}_export")

    @calm
    @given(
        query=st.lists(st.tuples(st.sampled_from(["q", "o", "status", "ids"]), VALUES), max_size=3)
    )
    def answers(query):
        with transaction.atomic():
            response = coordinator.post(
                f"{url}?{urlencode(query, errors='replace')}",
                {"format": "csv", "purpose": "Bericht oder Auswertung"},
            )
            assert response.status_code in {200, 302, 400}
            content = b"".join(response) if response.streaming else response.content
            assert b"fremdling" not in content.lower() or any("remdling" in v for _, v in query)
            transaction.set_rollback(True)

    answers()


@pytest.mark.slow
@calm
@given(term=VALUES, field=st.sampled_from(["organisation", "entry", "email", "volunteer", "x"]))
def test_autocomplete_takes_any_term(db, term, field):
    client = Client()
    with transaction.atomic():
        own = factories.make_circle()
        factories.make_application(factories.make_circle("Caritas"), FOREIGN)
        client.force_login(factories.make_member(own).user)
        told = {"app_label": "volunteers", "model_name": "application", "field_name": field}
        response = client.get(reverse("admin:autocomplete"), {**told, "term": term})
        assert response.status_code in {200, 403, 404}
        assert b"Fremdling" not in response.content
        transaction.set_rollback(True)


# --- What was taken in is shown as text ------------------------------------------------------------------


def everywhere(application: Application, staff: Client) -> list[Callable[[], HttpResponse]]:
    pk = application.pk
    lists = reverse("admin:volunteers_application_changelist")
    return [
        lambda: Client().get(application_links.status_path(application)),
        lambda: Client().get(f"{application_links.status_path(application)}aendern/"),
        lambda: Client().get(person_links.person_path(application)),
        lambda: staff.get(reverse("admin:volunteers_application_change", args=[pk])),
        lambda: staff.get(reverse("admin:volunteers_application_history", args=[pk])),
        lambda: staff.get(lists),
        lambda: staff.get(lists, {"q": application.name}),
        lambda: staff.get(reverse("admin:index")),
    ]


@pytest.mark.slow
@settings(calm, max_examples=10)
@given(name=texts, message=texts, phone=texts, about=texts)
def test_text_that_was_taken_in_runs_nowhere(db, name, message, phone, about):
    with transaction.atomic():
        circle = factories.make_circle()
        staff = Client()
        staff.force_login(factories.make_member(circle).user)
        application = factories.make_application(circle, "Amira Haddad")
        told = {"name": name, "message": message, "phone": phone}
        kept = {
            field: value.replace("\x00", "")[: 120 if field == "name" else 40]
            for field, value in told.items()
            if value.isprintable()
        }
        Application.objects.filter(pk=application.pk).update(**kept)
        if about.isprintable():
            Volunteer.objects.filter(pk=application.volunteer_id).update(name=about[:120])
        application.refresh_from_db()
        pages = everywhere(application, staff)
        for page in pages:
            look_at(page(), {200})
        assert len(pages) == 8
        transaction.set_rollback(True)


@pytest.mark.parametrize("text", RUNS)
def test_page_reader_of_these_tests_sees_what_would_run(text):
    """Otherwise the tests above could not fail."""
    would_run = [f"<p>{text}</p>", f"<a href='{text}'>x</a>", f'<a href="{text}">x</a>']
    found = [one for page in would_run for one in Page(page).running]
    assert found or text.startswith(("[x]", "{%"))
