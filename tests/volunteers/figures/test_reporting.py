"""„Auswertung“: figures for those who may see them, without any personal data."""

import datetime
import io
import re
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programs.models import Event
from tests import factories
from tests.clients import client_of
from tests.plans import plan_with
from volunteers.figures.tables import Figures
from volunteers.models import (
    Application,
    CompanionRequest,
    ExportRecord,
    Registration,
    SecurityEvent,
    Tally,
)
from volunteers.roles.table import OF_MEMBERS, roles_with

pytestmark = pytest.mark.django_db

YEAR = 2026


@pytest.fixture(autouse=True)
def _in_the_middle_of_the_year(time_machine):
    time_machine.move_to(datetime.datetime(YEAR, 6, 17, 12, tzinfo=datetime.UTC))


@pytest.fixture
def office():
    return factories.make_clearing_office()


@pytest.fixture
def department(office):
    return factories.make_organisation("Abteilung Integrationspolitik", type="office")


@pytest.fixture
def circle(department):
    return factories.make_circle("Freundeskreis Feuerbach", department=department)


@pytest.fixture
def reporting(department):
    return client_of(factories.make_member(department, role="reporting").user)


def sign_up(organisation, count, **fields):
    return [factories.make_application(organisation, f"Amira {n}", **fields) for n in range(count)]


def page(client, **query):
    response = client.get(reverse("admin:figures", query=query))
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


def export(client, key="csv", inside="", **query):
    data = {"format": key, "purpose": "Bericht an den Gemeinderat"}
    data |= {"inside": inside} if inside else {}
    response = client.post(reverse("admin:figures", query=query), data)
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def test_figures_are_rounded_and_small_ones_are_not_told(reporting, circle):
    sign_up(circle, 8)
    sign_up(circle, 3, status="placed")
    text = page(reporting)
    assert f"Stand {YEAR}" not in text
    assert "Freundeskreis Feuerbach 10 unter 5 0 0" in text
    assert re.search(rf"Anmeldungen {YEAR} nach Stand Anzahl neu 10 im Einsatz unter 5", text)
    assert f"Stand: {timezone.localtime():%-d}. " in text
    assert "Quelle: Freiwilligenportal Stuttgart" in text


def test_figures_hold_own_organisations_and_those_in_charge_of(reporting, circle):
    foreign = factories.make_circle("Freundeskreis Süd")
    sign_up(circle, 6)
    sign_up(foreign, 6)
    text = page(reporting)
    assert "Freundeskreis Feuerbach" in text
    assert "Süd" not in text
    assert "Süd" not in export(reporting).decode("utf-8-sig")
    assert "Süd" not in page(reporting, organisation=foreign.pk)


def test_a_second_role_elsewhere_opens_no_figures(department, circle):
    foreign = factories.make_circle("Freundeskreis Süd")
    user = factories.make_member(department, role="reporting").user
    factories.make_member(foreign, user)
    sign_up(foreign, 6)
    assert "Süd" not in page(client_of(user))


@pytest.mark.parametrize("who", ["office", "admin"])
def test_clearing_office_and_portalverwaltung_see_the_whole_city(who, office, circle):
    sign_up(circle, 6)
    for n in range(6):
        factories.make_request(f"Samira {n}")
    user = (
        factories.make_member(office, role="staff").user
        if who == "office"
        else factories.make_user("adm@example.org", is_superuser=True)
    )
    text = page(client_of(user))
    number = 6 if who == "admin" else 5
    assert f"Freundeskreis Feuerbach {number}" in text
    assert f"ohne Organisation (Sozialamt) 0 0 0 {number}" in text


def test_whoever_sees_the_people_reads_exact_figures_of_their_own_organisation(department, circle):
    """„unter 5“ in a department's own report helps nobody; of an organisation below it, it sees no people."""
    staff = client_of(factories.make_member(department, role="staff").user)
    sign_up(department, 13)
    sign_up(department, 3, status="placed")
    sign_up(circle, 6)
    assert "Abteilung Integrationspolitik 16 3 0 0" in page(staff, organisation=department.pk)
    assert "Freundeskreis Feuerbach 5" in page(staff, organisation=circle.pk)
    assert "Freundeskreis Feuerbach 5 0 0 0" in page(staff)


