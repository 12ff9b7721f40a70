"""Which pages the browser of a person may keep, so that „Zurück“ finds them."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.people import mailbox
from volunteers.links import applications as application_links
from volunteers.links import my_data

pytestmark = pytest.mark.django_db

KEPT = {"private", "no-cache"}
WRONG = {"email": "keine Adresse", "step": "3"}


@pytest.fixture
def circle():
    factories.make_clearing_office()
    factories.make_programme(makes_tandems=True)
    return factories.make_circle()


def said(answer):
    return set(answer["Cache-Control"].split(", "))


def public_forms(circle):
    application = factories.make_application(circle, status="new")
    whose = mailbox(application.email)
    return {
        "sign_up": reverse("volunteers:sign_up"),
        "sign_up_entry": reverse("volunteers:sign_up_entry", args=[factories.make_entry().slug]),
        "ask": reverse("volunteers:ask", args=[circle.slug]),
        "ask_about_event": reverse(
            "volunteers:ask_about_event", args=[factories.make_event().slug]
        ),
        "register": reverse(
            "volunteers:register",
            args=[factories.make_event("Offen", takes_registrations=True).slug],
        ),
        "my_data": reverse("volunteers:my_data"),
        "my_page": reverse("account_request_login_code"),
        "companion": reverse("volunteers:companion"),
        "newsletter": reverse("portal:newsletter"),
        "saved_search": reverse("portal:saved_search"),
        "new_address": reverse("volunteers:my_data_address", args=[my_data.token_for(whose)]),
    }


@pytest.mark.slow
def test_browser_may_keep_the_answer_with_errors_and_no_cache_may(circle):
    answers = {name: Client().post(path, WRONG) for name, path in public_forms(circle).items()}
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(
        answers, 422
    ) | {"my_page": 200}
    assert {name: said(answer) for name, answer in answers.items()} == dict.fromkeys(answers, KEPT)
    assert len(answers) == 11


@pytest.mark.slow
def test_nobody_keeps_a_form_of_somebody_with_a_login(circle):
    paths = public_forms(circle)
    for name in ("register", "ask", "my_data"):
        client = Client()
        client.force_login(factories.make_user(f"{name}@example.org".replace("_", "")))
        assert "no-store" in client.get(paths[name])["Cache-Control"], name
        assert "no-store" in client.post(paths[name], WRONG)["Cache-Control"], name


def test_nobody_keeps_a_refusal_or_a_page_behind_a_personal_link(circle, settings):
    paths = public_forms(circle)
    token = application_links.status_token(factories.make_application(circle, status="new"))
    for name in ("status", "revise", "withdraw"):
        answer = Client().get(reverse(f"volunteers:{name}", args=[token]))
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"], name
    circle_is_full = factories.make_entry("Voll", accepts_sign_ups=False)
    gone = Client().post(reverse("volunteers:sign_up_entry", args=[circle_is_full.slug]), WRONG)
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"own_link": {"address": (0, 60)}}
    over = Client().post(paths["new_address"], WRONG)
    assert (gone.status_code, over.status_code) == (410, 429)
    for answer in (gone, over):
        assert "no-store" in answer["Cache-Control"]
