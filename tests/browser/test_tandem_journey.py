"""From a sign-up to a running tandem and a certificate: everybody's part of it, in a real browser.

Real database, real worker, real mail server. It is noon, so that „today“ is the same in every time
zone.
"""

import datetime
import re
from collections.abc import Iterator

import pytest
import time_machine
from playwright.sync_api import Page, expect

from programs.models import Event, Programme, ProgrammeStep
from tests import factories
from tests.browser.post import Post, RunJobs
from tests.browsers import OpenPage
from tests.mailserver import MailServer, text_of
from volunteers import chores
from volunteers.links import applications as application_links
from volunteers.models import Application, Certificate, Tandem
from volunteers.models.statuses import Status

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "willkommen-in-stuttgart-1"
WORDS = "Ich behandle vertraulich, was ich erfahre."


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(factories.noon(), tick=True):
        yield


@pytest.fixture
def programme() -> Programme:
    """WillkommensPaten of the Abteilung, which Katrin coordinates; with all requirements."""
    factories.make_clearing_office()
    office = factories.make_organisation("Abteilung Integrationspolitik", type="office")
    katrin = factories.make_user("katrin@example.org", name="Katrin", password=PASSWORD)
    katrin.emailaddress_set.create(email=katrin.email, verified=True, primary=True)
    factories.make_member(office, katrin)
    programme = factories.make_programme(
        organisation=office,
        slug="willkommenspaten",
        contact_role="Koordination WillkommensPaten",
        makes_tandems=True,
        requires_conduct_check=True,
    )
    kinds = ProgrammeStep.Kind
    factories.make_step(programme, "Einführungsabend", kind=kinds.TRAINING, position=1)
    factories.make_step(programme, "Erstgespräch", kind=kinds.INTERVIEW, position=2)
    factories.make_step(
        programme, "Verschwiegenheit", kind=kinds.COMMITMENT, position=3, text=WORDS
    )
    factories.make_step(programme, "Führungszeugnis", kind=kinds.CONDUCT_CHECK, position=4)
    return programme


@pytest.fixture
def evening(programme: Programme) -> Event:
    """Today's evening event that introduces people to the programme."""
    return factories.make_event(
        organisation=programme.organisation,
        part_of=programme,
        takes_registrations=True,
        starts_at=factories.noon() + datetime.timedelta(hours=3),
        qualification="Einführung WillkommensPaten",
    )


@pytest.fixture
def post(smtp_server: MailServer, run_jobs: RunJobs) -> Post:
    return Post(smtp_server, run_jobs)


AMINA, SAMIRA = "amina@example.org", "samira@example.org"


def signs_up(page: Page, post: Post) -> None:
    page.goto("/programm/willkommenspaten/")
    page.get_by_role("link", name="Ich möchte mitmachen").click()
    page.get_by_label("Wie heißen Sie?").fill("Amina Yılmaz")
    page.get_by_label("E-Mail").fill(AMINA)
    page.get_by_label("18 Jahre oder älter").check()
    page.get_by_text("Mehr über Sie").click()
    page.get_by_label("Arabisch").check()
    page.get_by_label("Dienstag").check()
    page.get_by_label("abends").check()
    page.get_by_label("Ich bin einverstanden").check()
    page.get_by_role("button", name="Anmeldung abschicken").click()
    page.goto(post.links(AMINA)[0])
    page.get_by_role("button", name="Anmeldung bestätigen").click()
    expect(page.get_by_text("Koordination WillkommensPaten").first).to_be_visible()


def registers_for_the_evening(page: Page, post: Post, evening: Event) -> None:
    page.goto(f"/termine/{evening.slug}/")
    page.get_by_role("link", name="Zum Termin anmelden").click()
    page.get_by_label("Wie heißen Sie?").fill("Amina Yılmaz")
    page.get_by_label("E-Mail").fill(AMINA)
    page.get_by_label("Ich bin einverstanden").check()
    page.get_by_role("button", name="Anmeldung abschicken").click()
    page.goto(post.links(AMINA)[0])
    page.get_by_role("button", name="Anmeldung bestätigen").click()
    calendars = [part.get_content_type() for part in post.newest(AMINA).iter_attachments()]
    assert calendars == ["text/calendar"]


def agrees_to_confidentiality(page: Page, application: Application) -> None:
    page.goto(application_links.status_url(application))
    page.get_by_role("link", name="Lesen und zustimmen").click()
    expect(page.get_by_text(WORDS)).to_be_visible()
    page.get_by_label("Ich habe den Text gelesen").check()
    page.get_by_role("button", name="Zustimmen").click()


def logs_in(page: Page) -> None:
    page.goto("/konto/anmelden/?next=/verwaltung/")
    page.get_by_label("E-Mail").fill("katrin@example.org")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    expect(page.get_by_role("heading", level=1, name="Ihre Arbeit")).to_be_visible()


def open_application(page: Page, application: Application) -> None:
    page.goto(f"/verwaltung/volunteers/application/{application.pk}/change/")


