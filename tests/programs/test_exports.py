"""Exports: rows without HTTP, safe cells, filter and role, the log, memory."""

import csv
import datetime
import io
import tempfile
import tracemalloc
import zipfile

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from odf import opendocument, table, teletype, text
from odf.table import TableCell, TableRow

from programs.exchange import cells, writers
from programs.models import Event, Membership, Organisation
from programs.resources import EventResource, OrganisationResource
from tests import factories
from tests.clients import client_of
from volunteers.lists.people import VolunteerResource
from volunteers.lists.resources import ApplicationResource
from volunteers.models import Application, ExportRecord, SecurityEvent, Volunteer
from welcome_rooms.models import WelcomeRoom
from welcome_rooms.resources import WelcomeRoomResource

FORMULAS = [
    "=1+1",
    "+49 711 216-0",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "  =1+1",
    "\u00a0=1",
    "\u200b@x",
    "＝1",
]


# --- Cells ------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", FORMULAS)
def test_cells_that_would_run_in_csv_get_an_apostrophe(typed):
    assert cells.neutralised(typed) == f"'{typed}"


@pytest.mark.slow
@given(st.text())
def test_no_text_in_csv_starts_like_a_formula(typed):
    written = cells.neutralised(cells.exported(typed))
    assert written[:1] not in {"=", "+", "-", "@", "\t", "\r"}
    assert written.strip()[:1] not in {"=", "+", "-", "@"}


@given(st.text(alphabet=st.sampled_from("='+-@ \tab")))
def test_what_was_made_harmless_comes_back_as_typed(typed):
    assert cells.as_typed(cells.neutralised(typed)) == typed
    assert cells.as_typed(cells.in_text_cell(typed)) == typed


def test_long_row_of_spaces_is_judged_at_once():
    """A test that goes through the row once for each space would not come to an end."""
    assert not cells.is_dangerous(" " * 5_000_000)


def test_numbers_and_days_stay_numbers_and_days():
    day = datetime.date(2018, 3, 1)
    moment = datetime.datetime(2026, 7, 1, 16, 0, tzinfo=datetime.UTC)
    assert [cells.exported(v) for v in (-3, day, True, None)] == [-3, day, "ja", ""]
    assert cells.as_text(cells.exported(moment)) == "01.07.2026 18:00"


# --- Files ------------------------------------------------------------------------------------


def read_csv(data):
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def read_xlsx(data):
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    return [[cell.value or "" for cell in row] for row in sheet.iter_rows()]


def read_ods(data):
    sheet = opendocument.load(io.BytesIO(data)).spreadsheet.getElementsByType(table.Table)[0]
    return [
        [
            "\n".join(teletype.extractText(p) for p in cell.getElementsByType(text.P))
            for cell in row.getElementsByType(TableCell)
        ]
        for row in sheet.getElementsByType(TableRow)
    ]


READ = {"csv": read_csv, "xlsx": read_xlsx, "ods": read_ods}


def written(key, rows):
    file = io.BytesIO()
    count = writers.EXPORT_FORMATS[key].write(file, iter(rows))
    return file.getvalue(), count


@pytest.mark.parametrize("key", READ)
@pytest.mark.parametrize(
    "value", [*FORMULAS, 'Anführung "x"; y', "Zeile 1\nZeile 2", "<b>&amp;</b>", "عمر", "🌻"]
)
def test_every_format_holds_what_was_exported(key, value):
    exported = cells.exported(value)
    data, count = written(key, [["Name", "Notiz"], ["Amira", exported]])
    rows = READ[key](data)
    assert count == 1
    assert rows[0] == ["Name", "Notiz"]
    assert rows[1][1] == (cells.neutralised(exported) if key == "csv" else exported)


@pytest.mark.slow
@pytest.mark.parametrize("key", READ)
@settings(max_examples=25)
@given(value=st.text(max_size=30))
def test_no_text_breaks_a_file(key, value):
    data, count = written(key, [["A"], [cells.exported(value)], [cells.exported("Ende")]])
    assert count == 2
    assert READ[key](data)[-1] == ["Ende"]


