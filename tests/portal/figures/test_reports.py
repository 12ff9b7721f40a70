"""„Berichte“: figures, period and split are chosen; the reader finds what they may know, with Stand and source."""

import datetime
import io
import re

import openpyxl
import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.figures import chain
from portal.figures.measures import Split
from tests import factories
from tests.clients import client_of
from tests.portal.figures import made_up
from volunteers.models import ExportRecord

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PURPOSE = "Bericht an den Sozialausschuss"


@pytest.fixture
def office():
    return factories.make_clearing_office()


@pytest.fixture
def department(office):
    return factories.make_organisation("Abteilung Integrationspolitik", type="office")


@pytest.fixture
def figures(department, office):
    """Two years; the department itself has 3 sign-ups a month, the Sozialamt 40."""
    for stand in made_up.stands(24, datetime.date(2024, 1, 31)):
        rows = {str(department.pk): (department.title, 3), str(office.pk): (office.title, 40)}
        for slug in ("applications", "placements", "active", "tandems"):
            made_up.publish(slug, stand, {Split.ORGANISATION: rows})


@pytest.fixture
def reporting(department):
    return client_of(factories.make_member(department, role="reporting").user)


@pytest.fixture
def staff(department):
    return client_of(factories.make_member(department, role="staff").user)


def text_of(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def page(client, **query):
    response = client.get(reverse("admin:reports", query=query))
    assert response.status_code == 200
    return text_of(response.content.decode())


def export(client, key, query=None, **data):
    data = {"format": key, "purpose": PURPOSE} | data
    response = client.post(reverse("admin:reports", query=query or {}), data)
    assert response.status_code == 200
    return response.getvalue() if response.streaming else response.content


def test_without_any_figure_the_page_says_when_there_will_be_some(reporting):
    assert "Noch ist kein Monat festgehalten" in page(reporting)


def test_the_reporting_role_reads_what_everybody_reads(figures, reporting):
    text = page(reporting, groesse="applications")
    assert "12/2025 45" in text
    assert "Abteilung Integrationspolitik unter 5" in text
    assert "Abteilung Integrationspolitik 3" not in text
    assert "Stand: 31. Dezember 2025. Quelle: Freiwilligenportal Stuttgart" in text


def test_whoever_sees_the_people_reads_exact_figures_of_their_own_organisation(
    figures, staff, office
):
    text = page(staff, groesse="applications")
    assert "Abteilung Integrationspolitik 3" in text
    assert f"{office.title} 40" in text
    assert "12/2025 45" in text  # the whole city is not theirs: 43


def test_the_portalverwaltung_reads_everything_exactly(figures):
    user = factories.make_user("adm@example.org", is_superuser=True)
    assert "12/2025 43" in page(client_of(user), groesse="applications")


@pytest.mark.parametrize("key", ["csv", "xlsx", "ods", "pdf"])
def test_files_leave_the_house_unless_somebody_says_otherwise(figures, staff, key):
    query = {"groesse": "applications", "nach": "organisation"}
    outside, inside = export(staff, key, query), export(staff, key, query, inside="on")
    assert "unter 5" in readable(key, outside)
    assert "unter 5" not in readable(key, inside)
    assert [one.format for one in ExportRecord.objects.order_by("pk")] == [key, key]
    assert {one.purpose for one in ExportRecord.objects.all()} == {PURPOSE}
    assert "nur für das Haus" in ExportRecord.objects.order_by("-pk")[0].filter


def readable(key: str, data: bytes) -> str:
    if key == "pdf":
        return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)
    if key == "xlsx":
        rows = openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True)
        return "\n".join(" ".join(map(str, row)) for row in rows)
    if key == "ods":
        import zipfile

        return zipfile.ZipFile(io.BytesIO(data)).read("content.xml").decode()
    return data.decode("utf-8-sig")


def test_the_reporting_role_cannot_ask_for_exact_figures(figures, reporting):
    query = {"groesse": "applications"}
    assert "unter 5" in readable("csv", export(reporting, "csv", query, inside="on"))


def test_every_file_says_stand_source_and_the_head_of_the_chain(figures, reporting):
    pdf = " ".join(readable("pdf", export(reporting, "pdf")).split())
    assert "Bericht für den Sozialausschuss" in pdf
    assert "Stand: 31. Dezember 2025. Quelle: Freiwilligenportal Stuttgart" in pdf
    assert chain.head().digest in pdf.replace(" ", "")
    assert "Von der Anmeldung zum Einsatz" in pdf
    csv = readable("csv", export(reporting, "csv"))
    assert chain.head().digest in csv
    lines = [line for line in csv.splitlines()[1:-1] if line]
    assert all("Freiwilligenportal Stuttgart" in line for line in lines)


def test_over_years_a_flow_has_the_years_and_a_stock_their_ends(figures, reporting, office):
    text = page(reporting, groesse=["applications", "active"], von="2024-01", bis="2025-12")
    assert "Organisation 2024 2025" in text
    assert f"{office.title} 480 480" in text
    assert "Organisation 12/2024 12/2025" in text
    assert f"{office.title} 40 40" in text


def test_the_funnel_adds_up_what_the_months_say(figures, reporting):
    text = page(reporting, groesse="active", von="2025-01", bis="2025-03")
    assert "Anmeldungen rund 135" in text
    assert "Vermittlungen rund 135" in text


@pytest.mark.parametrize(
    "query",
    [
        {"groesse": "<script>", "von": "9999-99", "bis": "\x00", "nach": "haus"},
        {"von": "2025-12", "bis": "2025-01"},
        {"groesse": ["applications"] * 500},
    ],
)
def test_whatever_is_asked_for_there_is_a_page(figures, reporting, query):
    assert "Anmeldungen" in page(reporting, **query)


def test_a_file_needs_a_purpose(figures, reporting):
    response = reporting.post(reverse("admin:reports"), {"format": "pdf"})
    assert response.status_code == 422
    assert not ExportRecord.objects.exists()


def test_the_page_takes_as_many_queries_for_five_years_as_for_one_month(department, reporting):
    def queries():
        with CaptureQueriesContext(connection) as made:
            page(reporting, von="2021-01", bis="2025-12")
        return len(made)

    rows = {str(department.pk): (department.title, 30)}
    months = made_up.stands(60)
    made_up.publish("applications", months[0], {Split.ORGANISATION: rows})
    page(reporting)
    few = queries()
    for stand in months[1:]:
        made_up.publish("applications", stand, {Split.ORGANISATION: rows})
    assert queries() <= few + 1  # the years of flows
    assert few <= 14


def test_every_chart_has_a_name_and_a_table_beside_it(figures, reporting):
    html = reporting.get(reverse("admin:reports")).content.decode()
    charts = re.findall(r"<svg class=\"report-[^>]*>", html)
    assert len(charts) > 3
    assert all('role="img"' in chart and "Zahlen in der Tabelle" in chart for chart in charts)
    assert html.count("<table>") >= len(charts)