def prepares(page: Page, application: Application, evening: Event) -> None:
    """Tick the list of the evening, enter the talk and the inspected certificate."""
    open_application(page, application)
    page.get_by_role("link", name="Im Gespräch", exact=True).click()
    page.get_by_role("button", name="Im Gespräch").click()
    open_application(page, application)
    page.get_by_role("link", name="Startbereit", exact=True).click()
    refusal = page.get_by_text(re.compile("Es fehlt: .*Führungszeugnis"))
    expect(refusal.first).to_be_visible()

    page.goto(f"/verwaltung/programs/event/{evening.pk}/change/")
    page.get_by_role("link", name="Teilnahmeliste").click()
    page.get_by_label("Amina Yılmaz").check()
    page.get_by_role("button", name="Liste speichern").click()

    open_application(page, application)
    page.get_by_role("link", name=re.compile("^Eintragen.*Erstgespräch")).click()
    page.get_by_role("button", name="Eintragen").click()
    page.get_by_role("link", name="Einsicht eintragen").click()
    page.get_by_label("Ausgestellt am").fill(
        (factories.noon() - datetime.timedelta(days=20)).date().isoformat()
    )
    page.get_by_label("Ja", exact=True).check()
    page.get_by_role("button", name="Einsicht vermerken").click()
    expect(page.get_by_text("Alles ist da.")).to_be_visible()

    page.get_by_role("link", name="Startbereit", exact=True).click()
    page.get_by_role("button", name="Startbereit").click()
    application.refresh_from_db()
    assert application.status == Status.READY


def asks_for_a_companion(page: Page, post: Post) -> None:
    page.goto("/begleitung/")
    page.get_by_label("für mich", exact=True).check()
    page.get_by_label("العربية · Arabisch").check()
    page.get_by_role("button", name="Weiter").click()
    page.get_by_label("Dienstag").check()
    page.get_by_label("abends").check()
    page.get_by_role("button", name="Weiter").click()
    page.get_by_label("Wie dürfen wir Sie nennen?").fill("سميرة")
    page.get_by_label("E-Mail").fill(SAMIRA)
    page.get_by_label("27 bis 59 Jahre").check()
    page.get_by_role("button", name="Weiter").click()
    page.get_by_role("checkbox").last.check()
    page.get_by_role("button", name="Begleitung suchen").click()
    page.goto(post.links(SAMIRA)[0])
    page.get_by_role("button", name="Ja, bitte suchen").click()


def proposes(page: Page) -> None:
    page.goto("/verwaltung/volunteers/companionrequest/")
    page.get_by_role("link", name="سميرة").click()
    page.get_by_role("link", name="Wer passt?").click()
    expect(page.get_by_text("spricht Arabisch")).to_be_visible()
    expect(page.get_by_text("beide dienstags abends")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Vorschlagen")).click()


def both_agree(volunteer: Page, newcomer: Page, post: Post) -> None:
    for page, address, other in ((volunteer, AMINA, "سميرة"), (newcomer, SAMIRA, "Amina")):
        text = text_of(post.newest(address))
        assert other not in text, "nobody learns who it is before both agree"
        page.goto(post.links(address)[0])
        page.get_by_role("button", name="Ja, gern").click()
    assert SAMIRA in text_of(post.newest(AMINA))
    assert AMINA in text_of(post.newest(SAMIRA))
    assert Tandem.objects.get().status == Tandem.Status.RUNNING


def answers_the_check_in(page: Page, post: Post) -> None:
    with time_machine.travel(factories.noon() + datetime.timedelta(days=15), tick=True):
        chores.run_all()
        chores.run_all()
        good, _support, _over = post.links(AMINA)[:3]
        page.goto(good)
        page.get_by_role("button", name="Ja, es läuft gut").click()
    tandem = Tandem.objects.get()
    assert sorted(one.side for one in tandem.check_ins.all()) == ["newcomer", "volunteer"]
    assert tandem.check_ins.get(side="volunteer").reply == "good"


def issues_a_certificate(page: Page, application: Application) -> None:
    open_application(page, application)
    page.get_by_role("link", name="Nachweis ausstellen").click()
    page.get_by_label("Was hat die Person getan?").fill("Begleitung beim Ankommen")
    page.get_by_label("Einfühlungsvermögen").check()
    page.get_by_role("button", name="Vorschau ansehen").click()
    expect(page.get_by_role("img", name=re.compile("^Vorschau"))).to_be_visible()
    page.get_by_role("button", name="Nachweis ausstellen").click()
    expect(page.get_by_role("link", name="PDF", exact=True)).to_be_visible()


def checks_the_code(page: Page, post: Post) -> None:
    """Type the code from the paper, ignoring case and dash."""
    paper, _check = post.links(AMINA)[:2]
    assert page.request.get(paper).body().startswith(b"%PDF")
    code = Certificate.objects.get().printed_code
    page.goto("/nachweis/")
    page.get_by_label("Prüfcode").fill(code.lower().replace("-", " "))
    page.get_by_role("button", name="Prüfen").click()
    expect(page.get_by_role("heading", name="Dieser Nachweis ist echt")).to_be_visible()
    expect(page.get_by_text("Begleitung beim Ankommen")).to_be_visible()
    expect(page.get_by_text(AMINA)).to_have_count(0)


@pytest.mark.long
@pytest.mark.slow
def test_from_sign_up_to_a_running_tandem_and_a_certificate(
    open_page: OpenPage, post: Post, programme: Programme, evening: Event
):
    amina, samira, katrin = open_page(width=360, height=740), open_page(width=360), open_page()

    signs_up(amina, post)
    registers_for_the_evening(amina, post, evening)
    application = Application.objects.get()
    agrees_to_confidentiality(amina, application)

    logs_in(katrin)
    prepares(katrin, application, evening)
    asks_for_a_companion(samira, post)
    proposes(katrin)
    both_agree(amina, samira, post)
    answers_the_check_in(amina, post)
    issues_a_certificate(katrin, application)
    checks_the_code(samira, post)
