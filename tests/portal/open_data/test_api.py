"""The JSON interface and its CSV files: what they hold, what they keep out, how they are read on."""

import csv
import datetime
import io
import json

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.open_data.licences import LICENCES
from portal.open_data.lists import LISTS
from programs.models import Entry, FormerOrganisation, Opportunity, Organisation
from tests.factories import (
    make_circle,
    make_district,
    make_entry,
    make_event,
    make_field,
    make_opening_hours,
    make_organisation,
    make_programme,
    make_room,
)
from tests.portal.test_public_cache import ALIAS, COLUMN, watched
from tests.portal.test_public_pages import small_city
from volunteers.privacy.register import PROCESSINGS
from welcome_rooms.models import Closure, RoomOffer

pytestmark = pytest.mark.django_db
API = "/api/v1"


def items(client, path):
    return client.get(f"{API}/{path}").json()["items"]


def walk(client, path):
    """The records of all pages, and the number of pages."""
    found, pages, address = [], 0, f"{API}/{path}"
    while address:
        answer = client.get(address).json()
        found += answer["items"]
        pages += 1
        address = answer["next"] and answer["next"].partition("8000")[2]
    return found, pages


def test_start_names_every_list_and_each_can_be_read(client):
    small_city()
    lists = client.get(f"{API}/").json()["lists"]
    assert [one["name"] for one in lists] == list(LISTS)
    for one in lists:
        for address in (one["url"], one["csv"]):
            assert client.get(address.partition("8000")[2]).status_code == 200, address


def test_description_has_every_column_of_every_list(client):
    schemas = client.get(f"{API}/openapi.json").json()["components"]["schemas"]
    for one in LISTS.values():
        assert set(schemas[one.item]["properties"]) == {column.name for column in one.columns}
        for name, schema in schemas[one.item]["properties"].items():
            assert schema["description"], (one.name, name)


def test_an_opportunity_says_what_its_page_says(client):
    district, field = make_district("feuerbach"), make_field("Sprache")
    programme = make_programme("WillkommensPaten")
    entry = make_entry(
        "Vorlesen",
        part_of=programme,
        organisation=make_organisation("Caritas"),
        districts=[district],
        fields=[field],
        languages=["de", "uk"],
        weekdays=[1],
        dayparts=["evening"],
        contact_role="Koordination",
        phone="+49 711 216",
    )
    (found,) = items(client, "opportunities")
    assert found["id"] == entry.pk
    assert found["url"].endswith(entry.get_absolute_url())
    assert found["organisation_name"] == "Caritas"
    assert found["part_of_id"] == programme.pk
    assert (found["districts"], found["fields"]) == (["10"], ["sprache"])
    assert (found["weekdays"], found["dayparts"]) == (["tuesday"], ["evening"])
    assert found["languages"] == ["de", "uk"]
    assert (found["contact_role"], found["contact_phone"]) == ("Koordination", "+49 711 216")
    assert found["is_open"] is True
    assert found["summary"] is None


def test_room_has_hours_offers_and_closures_that_are_not_over(client):
    room = make_room(latitude=48.8, longitude=9.1)
    make_opening_hours(room, weekday=4)
    today = timezone.localdate()
    day = datetime.timedelta(days=1)
    RoomOffer.objects.create(room=room, title="Sprachcafé", weekday=2, starts="17:30")
    RoomOffer.objects.create(room=room, title="Vorbei", until=today - day)
    Closure.objects.create(room=room, first_day=today, last_day=today, reason="Umbau")
    Closure.objects.create(room=room, first_day=today - 2 * day, last_day=today - day)
    (found,) = items(client, "rooms")
    assert found["opening_hours"] == [{"weekday": "friday", "opens": "17:00", "closes": "20:00"}]
    assert [(one["title"], one["starts"]) for one in found["offers"]] == [("Sprachcafé", "17:30")]
    assert [one["reason"] for one in found["closures"]] == ["Umbau"]
    assert (found["latitude"], found["longitude"]) == (48.8, 9.1)


def test_what_is_not_public_is_not_there(client):
    hidden = make_organisation("Verborgen", is_published=False)
    make_entry("Entwurf", is_published=False)
    shown = make_entry("Offen", organisation=hidden, department=hidden)
    make_event(title="Geheim", only_invited=True)
    make_event(title="Noch nicht", is_published=False)
    make_event(title="Offen", online_url="https://example.org/geheimer-raum")
    for one in LISTS.values():
        text = client.get(f"{API}/{one.name}").text + client.get(f"{API}/{one.name}.csv").text
        for word in ("Entwurf", "Geheim", "Noch nicht", "geheimer-raum"):
            assert word not in text, one.name
    (found,) = items(client, "opportunities")
    assert (found["id"], found["organisation_id"], found["department_id"]) == (shown.pk, None, None)
    assert client.get(f"{API}/organisations/{hidden.pk}").status_code == 404