@pytest.mark.parametrize("key", READ)
def test_empty_list_has_headings_and_no_rows(key):
    data, count = written(key, [["Name"]])
    assert (READ[key](data), count) == ([["Name"]], 0)


TYPED = [
    ["Name", "Telefon", "PLZ", "Tag", "Beginn", "Plätze", "Notiz"],
    [
        "Zoë Freifrau von und zu Möhringen-Vaihingen",
        "+49 711 216-0",
        "01067",
        datetime.date(2018, 3, 1),
        datetime.datetime(2027, 3, 1, 18, 0),
        7,
        "=1+1 " + "lang " * 100,
    ],
    ["#N/A", "0711216", "70173", datetime.date(1850, 1, 1), "", 2.5, ""],
]
"""Headings, and values of each kind."""


def test_excel_has_text_as_text_days_as_days_and_numbers_as_numbers():
    sheet = openpyxl.load_workbook(io.BytesIO(written("xlsx", TYPED)[0])).active
    first, second = list(sheet.iter_rows(min_row=2))
    assert [cell.data_type for cell in first] == ["s", "s", "s", "d", "d", "n", "s"]
    assert [cell.value for cell in first[1:3]] == ["+49 711 216-0", "01067"]
    assert [cell.number_format for cell in first] == [
        "@", "@", "@", "DD.MM.YYYY", "DD.MM.YYYY HH:MM", "General", "General"
    ]  # fmt: skip
    assert first[6].quotePrefix  # a long text stays text when somebody edits it
    assert [cell.value for cell in second] == [
        "#N/A", "0711216", "70173", "01.01.1850", None, 2.5, None
    ]  # fmt: skip
    assert [cell.data_type for cell in second[:4]] == ["s", "s", "s", "s"]


def test_excel_keeps_the_headings_in_sight_filters_and_fits_the_widths():
    sheet = openpyxl.load_workbook(io.BytesIO(written("xlsx", TYPED)[0])).active
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("A2", "$1:$1")
    assert sheet.auto_filter.ref == "A1:G3"
    widths = [sheet.column_dimensions[letter].width for letter in "ABCG"]
    assert widths == [len(TYPED[1][0]) + 3, len(TYPED[1][1]) + 3, 8, 50]


def test_libreoffice_keeps_the_headings_in_sight_filters_and_fits_the_widths():
    data = written("ods", TYPED)[0]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        settings_xml = archive.read("settings.xml").decode()
    assert 'config:name="VerticalSplitPosition" config:type="int">1<' in settings_xml
    document = opendocument.load(io.BytesIO(data))
    (filtered,) = document.getElementsByType(table.DatabaseRange)
    assert filtered.getAttribute("targetrangeaddress") == "Liste.A1:Liste.G3"
    widths = [
        one.getAttribute("stylename") for one in document.getElementsByType(table.TableColumn)
    ]
    assert (widths[0], widths[2], len(widths)) == (f"column-{len(TYPED[1][0]) + 3}", "column-8", 7)
    row = document.getElementsByType(TableRow)[1]
    kinds = [cell.getAttribute("valuetype") for cell in row.getElementsByType(TableCell)]
    assert kinds == ["string", "string", "string", "date", "date", "float", "string"]