def test_a_file_is_for_everybody_unless_it_stays_in_the_house(department):
    staff = client_of(factories.make_member(department, role="staff").user)
    sign_up(department, 13)
    sign_up(department, 3, status="placed")
    outside = export(staff, organisation=department.pk).decode("utf-8-sig")
    inside = export(staff, inside="on", organisation=department.pk).decode("utf-8-sig")
    assert "im Einsatz;Anzahl;unter 5" in outside.replace('"', "")
    assert "im Einsatz;Anzahl;3" in inside.replace('"', "")
    assert "nur für das Haus" in ExportRecord.objects.latest("pk").filter


def test_the_reporting_role_cannot_ask_for_exact_figures(reporting, department):
    sign_up(department, 3, status="placed")
    assert "unter 5" in page(reporting, organisation=department.pk)
    text = export(reporting, inside="on", organisation=department.pk).decode("utf-8-sig")
    assert "unter 5" in text or "nicht ausgewiesen" in text


WITHOUT_FIGURES = sorted({*OF_MEMBERS} - roles_with("volunteers.view_figures"))


@pytest.mark.parametrize("role", WITHOUT_FIGURES)
def test_other_roles_have_no_figures(circle, role):
    until = {"until": timezone.localdate()} if role == "deputy" else {}
    client = client_of(factories.make_member(circle, role=role, **until).user)
    assert client.get(reverse("admin:figures")).status_code == 403
    assert client.post(reverse("admin:figures"), {"format": "csv"}).status_code == 403


def test_deleted_people_stay_in_the_figures(reporting, circle):
    month = timezone.localdate().replace(day=1)
    Tally.objects.create(
        kind="application", organisation=circle, month=month, outcome="declined", count=12
    )
    Tally.objects.create(
        kind="registration", organisation=circle, month=month, outcome="attended", count=7
    )
    foreign = factories.make_circle("Freundeskreis Süd")
    Tally.objects.create(
        kind="application", organisation=foreign, month=month, outcome="declined", count=50
    )
    text = page(reporting)
    assert "Freundeskreis Feuerbach 10" in text
    assert "abgelehnt 10" in text
    assert "gelöscht, Art nicht mehr bekannt 5 0 0" in text


def test_people_in_groups_have_a_table_of_their_own(reporting, circle):
    """Also of those that are deleted; elsewhere a group is one sign-up."""
    for number in range(6):
        group = {"group_size": 10, "group_name": f"Klasse {number}"}
        factories.make_application(circle, f"Mina {number}", status="placed", **group)
    factories.make_application(circle, "Ida Beste", status="placed")
    month = timezone.localdate().replace(day=1)
    Tally.objects.create(kind="group", organisation=circle, month=month, count=40)
    text = page(reporting)
    assert "Freundeskreis Feuerbach 5 5 0 0" in text
    groups = text.partition("Menschen in Gruppen")[2]
    assert "Freundeskreis Feuerbach 100 60" in groups


def test_attendance_is_told_by_kind_of_event(reporting, circle):
    start = datetime.datetime(YEAR, 1, 15, 12, tzinfo=datetime.UTC)
    event = factories.make_event(organisation=circle, kind=Event.Kind.TRAINING, starts_at=start)
    for n in range(6):
        factories.make_registration(event, f"Ben {n}", attended=True)
    factories.make_registration(event, "Cem", attended=False)
    factories.make_registration(event, "Dana", status="unconfirmed", confirmed_at=None)
    assert "Schulung 5 unter 5 0" in page(reporting)


