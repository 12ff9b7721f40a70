"""A person's page is read first: a card in words. The form opens with „Bearbeiten“, and when it has errors."""

import re

import pytest

from programs.addresses import admin_path
from tests import factories
from tests.clients import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def card_on(page):
    """The card and the steps below it, up to the form."""
    return page.text.split('class="panel person-card"')[1].split('class="edit-record"')[0]


def is_open(page):
    return re.search(r'<details class="edit-record"( open)?>', page.text)[1] is not None


@pytest.fixture
def amira(circle):
    return factories.make_application(
        circle,
        "Amira Haddad",
        email="amira@example.org",
        phone="0711 2345",
        message="Ich koche gern.\n<b>Bitte rufen Sie an.</b>",
        languages=["ar", "de"],
        weekdays=[5],
        more_asked=True,
    )


def test_the_card_of_an_application_says_who_wants_what_and_how_to_reach_them(katrin, amira):
    page = client_of(katrin).get(admin_path(amira))
    card = card_on(page)
    assert 'href="tel:+497112345"' in card
    assert 'href="mailto:amira@example.org"' in card
    assert "Ich koche gern." in card
    assert "&lt;b&gt;Bitte rufen Sie an." in card
    assert "Deutsch, Arabisch" in card
    assert "Samstag" in card
    assert amira.wish in card
    assert "Nächster Schritt" in card
    assert "<h1" in page.text
    assert not is_open(page)


def test_a_refused_form_is_open_and_keeps_what_was_typed(katrin, amira):
    typed = {"name": "", "message": "", "tandem_limit": "77"}
    page = client_of(katrin).post(admin_path(amira), typed)
    assert page.status_code == 200
    assert is_open(page)
    assert 'value="77"' in page.text


def test_a_card_has_no_empty_lines(katrin, circle):
    bare = factories.make_application(circle, "Bo", email="", more_asked=False)
    card = card_on(client_of(katrin).get(admin_path(bare)))
    assert re.findall(r"<dt>(.*?)</dt>", card) == ["Sprache der Mails", "Alter"]
    assert "mailto:" not in card
    assert "tel:" not in card
    assert "blockquote" not in card


def test_the_card_of_a_person_lists_their_applications(amira, admin_client):
    card = card_on(admin_client.get(admin_path(amira.volunteer)))
    assert f'href="{admin_path(amira)}"' in card
    assert amira.wish in card


def test_the_card_of_somebody_who_looks_for_a_companion(katrin, circle):
    request = factories.make_request("Samira", organisation=circle, note="Zum Jobcenter, bitte.")
    card = card_on(client_of(katrin).get(admin_path(request)))
    assert "Zum Jobcenter, bitte." in card
    assert "Arabisch" in card
    assert "Wer passt?" in card


def test_a_request_is_entered_in_an_open_form(katrin, circle):
    page = client_of(katrin).get(admin_path("volunteers.companionrequest", "add"))
    assert "person-card" not in page.text
    assert "edit-record" not in page.text