def read_by_the_interface(client):
    """(table, column) of everything that the interface reads."""
    read = set()
    for one in LISTS.values():
        for path in (one.name, f"{one.name}.csv"):
            with CaptureQueriesContext(connection) as queries:
                client.get(f"{API}/{path}")
            for query in queries.captured_queries:
                used = COLUMN.findall(query["sql"])
                for table, alias in ALIAS.findall(query["sql"]):
                    read |= {(table, column) for name, column in used if name in {table, alias}}
    return read


def personal_columns():
    """(table, column) of every field that the register calls personal."""
    found = set()
    for processing in PROCESSINGS:
        for label, names in processing.fields.items():
            model = apps.get_model(label)
            for name in names:
                field = model._meta.get_field(name)
                found.add((model._meta.db_table, getattr(field, "column", None) or name))
    return found


@pytest.mark.slow
def test_no_personal_column_is_read(client):
    small_city()
    read, personal = read_by_the_interface(client), personal_columns()
    assert ("programs_entry", "title") in read
    assert ("programs_organisation", "contact_email") in personal
    assert len(personal) > 100
    counted = {"volunteers_ratecount"}  # the limit, not the answer
    assert {one for one in read & personal if one[0] not in counted} == set()
    assert ("programs_entry", "internal_note") not in read


@pytest.mark.slow
def test_what_is_read_changes_the_version_by_which_answers_are_kept(client):
    small_city()
    tables = {table for table, _column in read_by_the_interface(client)}
    apart = {"volunteers_ratecount", "programs_contentchange"}  # the limit, and the version itself
    facets = {"programs_entry_fields", "programs_entry_districts", "programs_entry_target_groups"}
    assert "welcome_rooms_roomoffer" in tables
    assert tables - apart - facets - watched().keys() == set()


@pytest.mark.parametrize("number", [1, 30])
@pytest.mark.parametrize("name", ["rooms", "programmes", "opportunities", "circles"])
def test_a_list_needs_few_queries(client, name, number):
    make = {
        "rooms": make_room,
        "programmes": make_programme,
        "opportunities": make_entry,
        "circles": make_circle,
    }[name]
    office = make_organisation()
    for index in range(number):
        make(f"Eintrag {index}", organisation=office if name != "circles" else None)
    with CaptureQueriesContext(connection) as queries:
        assert len(items(client, name)) == number
    assert len(queries) <= 10


def test_pages_have_every_record_once_even_if_one_comes_in_between(client):
    made = [make_organisation(f"Träger {number}").pk for number in range(7)]
    found, pages = walk(client, "organisations?limit=3")
    assert [one["id"] for one in found] == made
    assert pages == 3
    first = client.get(f"{API}/organisations?limit=3")
    assert first.json()["total"] == 7
    assert first.headers["Link"] == f'<{first.json()["next"]}>; rel="next"'
    Organisation.objects.filter(pk=made[0]).update(is_published=False)
    rest = client.get(first.json()["next"].partition("8000")[2]).json()["items"]
    assert [one["id"] for one in rest] == made[3:6]


def test_updated_since_finds_what_changed_in_any_way(client):
    field, district = make_field("Sprache"), make_district("feuerbach")
    entries = [make_entry(f"Einsatz {number}", fields=[field]) for number in range(5)]
    old = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    Entry.objects.update(updated_at=old)
    path = "opportunities?updated_since=2026-01-02T00:00:00Z"
    assert items(client, path) == []
    entries[0].save()
    Opportunity.objects.filter(pk=entries[1].pk).update(title="Anders")
    entries[2].districts.add(district)
    Entry.objects.filter(pk=entries[3].pk).update(title=entries[3].title)  # nothing new
    assert [one["id"] for one in items(client, path)] == [one.pk for one in entries[:3]]
    field.slug = "sprechen"
    field.save()
    assert len(items(client, path)) == 5


def test_next_page_of_changes_asks_for_changes_only(client):
    for number in range(3):
        make_entry(f"Einsatz {number}")
    found, pages = walk(client, "opportunities?limit=1&updated_since=2020-02-03T04:05:06%2B01:00")
    assert (len(found), pages) == (3, 3)


WRONG = {
    "limit=0": "limit",
    "limit=101": "limit",
    "limit=-1": "limit",
    "limit=٣": "limit",
    "limit=1&limit=2": "mehrmals",
    "after=x": "id",
    "after=99999999999999999999": "id",
    "after=%00": "id",
    "updated_since=gestern": "Zeitpunkt",
    "updated_since=": "Zeitpunkt",
    "suche=x": "Parameter",
    "%FF=%FF": "Parameter",
}


