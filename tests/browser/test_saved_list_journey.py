"""Staff save a list once, and get its addresses for letters next month, on a desk and on a phone."""

import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tests.browsers import width_of

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "willkommen-in-stuttgart-1"
LIST = "/verwaltung/programs/organisation/"


@pytest.fixture(autouse=True)
def _organisations() -> None:
    """Katrin of the Sozialamt; two circles and a company, one circle without an address."""
    office = factories.make_clearing_office()
    katrin = factories.make_user("katrin@example.org", name="Katrin", password=PASSWORD)
    katrin.emailaddress_set.create(email=katrin.email, verified=True, primary=True)
    factories.make_member(office, katrin, role="staff")
    where = {"post_street": "Hauptstraße 1", "post_code": "70435", "post_city": "Stuttgart"}
    factories.make_circle("Kreis Zuffenhausen", department=office, **where)
    factories.make_circle("Kreis Feuerbach", department=office)
    factories.make_organisation("Firma", type="company", department=office, **where)


def log_in(page: Page) -> None:
    page.goto("/konto/anmelden/?next=/verwaltung/")
    page.get_by_label("E-Mail").fill("katrin@example.org")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden", exact=True).click()


@pytest.mark.parametrize("width", [360, 1280])
def test_list_is_saved_opened_and_exported_for_letters(
    page: Page, tmp_path: Path, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    log_in(page)
    page.goto(LIST)
    filters = page.get_by_role("navigation", name="Filter")
    filters.get_by_role("link", name="Freundeskreis").click()
    page.get_by_role("link", name="Als Liste speichern").click()
    page.get_by_label("Name:").fill("Verteiler Freundeskreise Nord")
    page.get_by_label("Für:").select_option(label="Sozialamt")
    page.get_by_role("checkbox", name="Als Adressen für Serienbriefe").check()
    page.get_by_role("button", name="Sichern").click()
    expect(page.get_by_text("ist gespeichert")).to_be_visible()

    page.goto(LIST)
    page.get_by_text("1 gespeicherte Liste").click()
    page.get_by_role("link", name="Verteiler Freundeskreise Nord", exact=True).click()
    expect(page.get_by_role("link", name="Kreis Zuffenhausen")).to_be_visible()
    expect(page.get_by_role("link", name="Firma")).to_have_count(0)
    assert width_of(page) <= width

    page.get_by_text("1 gespeicherte Liste").click()
    page.get_by_role("link", name=re.compile("Exportieren.*Verteiler Freundeskreise Nord")).click()
    expect(page.get_by_role("checkbox", name="Als Adressen für Serienbriefe")).to_be_checked()
    page.get_by_label("Wofür brauchen Sie die Liste?").fill("Einladung zum Jahrestreffen")
    with page.expect_download() as download:
        page.get_by_role("button", name="Herunterladen").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    rows = list(openpyxl.load_workbook(file).active.values)
    assert rows == [
        ("Anrede", "Name", "Ansprechstelle", "Straße", "PLZ", "Ort"),
        (
            *("Sehr geehrte Damen und Herren", "Kreis Zuffenhausen", None),
            *("Hauptstraße 1", "70435", "Stuttgart"),
        ),
    ]