@pytest.mark.parametrize("key", READ)
def test_text_longer_than_a_cell_holds_breaks_no_file(key):
    data, _count = written(key, [["A"], ["🌻" * 40_000]])
    held = READ[key](data)[1][0]
    assert len(held) == (32_767 // 2 if key == "xlsx" else 40_000)


# --- Rows -------------------------------------------------------------------------------------


@pytest.fixture
def own():
    return factories.make_circle("Freundeskreis Feuerbach")


@pytest.fixture
def foreign():
    return factories.make_circle("Freundeskreis Süd")


@pytest.fixture
def katrin(own):
    return factories.make_member(own).user


def as_dicts(rows):
    headings, *lines = rows
    return [dict(zip(headings, line, strict=True)) for line in lines]


@pytest.mark.django_db
def test_rows_of_applications_hold_readable_values(own, katrin):
    factories.make_application(
        own,
        "Amira",
        email="amira@example.org",
        phone="+49 711 216-0",
        languages=["de", "ar"],
        districts=[factories.make_district("mitte"), factories.make_district("feuerbach")],
        message="=HYPERLINK(1)",
    )
    (row,) = as_dicts(ApplicationResource(katrin).rows(Application.objects.visible_to(katrin)))
    assert row["Sprachen"] == "Deutsch, Arabisch"
    assert row["Stadtbezirke"] == "Mitte, Feuerbach"
    assert row["Status"] == "neu"
    assert row["Organisation"] == row["Angebot"] == "Freundeskreis Feuerbach"
    assert row["Telefon"] == "+49 711 216-0"
    assert row["Nachricht"] == "=HYPERLINK(1)"
    assert isinstance(row["Antwort bis"], datetime.date)


@pytest.mark.django_db
def test_rows_of_people_are_as_told_and_one_a_person(own, foreign, katrin):
    person = factories.make_volunteer("Amira Haddad", email="amira@example.org", phone="999")
    factories.make_application(own, "Amira H.", volunteer=person, phone="111")
    factories.make_application(
        own, "Amira H.", volunteer=person, phone="111", entry=factories.make_entry(organisation=own)
    )
    factories.make_application(foreign, "Amira Geheim", volunteer=person, phone="222")
    people = Volunteer.objects.visible_to(katrin)
    (row,) = as_dicts(VolunteerResource(katrin).rows(people))
    assert (row["Name"], row["Telefon"], row["Organisation"]) == (
        "Amira H.",
        "111",
        "Freundeskreis Feuerbach",
    )
    assert row["Status"].count("neu") == 2


@pytest.mark.django_db
def test_rows_of_organisations_rooms_and_events(own, katrin):
    room = factories.make_room(organisation=own, street="Stuttgarter Straße 1")
    factories.make_opening_hours(room)
    factories.make_room_offer(room)
    start = datetime.datetime(2027, 3, 1, 18, 0, tzinfo=factories.BERLIN)
    factories.make_event("Schulung", organisation=own, starts_at=start, kind=Event.Kind.TRAINING)
    (organisation,) = as_dicts(
        OrganisationResource(katrin).rows(Organisation.objects.filter(pk=own.pk))
    )
    assert (organisation["Name"], organisation["Art der Organisation"]) == (
        own.title,
        "Freundeskreis",
    )
    (row,) = as_dicts(WelcomeRoomResource(katrin).rows(WelcomeRoom.objects.all()))
    assert row["Öffnungszeiten"] == "Montag 17:00–20:00"
    assert row["Angebote"] == "Begegnungscafé"
    (event,) = as_dicts(EventResource(katrin).rows(Event.objects.all()))
    assert (event["Art"], event["Beginn"]) == ("Schulung", datetime.datetime(2027, 3, 1, 18, 0))


@pytest.mark.slow
@pytest.mark.django_db
def test_rows_take_the_same_queries_for_1_and_30_records(own, katrin):
    lists = {
        ApplicationResource: Application.objects.visible_to(katrin),
        VolunteerResource: Volunteer.objects.visible_to(katrin),
        OrganisationResource: Organisation.objects.visible_to(katrin),
        WelcomeRoomResource: WelcomeRoom.objects.visible_to(katrin),
        EventResource: Event.objects.visible_to(katrin),
    }

    def queries(resource, records):
        with CaptureQueriesContext(connection) as captured:
            assert len(list(resource(katrin).rows(records.all()))) > 1
        return len(captured)

    def one_more(number):
        field, district = factories.make_field(), factories.make_district()
        factories.make_application(own, f"Person {number}", fields=[field], districts=[district])
        factories.make_room(f"Raum {number}", organisation=own, districts=[district])
        factories.make_event(f"Termin {number}", organisation=own, district=district)
        factories.make_circle(f"Kreis {number}", department=own)

    one_more(1)
    few = {resource: queries(resource, records) for resource, records in lists.items()}
    for number in range(2, 31):
        one_more(number)
    assert {resource: queries(resource, records) for resource, records in lists.items()} == few


# --- Pages ------------------------------------------------------------------------------------


def exported(client, model, key="csv", data=None, **filters):
    url = reverse(f"admin:{model}_export", query=filters)
    response = client.post(url, {"format": key, "purpose": "Rundmail", **(data or {})})
    assert response.status_code == 200, response.status_code
    assert response.headers["Content-Disposition"].endswith(f'.{key}"')
    content = b"".join(response.streaming_content)
    assert key == "csv" or len(content) == int(response.headers["Content-Length"])
    return READ[key](content)


@pytest.mark.django_db
@pytest.mark.parametrize("key", READ)
def test_export_follows_filter_search_and_role_and_is_recorded(own, foreign, katrin, key):
    factories.make_application(own, "Jörg Müller")
    factories.make_application(own, "Jörg Müller", status="ready")
    factories.make_application(own, "Anna Schmidt")
    factories.make_application(foreign, "Jörg Müller")
    rows = exported(
        client_of(katrin), "volunteers_application", key, q="muller", status__exact="new"
    )
    assert [row[0] for row in rows] == ["Name", "Jörg Müller"]
    record = ExportRecord.objects.get()
    assert (record.by, record.what, record.format, record.rows) == (katrin, "Anmeldungen", key, 1)
    assert record.filter == "Suche: muller; Status: neu"
    assert record.purpose == "Rundmail"
    event = SecurityEvent.objects.get(kind="export")
    assert (event.by, event.about) == (katrin, f"exportrecord {record.pk}")


@pytest.mark.django_db
def test_export_of_chosen_rows_takes_no_foreign_ones(own, foreign, katrin):
    mine, left = factories.make_application(own, "Mein"), factories.make_application(own, "Bleibt")
    other = factories.make_application(foreign, "Fremd")
    client = client_of(katrin)
    chosen = {"action": "export_selected", "_selected_action": [mine.pk, other.pk]}
    page = client.post(reverse("admin:volunteers_application_changelist"), chosen)
    assert f'value="{mine.pk}"' in page.content.decode()
    ids = f"{mine.pk},{other.pk}"
    rows = exported(client, "volunteers_application", data={"ids": ids})
    assert [row[0] for row in rows[1:]] == ["Mein"]
    record = ExportRecord.objects.get()
    assert (record.rows, record.filter) == (1, "ausgewählte Zeilen")
    assert left.pk


@pytest.mark.django_db
def test_lists_offer_export_with_their_filter(own, katrin):
    for model in ("volunteers_application", "volunteers_volunteer", "programs_event"):
        url = reverse(f"admin:{model}_changelist", query={"q": "Müller"})
        text = client_of(katrin).get(url).content.decode()
        assert reverse(f"admin:{model}_export") + "?q=M%C3%BCller" in text, model


@pytest.mark.django_db
def test_page_says_how_many_before_and_get_sends_nothing(own, katrin):
    factories.make_application(own)
    response = client_of(katrin).get(reverse("admin:volunteers_application_export"))
    assert "1 Zeile" in response.content.decode()
    assert not ExportRecord.objects.exists()


@pytest.mark.slow
@pytest.mark.django_db
def test_all_lists_export_for_the_roles_that_may(own, katrin):
    office = factories.make_clearing_office()
    staff = factories.make_member(office, role=Membership.Role.STAFF).user
    lists = [
        "volunteers_application",
        "volunteers_volunteer",
        "programs_organisation",
        "programs_event",
        "welcome_rooms_welcomeroom",
    ]
    for user in (katrin, staff):
        for model in lists:
            assert exported(client_of(user), model, "xlsx")
    nobody = client_of(factories.make_user())
    for model in lists:
        url = reverse(f"admin:{model}_export")
        assert nobody.post(url, {"format": "csv", "purpose": "Rundmail"}).status_code == 302
    assert ExportRecord.objects.count() == 2 * len(lists)


@pytest.mark.django_db
@pytest.mark.logs_errors
def test_no_list_without_its_record(own, katrin, monkeypatch):
    """When the log cannot be written, no file is sent."""

    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("portal.admin_site.PortalAdminSite.record_export", broken)
    client = client_of(katrin)
    client.raise_request_exception = False
    url = reverse("admin:volunteers_application_export")
    assert client.post(url, {"format": "csv", "purpose": "Rundmail"}).status_code == 500


@pytest.mark.django_db
def test_unknown_format_and_bad_filter_are_answered(katrin):
    client, url = client_of(katrin), reverse("admin:volunteers_application_export")
    assert client.post(url, {"format": "json", "purpose": "Rundmail"}).status_code == 200
    assert client.post(
        f"{url}?status__exact=new&entry__id__in=x", {"format": "csv", "purpose": "Rundmail"}
    ).status_code in {302, 400}
    assert not ExportRecord.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "purpose", ["", "    ", "x", "a\x07bcdef", "umge\u202edreht", "x" * 10_000]
)
def test_no_list_without_a_purpose_that_can_be_read(katrin, purpose):
    client, url = client_of(katrin), reverse("admin:volunteers_application_export")
    response = client.post(url, {"format": "csv", "purpose": purpose})
    assert response.status_code == 200
    assert "errorlist" in response.content.decode()
    assert not ExportRecord.objects.exists()