@pytest.mark.parametrize("query", WRONG)
def test_wrong_question_is_refused_with_a_sentence(client, query):
    response = client.get(f"{API}/opportunities?{query}")
    assert response.status_code == 400
    assert WRONG[query] in response.json()["error"]
    assert response.json()["status"] == 400


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:60-23:59"])
def test_times_out_of_reach_are_no_error(client, moment):
    make_entry()
    response = client.get(f"{API}/opportunities", {"updated_since": moment})
    assert response.status_code == 200
    assert response.json()["total"] == (1 if moment.startswith("0001") else 0)


@pytest.mark.parametrize(
    "path",
    ["quark", "opportunities/", "opportunities/0", "opportunities/x", "quark.csv", "v2", "x/y/z"],
)
def test_unknown_addresses_are_told_in_json(client, path):
    response = client.get(f"{API}/{path}")
    assert response.status_code == 404
    assert response.json()["error"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nobody_can_write(client, method):

    response = getattr(Client(enforce_csrf_checks=True), method)(f"{API}/opportunities")
    assert response.status_code == 405
    assert response.json()["error"] == "Hier kann man nur lesen (GET)."
    assert response.headers["Allow"] == "GET, HEAD, OPTIONS"


def test_pages_of_other_sites_may_read(client):
    response = client.get(f"{API}/opportunities", headers={"origin": "https://example.org"})
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response.headers
    asked = client.options(f"{API}/opportunities", headers={"origin": "https://example.org"})
    assert asked.status_code == 204
    assert asked.headers["Access-Control-Allow-Headers"] == "If-None-Match"
    again = client.get(f"{API}/opportunities", headers={"if-none-match": response.headers["ETag"]})
    assert (again.status_code, again.headers["Access-Control-Allow-Origin"]) == (304, "*")
    assert not response.cookies


def test_answer_is_not_sent_again_until_something_changes(client):
    make_entry("Vorlesen")
    first = client.get(f"{API}/opportunities?limit=10")
    ask = {"if-none-match": first.headers["ETag"]}
    assert client.get(f"{API}/opportunities?limit=10", headers=ask).status_code == 304
    Entry.objects.filter(title="Vorlesen").update(title="Rechnen")
    assert client.get(f"{API}/opportunities?limit=10", headers=ask).status_code == 200


def test_too_many_requests_get_a_time_to_wait(client, real_limits):
    real_limits["open_data"] = {"address": (2, 3600)}
    answers = [client.get(f"{API}/fields") for _number in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert int(answers[2].headers["Retry-After"]) > 0
    assert answers[2].json()["status"] == 429
    assert answers[2].headers["Access-Control-Allow-Origin"] == "*"


def test_organisation_that_was_merged_or_changed_its_kind_leads_to_where_it_is(client):
    stayed = make_circle("Freundeskreis")
    FormerOrganisation.objects.create(kept=stayed, number=987654, slug="x", title="Alt")
    for number in (stayed.pk, 987654):
        response = client.get(f"{API}/organisations/{number}")
        assert response.status_code == 301
        assert response.headers["Location"].endswith(f"{API}/circles/{stayed.pk}")
    Organisation.objects.filter(pk=stayed.pk).update(is_published=False)
    assert client.get(f"{API}/organisations/987654").status_code == 404


def test_csv_has_the_same_records_and_no_formula(client):
    make_entry("=1+1", phone="+49 711 216", weekdays=[0, 6], description="Zwei\nZeilen; und „mehr“")
    make_entry("Vorlesen")
    response = client.get(f"{API}/opportunities.csv")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(response.text.removeprefix("\ufeff")), delimiter=";"))
    assert [int(row["id"]) for row in rows] == [one["id"] for one in items(client, "opportunities")]
    assert rows[0]["title"] == "'=1+1"
    assert rows[0]["contact_phone"] == "'+49 711 216"
    assert rows[0]["weekdays"] == "monday, sunday"
    assert rows[0]["description"] == "Zwei\nZeilen; und „mehr“"
    assert list(rows[0]) == [one.name for one in LISTS["opportunities"].columns]


@pytest.mark.parametrize("key", LICENCES)
def test_every_answer_names_the_licence(client, settings, key):
    settings.OPEN_DATA_LICENCE = key
    entry = make_entry()
    for path in ("", "opportunities", f"opportunities/{entry.pk}"):
        named = client.get(f"{API}/{path}").json()["license"]
        assert (named["id"], named["url"]) == (key, LICENCES[key].address)
    described = client.get(f"{API}/openapi.json").json()["info"]["license"]
    assert described["name"] == LICENCES[key].title


def test_names_in_any_script_and_html_come_out_as_they_are(client):
    title = "مقهى اللغة </script><b>"
    make_entry(title)
    response = client.get(f"{API}/opportunities")
    assert json.loads(response.content)["items"][0]["title"] == title
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_answers_are_german_whatever_language_is_preferred(client):
    make_entry("Vorlesen", kind="opportunity")
    plain = client.get(f"{API}/openapi.json").text
    english = client.get(f"{API}/openapi.json", headers={"accept-language": "en"}).text
    assert plain == english
    assert "Einsatzmöglichkeiten" in english
