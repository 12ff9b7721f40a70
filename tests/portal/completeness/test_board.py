"""„Wie vollständig ist das Verzeichnis?“: every number is the length of the list that it leads to."""

import datetime
import io
import re

import openpyxl
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.completeness.lacks import (
    BY_SLUG,
    DECENT_TEXT,
    LACKS,
    Cell,
    Completeness,
    lacking,
)
from programs.models import Entry, Membership, Opportunity
from tests import factories
from volunteers.periods import add_months

pytestmark = pytest.mark.django_db

BOARD = reverse("admin:programs_entry_board")


@pytest.fixture
def office():
    return factories.make_clearing_office()


@pytest.fixture
def client(office):
    """Sabine works at the Sozialamt."""
    client = Client()
    client.force_login(factories.make_member(office, role=Membership.Role.STAFF).user)
    return client


def complete_circle(office, title="Freundeskreis Nord", **fields):
    """A circle that lacks nothing at all."""
    known = {
        "department": office,
        "phone": "0711 216-1",
        "website": "https://nord.example.org",
        "weekdays": [1],
        "languages": ["de"],
        "summary": "x" * DECENT_TEXT,
        "confirmed_on": timezone.localdate(),
        "contact_email": "nord@example.org",
    }
    circle = factories.make_circle(title, **known | fields)
    circle.districts.add(factories.make_district())
    factories.make_member(circle)
    factories.make_entry(f"Sprachcafé von {title}", organisation=circle)
    return circle


def lacks_of(entry):
    rows = Entry.objects.filter(pk=entry.pk)
    return [lack.slug for lack in LACKS if lacking(rows, lack).exists()]


BROKEN = {
    "antwort": lambda one: one.memberships.all().delete(),
    "telefon": lambda one: Entry.objects.filter(pk=one.pk).update(phone=""),
    "ort": lambda one: one.districts.clear(),
    "zeiten": lambda one: Entry.objects.filter(pk=one.pk).update(weekdays=[]),
    "angebot": lambda one: Opportunity.objects.filter(organisation=one).update(status="paused"),
    "sprachen": lambda one: Entry.objects.filter(pk=one.pk).update(languages=[]),
    "text": lambda one: Entry.objects.filter(pk=one.pk).update(summary="x" * (DECENT_TEXT - 1)),
    "bestaetigt": lambda one: Entry.objects.filter(pk=one.pk).update(
        confirmed_on=add_months(timezone.localdate(), -settings.CONFIRM_EVERY_MONTHS)
        - datetime.timedelta(days=1)
    ),
    "mail": lambda one: (
        one.memberships.all().delete(),
        type(one).objects.filter(pk=one.pk).update(contact_email=""),
    ),
    "webseite": lambda one: Entry.objects.filter(pk=one.pk).update(website=""),
}


@pytest.mark.parametrize("slug", [lack.slug for lack in LACKS])
def test_each_field_counts_alone(office, slug):
    circle = complete_circle(office)
    assert lacks_of(circle) == []
    BROKEN[slug](circle)
    also = ["antwort"] if slug == "mail" else []
    assert lacks_of(circle) == sorted([slug, *also], key=list(BY_SLUG).index)


def test_a_room_has_times_by_its_opening_hours_and_a_programme_needs_no_place(office):
    room = factories.make_room()
    assert "zeiten" in lacks_of(room)
    factories.make_opening_hours(room)
    assert "zeiten" not in lacks_of(room)
    assert "ort" in lacks_of(room)
    programme = factories.make_programme(organisation=office)
    assert "ort" not in lacks_of(programme)
    assert "angebot" not in lacks_of(programme)


def test_an_entry_has_the_telephone_the_website_and_the_people_of_its_organisation(office):
    circle = complete_circle(office)
    offer = Entry.objects.get(organisation=circle)
    assert {"telefon", "webseite", "antwort", "mail"}.isdisjoint(lacks_of(offer))