@pytest.mark.django_db
def test_page_asks_what_for_and_offers_usual_purposes(katrin):
    page = client_of(katrin).get(reverse("admin:volunteers_application_export")).content.decode()
    assert "Wofür brauchen Sie die Liste?" in page
    assert 'list="id_purpose_usual"' in page
    assert '<option value="Bericht oder Auswertung">' in page


@pytest.mark.django_db
def test_log_of_exports_shows_the_purpose(own, katrin):
    exported(client_of(katrin), "volunteers_application", data={"purpose": "Dankesbrief <b>"})
    admin = client_of(factories.make_user("adm@example.org", is_superuser=True))
    page = admin.get(reverse("admin:volunteers_exportrecord_changelist")).content.decode()
    assert "Dankesbrief &lt;b&gt;" in page


# --- Size -------------------------------------------------------------------------------------


def many_people(organisation, count):
    """``count`` people with applications, inserted by SQL."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH person AS (
                INSERT INTO volunteers_volunteer
                    (name, phone, languages, weekdays, dayparts, gender, tandem_limit,
                      email, about, is_demo, created_at, updated_at)
                SELECT 'Person ' || n, '+49 711 ' || n, '{de}', '{1}', '{evening}', '', 1,
                    'person-' || n || '@example.org', '', false, now(), now()
                FROM generate_series(1, %s) AS n RETURNING id, name, phone, email)
            INSERT INTO volunteers_application
                (name, phone, languages, weekdays, dayparts, gender, tandem_limit, email, public_id,
                 organisation_id, entry_id, volunteer_id, status, age, message, decline_reason,
                 submitted_at, confirmed_at, is_demo, contact_answer)
            SELECT name, phone, '{de}', '{1}', '{evening}', '', 1, email, gen_random_uuid(), %s, %s, id,
                'ready', 'adult', '', '', now(), now(), false, '' FROM person
            """,
            [count, organisation.pk, organisation.pk],
        )


def peak_of(resource, records, key):
    with tempfile.TemporaryFile() as file:
        tracemalloc.start()
        count = writers.EXPORT_FORMATS[key].write(file, resource.rows(records))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    return count, peak


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("key", READ)
def test_memory_does_not_grow_with_the_rows(own, katrin, key):
    """Four times the people need about the same memory: one chunk at a time, not the list."""
    many_people(own, 4000)
    people = Volunteer.objects.visible_to(katrin)
    first = people.order_by("pk")[999].pk
    warm = VolunteerResource(katrin)
    assert peak_of(warm, people.filter(pk__lte=first), key)[0] == 1000
    few, small = peak_of(VolunteerResource(katrin), people.filter(pk__lte=first), key)
    many, large = peak_of(VolunteerResource(katrin), people.all(), key)
    assert (few, many) == (1000, 4000)
    assert large < small * 1.3
