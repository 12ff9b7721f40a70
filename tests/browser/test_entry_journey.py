"""An organisation is asked by mail, confirms its entry on a phone and changes it; staff accept the change.

Real browser, real mail, real worker.
"""

import datetime
import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from portal.directory import asking
from programs.models import Organisation
from tests import factories
from tests.browsers import width_of
from tests.mailserver import MailServer, text_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CONTACT, PASSWORD = "kreis@example.org", "ein langes Passwort 17"


@pytest.fixture
def circle(settings) -> Organisation:
    settings.REMINDERS_FROM_HOUR = 0
    office = factories.make_clearing_office(confirmed_on=timezone.localdate())
    staff = factories.make_member(office, role="staff").user
    staff.email = "amt@example.org"
    staff.set_password(PASSWORD)
    staff.save()
    staff.emailaddress_set.create(email=staff.email, verified=True, primary=True)
    circle = factories.make_circle(
        "Freundeskreis Feuerbach",
        department=office,
        contact_email=CONTACT,
        description="Wir treffen uns.",
    )
    old = timezone.now() - datetime.timedelta(days=366)
    Organisation.objects.filter(pk=circle.pk).update(created_at=old, confirmed_on=old.date())
    return circle


def links_in_mail(server: MailServer, *labels: str) -> list[str]:
    """The links below these labels in the newest mail to the circle."""
    text = text_of([one for one in server.messages if one["To"] == CONTACT][-1])
    found = [re.search(rf"{label}\r?\n(\S+)", text) for label in labels]
    assert all(found), text
    return [one[1] for one in found if one]


def fits(page: Page) -> None:
    assert width_of(page) <= 360


def accept(page: Page) -> None:
    page.goto("/konto/anmelden/?next=/verwaltung/")
    page.get_by_label("E-Mail-Adresse").fill("amt@example.org")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    page.get_by_role("link", name=re.compile("vorgeschlagene Änderung")).first.click()
    page.get_by_role("link", name="Freundeskreis Feuerbach").click()
    main = page.locator("#content-main")
    expect(main).to_contain_text("Wir treffen uns.")
    expect(main).to_contain_text("Jeden Montag im Gemeindehaus.")
    page.get_by_role("button", name="Angekreuztes übernehmen").click()
    expect(page.get_by_text("Übernommen.")).to_be_visible()


@pytest.mark.slow
def test_an_organisation_confirms_and_changes_its_entry(
    circle: Organisation,
    phone_page: Page,
    page: Page,
    smtp_server: MailServer,
    run_jobs: Callable[[], None],
) -> None:
    assert asking.run() == 1
    run_jobs()
    confirm, change = links_in_mail(smtp_server, "Ja, stimmt noch:", "Etwas ändern:")
    heading = phone_page.get_by_role("heading", level=1)

    phone_page.goto(confirm)
    expect(heading).to_contain_text("Stimmt das noch?")
    fits(phone_page)
    phone_page.get_by_role("button", name="Alles stimmt noch").click()
    expect(heading).to_contain_text("Danke, Ihre Einträge sind bestätigt")
    phone_page.go_back()
    phone_page.goto(circle.get_absolute_url())
    expect(phone_page.locator("main")).to_contain_text(
        f"zuletzt bestätigt am {timezone.localdate():%d.%m.%Y}"
    )

    phone_page.goto(change)
    expect(heading).to_contain_text("Eintrag ändern")
    phone_page.get_by_label(re.compile("^Beschreibung")).fill("<b>Jeden Montag</b>")
    phone_page.get_by_label("Montag").check()
    phone_page.get_by_role("button", name="Änderung abschicken").click()
    expect(phone_page.get_by_role("alert")).to_contain_text("nur Text")
    expect(phone_page.get_by_label("Montag")).to_be_checked()
    fits(phone_page)
    phone_page.get_by_label(re.compile("^Beschreibung")).fill("Jeden Montag im Gemeindehaus.")
    phone_page.get_by_role("button", name="Änderung abschicken").click()
    expect(heading).to_contain_text("Danke, Ihre Angaben sind da")
    expect(phone_page.locator("main")).to_contain_text("Das steht schon auf der Seite")
    expect(phone_page.locator("main")).to_contain_text("Das prüft erst noch ein Mensch")
    fits(phone_page)

    accept(page)
    run_jobs()
    (look,) = links_in_mail(smtp_server, "Eintrag ansehen:")
    phone_page.goto(look)
    expect(phone_page.locator("main")).to_contain_text("Geprüft und übernommen")
    phone_page.goto(circle.get_absolute_url())
    expect(phone_page.locator("main")).to_contain_text("Jeden Montag im Gemeindehaus.")
    expect(phone_page.locator("main")).to_contain_text("Montag")
