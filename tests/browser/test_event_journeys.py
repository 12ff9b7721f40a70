"""A training with three places and five people, in a real browser with real mail."""

import datetime
import re

import pytest
import time_machine
from playwright.sync_api import expect

from tests import factories
from tests.browser.test_journeys import heading
from tests.browser.test_page_quality import Visit
from volunteers import chores
from volunteers.links import registrations as event_links
from volunteers.models import Registration
from volunteers.models.registrations import RegistrationStatus as S

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "willkommen-in-feuerbach-1"
GUESTS = ("Amina Yılmaz", "Ben Muster", "Chiara Esempio", "Dariusz Przykład", "Елена Пример")


def address(name):
    return f"gast-{GUESTS.index(name)}@example.org"


@pytest.fixture
def clock():
    """Starts today, so that cookies and certificates of this machine are valid; the test moves it on."""
    with time_machine.travel(datetime.datetime.now(factories.BERLIN), tick=True) as traveller:
        yield traveller


@pytest.fixture
def training(clock):
    office = factories.make_clearing_office()
    katrin = factories.make_user("katrin@example.org", name="Katrin", password=PASSWORD)
    katrin.emailaddress_set.create(email=katrin.email, verified=True, primary=True)
    factories.make_member(office, katrin)
    return factories.make_event(
        "Grundschulung für WillkommensPaten",
        kind="training",
        organisation=office,
        takes_registrations=True,
        capacity=3,
        qualification="Grundschulung WillkommensPaten",
        qualification_months=24,
        childcare_note="für Kinder ab 3 Jahren",
        access_note="Aufzug im Hof",
    )


class Post:
    """The mails that people receive."""

    def __init__(self, smtp_server, run_jobs):
        self.server, self.run_jobs = smtp_server, run_jobs

    def newest(self, name):
        """Subject and text of the last mail to one of the guests."""
        self.run_jobs()
        mine = [m for m in self.server.messages if m["To"] == address(name)]
        return mine[-1]["Subject"].strip(), mine[-1].get_body(("plain",)).get_content()

    def link(self, name, label):
        """The link in that mail that stands below ``label``."""
        _subject, text = self.newest(name)
        return re.search(rf"^{label}:\s+(https?://\S+)", text, re.MULTILINE)[1]


@pytest.fixture
def post(smtp_server, run_jobs):
    return Post(smtp_server, run_jobs)


def register(page, training, post, name):
    """From the page of the event through the mail to the page of the registration."""
    page.goto(f"{training.get_absolute_url()}?frisch={GUESTS.index(name)}")
    page.get_by_role("link", name=re.compile("Zum Termin anmelden|Auf die Warteliste")).click()
    page.get_by_label("Wie heißen Sie?").fill(name)
    page.get_by_label("E-Mail").fill(address(name))
    page.get_by_label("Ich bin einverstanden").check()
    page.get_by_role("button", name=re.compile("Anmeldung abschicken|Warteliste setzen")).click()
    expect(heading(page, re.compile("Bitte schauen Sie in Ihr Postfach"))).to_be_visible()
    page.goto(post.link(name, "Anmeldung bestätigen"))
    page.get_by_role("button", name="Anmeldung bestätigen").click()


def log_in(page):
    page.goto("/konto/anmelden/?next=/verwaltung/")
    page.get_by_label("E-Mail").fill("katrin@example.org")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden", exact=True).click()
    expect(page.get_by_role("heading", name="Ihre Arbeit")).to_be_visible()


