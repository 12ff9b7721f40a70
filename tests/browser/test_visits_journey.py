"""Somebody of a Träger enters how many came on a phone: today in three taps, and a whole week afterwards."""

import datetime
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests import factories
from tests.browsers import width_of
from welcome_rooms.models import VisitCount, WelcomeRoom

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "willkommen-in-stuttgart-1"


@pytest.fixture(autouse=True)
def room() -> WelcomeRoom:
    factories.make_clearing_office()
    room = factories.make_room()
    factories.make_room_offer(room, "Begegnungscafé")
    for weekday in range(7):
        factories.make_opening_hours(room, weekday=weekday)
    katrin = factories.make_user("katrin@example.org", name="Katrin", password=PASSWORD)
    katrin.emailaddress_set.create(email=katrin.email, verified=True, primary=True)
    factories.make_member(room.organisation, katrin)
    return room


def log_in(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/konto/anmelden/?next=/verwaltung/")
    page.get_by_label("E-Mail").fill("katrin@example.org")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden", exact=True).click()


def kept() -> list[tuple[datetime.date, str | None, int, bool]]:
    rows = VisitCount.objects.order_by("day", "offer__title")
    return list(rows.values_list("day", "offer__title", "number", "is_estimate"))


def test_today_takes_three_taps(page: Page) -> None:
    log_in(page)
    page.get_by_role("link", name="Besuche von heute eintragen").click()
    page.get_by_label("Begegnungscafé", exact=True).fill("12")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_text("Gespeichert. Danke!")).to_be_visible()
    assert kept() == [(timezone.localdate(), "Begegnungscafé", 12, False)]


def test_a_whole_week_is_entered_afterwards(page: Page) -> None:
    log_in(page)
    page.get_by_role("link", name="Besuche von heute eintragen").click()
    page.get_by_role("link", name="Ganze Woche").click()
    page.get_by_role("link", name="Woche davor").click()
    numbers = page.get_by_label("Begegnungscafé", exact=True)
    expect(numbers).to_have_count(7)
    for day in range(7):
        numbers.nth(day).fill(str(10 + day))
    page.get_by_role("checkbox", name=re.compile("Begegnungscafé")).nth(6).check()
    assert width_of(page) <= 360
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_text("Gespeichert. Danke!")).to_be_visible()
    expect(numbers.nth(6)).to_have_value("16")

    today = timezone.localdate()
    monday = today - datetime.timedelta(days=today.weekday() + 7)
    days = [monday + datetime.timedelta(days=n) for n in range(7)]
    assert kept() == [(one, "Begegnungscafé", 10 + n, n == 6) for n, one in enumerate(days)]
