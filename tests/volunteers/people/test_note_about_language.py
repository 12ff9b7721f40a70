"""Whoever writes to somebody in German learns what that person reads, and which sentences in their own language."""

import pytest
from django.test import Client

from programs.addresses import admin_path
from tests import factories
from tests.clients import client_of

pytestmark = pytest.mark.django_db

FRAME = "Bitte antworten Sie nicht auf diese Mail, sondern auf der Seite."


@pytest.fixture
def circle():
    return factories.make_circle(department=factories.make_clearing_office())


@pytest.fixture
def desk(circle) -> Client:
    return client_of(factories.make_member(circle).user)


def test_beside_a_message_stands_what_the_person_reads(desk, circle):
    one = factories.make_application(circle, preferred_language="uk")
    page = desk.get(admin_path(one)).text
    assert "Diese Person liest: Ukrainisch." in page
    assert FRAME in page
    assert "Sprache der Mails" in page


def test_nothing_is_said_about_somebody_who_reads_german(desk, circle):
    page = desk.get(admin_path(factories.make_application(circle))).text
    assert "Diese Person liest" not in page
    assert FRAME not in page


def test_the_page_that_declines_shows_the_sentences_around_the_reason(desk, circle):
    one = factories.make_application(circle, preferred_language="ar")
    page = desk.get(admin_path(one, "status", "declined")).text
    assert "Diese Person liest: Arabisch." in page
    assert "Es gibt viele andere Möglichkeiten, sich zu engagieren." in page


def test_of_many_the_note_says_how_many_read_what(desk, circle):
    several = [
        factories.make_application(circle, name, preferred_language=language)
        for name, language in (("A", "ar"), ("B", "ar"), ("C", "leichte-sprache"), ("D", "de"))
    ]
    data = {"action": "write_to_all", "_selected_action": [one.pk for one in several]}
    page = desk.post(admin_path("volunteers.application"), data).text
    assert "3 Menschen lesen eine andere Sprache: Arabisch (2), Einfache Sprache." in page


def test_whoever_takes_somebody_off_an_event_reads_it_too(desk, circle):
    event = factories.make_event(organisation=circle)
    one = factories.make_registration(event, preferred_language="tr")
    page = desk.get(admin_path(one, "cancel")).text
    assert "Diese Person liest: Türkisch." in page
    assert "Der Grund" not in page


def test_lists_can_be_filtered_by_it(desk, circle):
    factories.make_application(circle, "Amira", preferred_language="ar")
    factories.make_application(circle, "Bernd")
    page = desk.get(admin_path("volunteers.application", preferred_language__exact="ar")).text
    assert "Amira" in page
    assert "Bernd" not in page
