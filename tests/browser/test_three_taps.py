"""The three commonest jobs of a coordinator take at most three taps, the link in the mail included, on a phone."""

import datetime
from collections.abc import Iterator

import pytest
import time_machine
from playwright.sync_api import Locator, Page, expect

from programs.models import Organisation
from tests import factories
from tests.browser.post import Post, RunJobs
from tests.browsers import OpenPage
from tests.mailserver import MailServer
from volunteers import chores
from volunteers.models import Message, Registration
from volunteers.services.messages import write_message

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "willkommen-in-stuttgart-1"
KATRIN = "katrin@example.org"


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(factories.noon(), tick=True):
        yield


@pytest.fixture
def circle() -> Organisation:
    factories.make_clearing_office()
    circle = factories.make_circle("Freundeskreis Feuerbach")
    katrin = factories.make_user(KATRIN, name="Katrin", password=PASSWORD)
    katrin.emailaddress_set.create(email=katrin.email, verified=True, primary=True)
    factories.make_member(circle, katrin)
    return circle


class Phone:
    """Katrin's phone, where she is logged in; counts what she taps."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0
        page.goto("/konto/anmelden/?next=/verwaltung/")
        page.get_by_label("E-Mail").fill(KATRIN)
        page.get_by_label("Passwort").fill(PASSWORD)
        page.get_by_role("button", name="Anmelden").click()
        expect(page.get_by_role("heading", level=1, name="Ihre Arbeit")).to_be_visible()

    def opens(self, link: str) -> None:
        self.taps = 1
        self.page.goto(link)

    def taps_on(self, what: Locator) -> None:
        self.taps += 1
        what.click()


@pytest.fixture
def phone(circle: Organisation, open_page: OpenPage) -> Phone:
    return Phone(open_page(width=360))


@pytest.fixture
def post(smtp_server: MailServer, run_jobs: RunJobs) -> Post:
    return Post(smtp_server, run_jobs)


def test_answering_and_noting_a_talk(phone: Phone, post: Post, circle: Organisation) -> None:
    amira = factories.make_application(circle, "Amira Haddad")
    write_message(application=amira, text="Wann kann ich kommen?")

    phone.opens(post.link_below(KATRIN, "Lesen und antworten:"))
    phone.page.get_by_label("Nachricht an die Person").fill("Am Freitag um 17 Uhr.")
    phone.taps_on(phone.page.get_by_role("button", name="Nachricht schicken"))
    expect(phone.page.get_by_text("Die Nachricht ist unterwegs.")).to_be_visible()
    assert phone.taps <= 3
    assert not Message.objects.unhandled().exists()

    bo = factories.make_application(circle, "Bo Berger")
    write_message(application=bo, text="Bitte rufen Sie mich an.")
    phone.opens(post.link_below(KATRIN, "Lesen und antworten:"))
    phone.taps_on(phone.page.get_by_role("link", name="Im Gespräch", exact=True))
    phone.page.get_by_label("Notiz für den Verlauf").fill("Hat Freitag Zeit.")
    phone.taps_on(phone.page.get_by_role("button", name="Im Gespräch"))
    expect(phone.page.get_by_text("Hat Freitag Zeit.").first).to_be_visible()
    assert phone.taps <= 3


def test_ticking_who_came(phone: Phone, post: Post, circle: Organisation) -> None:
    event = factories.make_event(
        organisation=circle,
        takes_registrations=True,
        starts_at=factories.noon() - datetime.timedelta(days=1),
    )
    factories.make_registration(event, "Amira Haddad")
    chores.run_all()

    phone.opens(post.link_below(KATRIN, "Teilnahmeliste öffnen:"))
    phone.taps_on(phone.page.get_by_label("Amira Haddad"))
    phone.taps_on(phone.page.get_by_role("button", name="Liste speichern"))
    expect(phone.page.get_by_text("1 Eintrag geändert.")).to_be_visible()
    assert phone.taps <= 3
    assert Registration.objects.get().attended
