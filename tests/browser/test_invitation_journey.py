"""An evening of thanks: invited by staff, answered by mail, checked in at the entrance; and the calendar."""

import datetime

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.test_event_journeys import GUESTS, Post, address, clock, log_in
from tests.browser.test_journeys import heading
from tests.browser.test_page_quality import Visit
from volunteers import chores
from volunteers.links import registrations as event_links
from volunteers.models import Registration
from volunteers.models.registrations import RegistrationStatus as S
from volunteers.models.statuses import Status

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "willkommen-in-feuerbach-1"
AMINA, BEN = GUESTS[:2]

__all__ = ["clock"]  # the fixture


@pytest.fixture
def evening(clock):
    office = factories.make_clearing_office()
    katrin = factories.make_user("katrin@example.org", name="Katrin", password=PASSWORD)
    katrin.emailaddress_set.create(email=katrin.email, verified=True, primary=True)
    factories.make_member(office, katrin)
    for name in (AMINA, BEN):
        factories.make_application(office, name, email=address(name), status=Status.PLACED)
    return factories.make_event(
        "Danke-Abend",
        kind="recognition",
        organisation=office,
        takes_registrations=True,
        only_invited=True,
        asks_again=True,
    )


@pytest.mark.slow
def test_from_the_invitation_to_the_list_of_who_was_there(
    open_page, no_js_page, evening, smtp_server, run_jobs, clock
):
    post = Post(smtp_server, run_jobs)
    desk = open_page()
    log_in(desk)
    desk.goto(f"/verwaltung/programs/event/{evening.pk}/change/")
    desk.get_by_role("link", name="Einladen").click()
    expect(desk.get_by_label(AMINA)).to_be_checked()
    desk.get_by_role("button", name="Angehakte einladen").click()
    expect(desk.get_by_text("2 Personen sind eingeladen.")).to_be_visible()
    chores.run_all()

    # Without JavaScript: one comes, one does not.
    guest = no_js_page
    guest.goto(post.link(AMINA, "Ja, ich komme"))
    guest.get_by_label("Was sollen wir vorbereiten?").fill("ein Platz für den Rollstuhl")
    guest.get_by_role("button", name="Ja, ich komme").click()
    expect(guest.get_by_text("Sie haben einen Platz.")).to_be_visible()
    guest.goto(post.link(BEN, "Nein, ich kann nicht"))
    guest.get_by_role("button", name="Ja, absagen").click()
    expect(guest.get_by_text("Abgemeldet.")).to_be_visible()

    # Two days before.
    clock.move_to(evening.starts_at - datetime.timedelta(hours=47))
    chores.run_all()
    assert "Bleibt es dabei?" in post.newest(AMINA)[0]
    guest.goto(post.link(AMINA, "Ja, ich komme"))
    guest.get_by_role("button", name="Ja, ich komme").click()
    expect(guest.get_by_text("Danke, dass Sie es noch einmal bestätigt haben.")).to_be_visible()

    # At the entrance she reads the QR code on the wall.
    clock.move_to(evening.starts_at - datetime.timedelta(minutes=20))
    guest.goto(event_links.door_url(evening))
    guest.get_by_label("Name").fill("Amina")
    guest.get_by_label("E-Mail").fill(address(AMINA))
    guest.get_by_role("button", name="Ich bin da").click()
    expect(guest.get_by_role("alert")).to_contain_text("kein Platz eingetragen")
    guest.get_by_label("Name").fill(AMINA)
    guest.get_by_role("button", name="Ich bin da").click()
    expect(heading(guest, "Willkommen!")).to_be_visible()

    desk = open_page()
    log_in(desk)
    desk.goto(f"/verwaltung/programs/event/{evening.pk}/teilnahme/")
    expect(desk.get_by_label(AMINA)).to_be_checked()
    desk.get_by_role("button", name="Liste speichern").click()
    expect(desk.get_by_text("1 Eintrag geändert.")).to_be_visible()
    assert Registration.objects.get(email=address(AMINA)).attended is True


@pytest.mark.slow
def test_pages_of_invitations_and_calendar_are_accessible_and_fit_narrow_screens(
    page, evening, clock
):
    one, here = (
        factories.make_registration(evening, name, status=status)
        for name, status in (("Amina", S.INVITED), ("Ben", S.REGISTERED))
    )
    dialogue = factories.make_event("Bürgerdialog", kind="dialogue", is_cancelled=True)
    month = f"/kalender/{dialogue.starts_at.year}/{dialogue.starts_at.month}/"
    visit = Visit(page)
    for path in ("/termine/", "/kalender/", month, "/kalender/2040/1/"):
        visit.look(path)
    visit.look(event_links.path(one))
    visit.look(event_links.path(one, "registration_rejoin"))
    log_in(page)
    visit.look(f"/verwaltung/programs/event/{evening.pk}/einladen/")
    clock.move_to(evening.starts_at - datetime.timedelta(minutes=20))
    visit.look(event_links.path(here))
    visit.look(event_links.path(here, "registration_check_in"))
    visit.look(event_links.door_url(evening))
    assert not visit.faults, "\n".join(visit.faults)