def test_tandems_by_how_they_stand_and_hours_of_enough_people(reporting, circle, department):
    by = factories.make_member(circle).user
    for n in range(6):
        application = factories.make_ready(circle, f"Amira {n}")
        factories.make_tandem(factories.make_request(f"S {n}", organisation=circle), application)
        factories.make_hours(application, "7", by=by)
    few = factories.make_circle("Freundeskreis Klein", department=department)
    factories.make_hours(factories.make_engaged(few, "Ida"), "20", by=by)
    text = page(reporting)
    assert f"Tandems mit Beginn {YEAR} Anzahl läuft 5" in text
    assert "Freundeskreis Feuerbach 5 5 5 0" in text
    hours = text.partition("Bestätigte Stunden")[2]
    assert "Freundeskreis Feuerbach 40" in hours
    assert "Freundeskreis Klein unter 5" in hours


@pytest.mark.slow
def test_another_year_and_one_organisation(reporting, circle, department):
    other = factories.make_circle("Freundeskreis Botnang", department=department)
    past = datetime.datetime(YEAR - 1, 6, 1, 12, tzinfo=datetime.UTC)
    sign_up(circle, 6, submitted_at=past)
    sign_up(other, 6)
    assert "Freundeskreis Feuerbach 5" in page(reporting, jahr=YEAR - 1)
    only = page(reporting, organisation=other.pk)
    assert "Freundeskreis Botnang 5" in only
    for odd in (
        {"jahr": "x"},
        {"organisation": "0"},
        {"jahr": "9" * 5000},
        {"organisation": "\x00"},
    ):
        assert page(reporting, **odd)


def test_file_holds_exactly_what_the_page_shows_and_is_logged_with_its_purpose(reporting, circle):
    sign_up(circle, 8)
    sign_up(circle, 2, status="ready")
    text = export(reporting).decode("utf-8-sig")
    today = f"{timezone.localdate():%d.%m.%Y}"
    source = "Freiwilligenportal Stuttgart, Vorgänge im Portal"
    assert (
        f"Organisationen;Freundeskreis Feuerbach;Anmeldungen {YEAR};10;{YEAR};{today};{source}"
        in text
    )
    assert f"nach Stand;startbereit;Anzahl;unter 5;{YEAR};{today};{source}" in text
    record = ExportRecord.objects.get()
    assert (record.what, record.purpose) == ("Auswertung", "Bericht an den Gemeinderat")
    assert record.rows == text.count("\r\n") - 1
    assert SecurityEvent.objects.filter(kind="export").count() == 1


@pytest.mark.slow
def test_no_file_without_a_purpose(reporting, circle):
    sign_up(circle, 5)
    assert reporting.post(reverse("admin:figures"), {"format": "csv"}).status_code == 422
    assert not ExportRecord.objects.exists()


PERSONAL = (
    "volunteers_application",
    "volunteers_volunteer",
    "volunteers_registration",
    "volunteers_companionrequest",
    "volunteers_tandem",
    "volunteers_hoursentry",
    "volunteers_conductcheck",
    "volunteers_certificate",
    "volunteers_user",
    "volunteers_exportrecord",
    "programs_membership",
)


def test_reporting_opens_no_list_of_people(reporting, circle):
    application = sign_up(circle, 1)[0]
    for model in PERSONAL:
        url = reverse(f"admin:{model}_changelist")
        assert reporting.get(url).status_code in {403, 404}, model
    for name in ("export", "escalated"):
        url = reverse(f"admin:volunteers_application_{name}")
        assert reporting.get(url).status_code in {403, 404}, name
    for name in ("change", "history"):
        url = reverse(f"admin:volunteers_application_{name}", args=[application.pk])
        assert reporting.get(url).status_code in {403, 404}, name
    assert reporting.get(reverse("admin:volunteers_hoursentry_totals")).status_code == 403