@pytest.mark.slow
def test_training_with_three_places_and_five_people(open_page, training, post, clock):
    page = open_page()
    for name in GUESTS[:3]:
        register(page, training, post, name)
        expect(page.get_by_text("Sie haben einen Platz.")).to_be_visible()
        assert post.newest(name)[0] == "Ihr Platz: Grundschulung für WillkommensPaten"
    for name in GUESTS[3:]:
        register(page, training, post, name)
        expect(page.get_by_text("Auf der Warteliste.")).to_be_visible()

    # One person cancels by the link in the mail; the longest waiting gets an offer.
    page.goto(post.link("Ben Muster", "Absagen"))
    page.get_by_role("button", name="Ja, absagen").click()
    expect(page.get_by_text("Abgemeldet.")).to_be_visible()
    assert post.newest("Ben Muster")[0].startswith("Abgemeldet")
    assert post.newest("Dariusz Przykład")[0].startswith("Ein Platz ist frei")
    missed = post.link("Dariusz Przykład", "Platz annehmen")

    # Nobody answers for 48 hours; the next one gets the offer and accepts.
    clock.shift(datetime.timedelta(hours=48, minutes=1))
    chores.run_all()
    assert post.newest("Dariusz Przykład")[0].startswith("Ihr Platz ist weitergegeben")
    page.goto(post.link("Елена Пример", "Platz annehmen"))
    expect(heading(page, "Möchten Sie den Platz haben?")).to_be_visible()
    page.get_by_role("button", name="Ja, Platz annehmen").click()
    expect(page.get_by_text("Sie haben einen Platz.")).to_be_visible()
    assert post.newest("Елена Пример")[0].startswith("Ihr Platz")

    # Too late: the page says so and offers to join the list again.
    page.goto(missed)
    expect(heading(page, "Der Platz ist nicht mehr frei")).to_be_visible()
    page.get_by_role("link", name="Ich möchte doch kommen").click()
    page.get_by_role("button", name="Auf die Warteliste setzen").click()
    expect(page.get_by_text("Auf der Warteliste.")).to_be_visible()

    # On the day, the coordinator ticks who is there.
    clock.move_to(training.starts_at + datetime.timedelta(minutes=30))
    desk = open_page()
    log_in(desk)
    desk.goto("/verwaltung/programs/event/")
    desk.get_by_role("link", name="3 von 3, 1 wartend").click()
    expect(desk.get_by_role("rowheader")).to_have_text(
        ["Amina Yılmaz", "Chiara Esempio", "Елена Пример"]
    )
    for name in ("Amina Yılmaz", "Елена Пример"):
        desk.get_by_label(name).check()
    desk.get_by_role("button", name="Liste speichern").click()
    expect(desk.get_by_text("2 Einträge geändert.")).to_be_visible()
    expect(desk.get_by_label("Елена Пример")).to_be_checked()
    expect(desk.get_by_label("Chiara Esempio")).not_to_be_checked()

    # Her page shows the qualification.
    elena = Registration.objects.get(email=address("Елена Пример"))
    page.goto(event_links.path(elena))
    expect(page.get_by_text("Sie waren dabei.")).to_be_visible()
    expect(page.get_by_text("Grundschulung WillkommensPaten")).to_be_visible()
    expect(page.get_by_text(re.compile("gültig bis"))).to_be_visible()
    page.get_by_role("link", name="Zu meiner Seite").click()
    expect(page.get_by_role("heading", name="Meine Qualifikationen")).to_be_visible()
    expect(page.get_by_text(re.compile("Grundschulung WillkommensPaten, erworben"))).to_be_visible()


@pytest.mark.slow
def test_form_without_javascript_tells_faults_and_takes_the_second_try(no_js_page, training, post):
    page = no_js_page
    page.goto(f"/termine/{training.slug}/anmelden/")
    page.get_by_label("E-Mail").fill("amina@")
    page.get_by_label("Was sollen wir vorbereiten?").fill("Kinderbetreuung für zwei")
    page.get_by_role("button", name="Anmeldung abschicken").click()
    for words in ("wie Sie heißen", "nicht vollständig", "Ohne Ihre Einwilligung"):
        expect(page.get_by_role("alert").get_by_text(re.compile(words))).to_be_visible()
    expect(page.get_by_label("Was sollen wir")).to_have_value("Kinderbetreuung für zwei")
    page.get_by_label("Wie heißen Sie?").fill(GUESTS[0])
    page.get_by_label("E-Mail").fill(address(GUESTS[0]))
    page.get_by_label("Ich bin einverstanden").check()
    page.get_by_role("button", name="Anmeldung abschicken").click()
    expect(heading(page, re.compile("Bitte schauen Sie in Ihr Postfach"))).to_be_visible()
    page.goto(post.link(GUESTS[0], "Anmeldung bestätigen"))
    page.get_by_role("button", name="Anmeldung bestätigen").click()
    expect(page.get_by_text("Sie haben einen Platz.")).to_be_visible()


@pytest.mark.slow
def test_pages_of_events_are_accessible_and_fit_narrow_screens(page, training, clock):
    seat = factories.make_registration(training, "Amina", note="Kinderbetreuung")
    waits = factories.make_registration(training, "Ben", status=S.WAITING)
    gone = factories.make_registration(training, "Cem", status=S.LAPSED)
    offer = factories.make_registration(
        training, "Dana", status=S.OFFERED, offer_until=training.starts_at
    )
    unsure = factories.make_registration(training, "Eva", status=S.UNCONFIRMED, confirmed_at=None)
    visit = Visit(page)
    for path in (
        training.get_absolute_url(),
        f"/termine/{training.slug}/anmelden/",
        "/teilnahme/danke/",
        event_links.confirm_url(unsure),
        *(event_links.path(one) for one in (seat, waits, gone, offer)),
        event_links.path(offer, "registration_accept"),
        event_links.path(gone, "registration_accept"),
        event_links.path(seat, "registration_cancel"),
        event_links.path(gone, "registration_rejoin"),
    ):
        visit.look(path)
    clock.move_to(training.starts_at + datetime.timedelta(minutes=30))
    log_in(page)
    visit.look(f"/verwaltung/programs/event/{training.pk}/teilnahme/")
    visit.look("/verwaltung/volunteers/registration/", narrow=False)
    assert not visit.faults, "\n".join(visit.faults)
    assert len(visit.seen) == 14
