"""Staff build a report from figures that are written down, and take it away as PDF."""

import datetime
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Page, expect

from portal.figures.measures import Split
from tests import factories
from tests.portal.figures import made_up

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "willkommen-in-stuttgart-1"


@pytest.fixture(autouse=True)
def _figures() -> None:
    """Katrin reports; the Sozialamt had 40 sign-ups a month and a circle 3."""
    office = factories.make_clearing_office()
    katrin = factories.make_user("katrin@example.org", name="Katrin", password=PASSWORD)
    katrin.emailaddress_set.create(email=katrin.email, verified=True, primary=True)
    factories.make_member(office, katrin, role="reporting")
    rows = {str(office.pk): (office.title, 40), "99": ("Freundeskreis Nord", 3)}
    for stand in made_up.stands(6, datetime.date(2026, 1, 31)):
        for slug in ("applications", "placements", "tandems", "active"):
            made_up.publish(slug, stand, {Split.ORGANISATION: rows})


def log_in(page: Page) -> None:
    page.goto("/konto/anmelden/?next=/verwaltung/")
    page.get_by_label("E-Mail").fill("katrin@example.org")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden", exact=True).click()


def test_staff_build_a_report_and_take_it_away(page: Page, tmp_path: Path) -> None:
    log_in(page)
    page.get_by_role("link", name="Auswertung").click()
    page.get_by_role("link", name="auch als Bericht").click()
    expect(page.get_by_role("heading", name="Berichte")).to_be_visible()
    page.get_by_role("checkbox", name="Engagierte im Einsatz").uncheck()
    page.get_by_role("checkbox", name="laufende Tandems").uncheck()
    page.get_by_label("von:", exact=True).select_option(label="Februar 2026")
    page.get_by_role("button", name="Anzeigen").click()

    table = page.get_by_role("region", name="Anmeldungen, Organisation")
    row = table.get_by_role("row", name="Freundeskreis Nord")
    expect(row).to_contain_text("unter 5")
    expect(table.get_by_role("columnheader")).to_have_count(6)
    expect(page.get_by_role("heading", name="Engagierte im Einsatz")).to_have_count(0)
    expect(page.get_by_role("img", name="Anmeldungen im Lauf der Zeit")).to_be_visible()

    page.get_by_label("Wofür brauchen Sie die Liste?").fill("Bericht an den Sozialausschuss")
    page.get_by_role("radio", name="PDF").check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Herunterladen").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    text = " ".join(one.extract_text() for one in pypdf.PdfReader(file).pages)
    assert "Bericht für den Sozialausschuss" in text
    assert "Stand: 30. Juni 2026" in text