@pytest.mark.slow
@pytest.mark.parametrize("key", ["csv", "xlsx", "ods"])
def test_files_of_the_reporting_role_hold_no_person(reporting, circle, key):
    staff = factories.make_member(circle, factories.make_user("k@example.org", name="Katrin Kern"))
    applications = [
        factories.make_ready(
            circle, f"Wilhelmine Zwölfer {n}", email=f"w{n}@beispiel.de", phone="0711 123456"
        )
        for n in range(6)
    ]
    for n, application in enumerate(applications):
        request = factories.make_request(f"Olena Suchova {n}", organisation=circle, phone="0151 98")
        factories.make_tandem(request, application)
        factories.make_hours(application, "3", by=staff.user, what="Mit Frau Suchova zum Amt")
        event = factories.make_event(organisation=circle)
        factories.make_registration(event, f"Theodora Gast {n}")
    data = export(reporting, key)
    if key != "csv":
        archive = zipfile.ZipFile(io.BytesIO(data))
        data = b"\n".join(archive.read(name) for name in archive.namelist())
    text = (
        data.decode("utf-8", "replace") + reporting.get(reverse("admin:figures")).content.decode()
    )
    assert "Freundeskreis Feuerbach" in text
    for secret in (
        "Wilhelmine",
        "Olena",
        "Suchova",
        "Theodora",
        "Kern",
        "beispiel.de",
        "0711",
        "0151",
    ):
        assert secret not in text, secret
    assert "w0@" not in text


@pytest.mark.slow
def test_figures_take_the_same_queries_for_1_and_30_organisations(reporting, circle, department):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            page(reporting)
        return len(captured)

    def one_more(number):
        one = factories.make_circle(f"Kreis {number}", department=department)
        application = factories.make_ready(one, f"Person {number}")
        factories.make_tandem(factories.make_request(organisation=one), application)
        factories.make_hours(
            application,
            by=application.volunteer.user or factories.make_user(f"u{number}@example.org"),
        )
        factories.make_registration(factories.make_event(organisation=one))

    one_more(1)
    queries()  # writes that the access was used today
    few = queries()
    for number in range(2, 31):
        one_more(number)
    assert queries() == few <= 19


def test_a_year_begins_and_ends_at_midnight_in_stuttgart(reporting, circle):
    midnight = datetime.datetime(YEAR, 1, 1, tzinfo=timezone.get_current_timezone())
    moment = datetime.timedelta(seconds=1)
    for at, number in ((midnight - moment, 5), (midnight, 10)):
        for one in sign_up(circle, number):
            type(one).objects.filter(pk=one.pk).update(submitted_at=at)
    for at, number in ((midnight - moment, 15), (midnight, 20)):
        Tally.objects.create(
            kind=Tally.Kind.APPLICATION,
            organisation=circle,
            month=timezone.localdate(at).replace(day=1),
            outcome="declined",
            count=number,
        )
    assert "Freundeskreis Feuerbach 30 0" in page(reporting)
    assert f"Januar {YEAR} 30" in page(reporting)
    assert "Freundeskreis Feuerbach 20 0" in page(reporting, jahr=YEAR - 1)
    assert f"Dezember {YEAR - 1} 20" in page(reporting, jahr=YEAR - 1)


def test_a_month_begins_at_midnight_in_summer_time_too(reporting, circle):
    july = datetime.datetime(YEAR - 1, 7, 1, tzinfo=timezone.get_current_timezone())
    for at, number in ((july - datetime.timedelta(seconds=1), 10), (july, 15)):
        for one in sign_up(circle, number):
            type(one).objects.filter(pk=one.pk).update(submitted_at=at)
    shown = page(reporting, jahr=YEAR - 1)
    assert f"Juni {YEAR - 1} 10" in shown
    assert f"Juli {YEAR - 1} 15" in shown


def test_what_a_year_and_today_count_is_found_in_indexes_alone(circle):
    """Nobody reads a million applications for a page: the indexes hold what it counts."""
    sign_up(circle, 3)
    with CaptureQueriesContext(connection) as captured:
        Figures({circle.pk: "Kreis"}, YEAR, with_nobodys=True).tables()
    for model, index, part in (
        (Application, "application_of_year", '"by_entry"'),
        (Application, "application_of_year", "width_bucket"),
        (Application, "application_at_work", "'placed'"),
        (CompanionRequest, "request_by_day", '"submitted_at" BETWEEN'),
        (Registration, "registration_outcomes", "attended"),
    ):
        table = f'FROM "{model._meta.db_table}"'
        (sql,) = (
            one["sql"]
            for one in captured
            if table in one["sql"] and part in one["sql"] and "group_size" not in one["sql"]
        )
        assert f"Index Only Scan using {index}" in plan_with(model, index, sql)