def test_drafts_and_what_has_ended_are_not_counted(office):
    factories.make_circle("Entwurf", is_published=False)
    factories.make_circle("Beendet", status="ended")
    assert Completeness(Entry.objects.filter(kind="circle")).whole.entries == 0


def test_every_lack_says_why_it_stands_where_it_stands():
    assert all(str(lack.reason).endswith(".") for lack in LACKS)
    assert len(BY_SLUG) == len(LACKS)


def test_percent_hides_neither_the_last_nor_the_first_one():
    lack = LACKS[0]
    assert [Cell(lack, *pair).percent for pair in ((0, 0), (0, 9), (1, 900), (899, 900))] == [
        *(0, 0, 1),
        99,
    ]


@pytest.mark.slow
def test_every_number_is_the_length_of_its_list(client, office):
    complete_circle(office)
    south = factories.make_circle("Freundeskreis Süd", department=office)
    south.districts.add(factories.make_district(), factories.make_district("mitte"))
    factories.make_initiative("Initiative Stadt", department=office)

    page = client.get(BOARD)
    bars = [*page.context["bars"], *(bar for shown in page.context["rows"] for bar in shown.bars)]
    linked = {bar.url: bar.cell.missing for bar in bars if bar.cell.missing}
    assert len(linked) > 20
    for url, missing in linked.items():
        assert client.get(url).context["cl"].result_count == missing, url
    first = re.search(r'href="([^"]*fehlt=antwort[^"]*)"', page.text)
    assert first, page.text


def test_the_district_that_lacks_most_is_first_and_no_district_last(client, office):
    for title in ("A", "B"):
        circle = factories.make_circle(title, department=office)
        circle.districts.add(factories.make_district("mitte"))
    complete_circle(office)
    names = [shown.name for shown in client.get(BOARD).context["rows"]]
    assert names == ["Mitte", "Feuerbach", "ohne Stadtbezirk"]


def test_a_department_sees_its_own_only(office):
    other = factories.make_organisation("Jugendamt", type="office")
    complete_circle(office)
    mine = factories.make_circle("Kreis des Jugendamts", department=other)
    client = Client()
    client.force_login(factories.make_member(other, role=Membership.Role.STAFF).user)
    assert (
        client.get(BOARD).context["entries"]
        == Entry.objects.filter(pk__in=[other.pk, mine.pk]).count()
    )


def test_what_the_city_counted_stands_with_its_stand_beside_what_the_portal_knows(client, office):
    factories.make_key_figure(value=39)
    factories.make_circle("Freundeskreis Süd")
    page = client.get(BOARD).text
    assert "39 gezählt (Stand: 12/2018), 1 im Portal zu sehen." in page
    assert "Mindestens 38 kennt das Portal noch nicht." in page


@pytest.mark.slow
def test_the_file_says_what_the_page_says(client, office):
    factories.make_circle("Freundeskreis Süd", department=office)
    assert client.post(BOARD, {"purpose": "", "format": "xlsx"}).status_code == 422
    sent = client.post(BOARD, {"purpose": "Bericht oder Auswertung", "format": "xlsx"})
    book = openpyxl.load_workbook(io.BytesIO(b"".join(sent.streaming_content)))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    cells = {(row[0], row[1]): row[2] for row in rows}
    shown = client.get(BOARD).context["bars"]
    assert {
        ("ganze Stadt", str(one.cell.lack.label)): one.cell.missing for one in shown
    }.items() <= (cells.items())


@pytest.mark.slow
def test_the_board_takes_few_queries_with_many_entries(client, office):
    districts = list(factories.make_districts().values())
    for number in range(300):
        circle = factories.make_circle(f"Kreis {number}", department=office)
        circle.districts.add(districts[number % len(districts)])
    client.get(BOARD)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(BOARD).context["entries"] >= 300
    assert len(queries) <= 10, [one["sql"][:120] for one in queries.captured_queries]
