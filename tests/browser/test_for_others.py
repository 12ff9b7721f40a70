"""A teacher asks for a pupil, the mother agrees on her phone, and what follows until the tandem ends for safety."""

import datetime
import re
from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from playwright.sync_api import Page, expect

from programs.addresses import admin_path
from programs.models import Membership
from tests import factories
from tests.browser.post import Post, RunJobs
from tests.browser.test_page_quality import Visit, log_in
from tests.browsers import OpenPage
from tests.mailserver import MailServer, text_of
from volunteers import chores
from volunteers.links import tandems as tandem_links
from volunteers.links.applications import status_path
from volunteers.models import Application, CompanionRequest, Concern, HoursEntry, Tandem, User
from volunteers.models.companions import Side

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

TEACHER, MOTHER, IDA = "krueger@schule.example", "amina@example.org", "ida@example.org"
ARABIC = "أمينة الحسن"
WELL, QUESTION, ANSWER = "Navid hat gelacht.", "Dürfen wir ins Museum?", "Ja, gern."
WORRY = "Sie war allein mit ihm in ihrer Wohnung."


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(factories.noon(), tick=True):
        yield


@pytest.fixture
def post(smtp_server: MailServer, run_jobs: RunJobs) -> Post:
    return Post(smtp_server, run_jobs)


@pytest.fixture
def coordinator() -> User:
    circle = factories.make_circle(department=factories.make_clearing_office())
    return factories.make_member(circle).user


@pytest.fixture
def thea(coordinator: User) -> User:
    """The person of trust of the Freundeskreis."""
    circle = coordinator.memberships.get().organisation
    user = factories.make_user("thea@example.org", name="Thea Vertrauen")
    return factories.make_member(circle, user, role=Membership.Role.TRUST).user


@pytest.fixture
def ida(coordinator: User) -> Application:
    """Has a valid certificate; Jo has none, and that of Kim is too old."""
    programme = factories.make_programme(
        organisation=coordinator.memberships.get().organisation, makes_tandems=True
    )
    ida, _jo, kim = (
        factories.make_ready(programme.organisation, name, entry=programme, email=email)
        for name, email in (
            ("Ida Weber", IDA),
            ("Jo Keck", "jo@example.org"),
            ("Kim Roth", "kim@example.org"),
        )
    )
    factories.make_conduct_check(ida, coordinator)
    long_ago = factories.noon().date() - datetime.timedelta(days=3650)
    factories.make_conduct_check(kim, coordinator, issued_on=long_ago, seen_on=long_ago)
    return ida


def teacher_asks(page: Page, post: Post) -> None:
    page.goto("/begleitung/")
    page.get_by_label("für jemanden, den ich betreue").check()
    page.get_by_label("العربية").check()
    weiter = page.get_by_role("button", name="Weiter")
    weiter.click()
    weiter.click()
    page.get_by_label("Wie heißt der Mensch").fill("Navid")
    page.get_by_label("14 bis 17 Jahre").check()
    page.get_by_label("Wie heißt die Mutter").fill("Amina Hassan")
    page.get_by_label("Deren E-Mail").fill(MOTHER)
    page.get_by_label("Wie heißen Sie selbst?").fill("Petra Krüger")
    page.get_by_label("Schule, Unterkunft").fill("Rosensteinschule")
    page.get_by_label("Ihre E-Mail", exact=True).fill(TEACHER)
    page.get_by_label("In welcher Sprache sollen wir der Familie").select_option("Deutsch")
    page.get_by_label("Ich möchte erfahren").check()
    weiter.click()
    page.get_by_label("Ja, ich habe mit der Familie").check()
    page.get_by_role("button", name="Begleitung suchen").click()
    expect(page.get_by_role("heading", name="Fast fertig")).to_be_visible()
    page.goto(post.links(TEACHER)[0])
    page.get_by_role("button", name="Ja, ich habe gefragt").click()
    expect(page.get_by_text("Wir warten auf das Ja")).to_be_visible()


def mother_agrees(page: Page, post: Post, visit: Visit) -> None:
    page.goto(post.links(MOTHER)[0])
    visit.look_again("what a guardian reads")
    page.get_by_role("button", name="Ja, bitte suchen").click()
    expect(page.get_by_text("Jede Schrift ist richtig").first).to_be_visible()
    page.get_by_label("Ihr Name").fill(ARABIC)
    page.get_by_label("Was sagt Ihr Kind dazu?").fill("Ja, ich möchte Mathe üben.")
    page.get_by_label("Ich habe die Sorge").check()
    visit.look_again("before the yes")
    page.get_by_role("button", name="Ja, bitte suchen").click()
    expect(page.get_by_text("Wir suchen.")).to_be_visible()
    expect(page.get_by_text(ARABIC)).to_be_visible()


def coordinator_finds_somebody(page: Page, coordinator: User) -> None:
    """Only who has a valid certificate is proposed for a pupil."""
    log_in(page, coordinator)
    page.goto(admin_path(CompanionRequest.objects.get()))
    expect(page.get_by_text(ARABIC).first).to_be_visible()
    page.get_by_role("link", name="Wer passt?").click()
    fitting = page.locator("ol.pairs")
    expect(fitting.get_by_text("Ida Weber").first).to_be_visible()
    for without_certificate in ("Jo Keck", "Kim Roth"):
        expect(fitting.get_by_text(without_certificate)).to_have_count(0)
    page.get_by_role("button", name=re.compile("^Vorschlagen ?: Navid")).click()
    expect(page.get_by_text("Vorgeschlagen: Ida Weber & Navid")).to_be_visible()


def both_agree(volunteer: Page, mother: Page, post: Post, visit: Visit) -> None:
    for page, address in ((volunteer, IDA), (mother, MOTHER)):
        assert "Amina Hassan" not in text_of(post.newest(address))
        page.goto(post.links(address)[0])
        if page is mother:
            visit.look_again("the proposal")
        page.get_by_role("button", name="Ja, gern").click()
    told = text_of(post.newest(IDA))
    assert all(words in told for words in ("Navid", "Amina Hassan", MOTHER))
    assert IDA in text_of(post.newest(MOTHER))
    assert Tandem.objects.get().status == Tandem.Status.RUNNING


def they_meet(volunteer: Page, mother: Page, post: Post, visit: Visit) -> None:
    chores.run_all()
    for page, address in ((volunteer, IDA), (mother, MOTHER)):
        assert post.newest(address)["Subject"] == "Haben Sie sich schon getroffen?"
        page.goto(post.links(address)[0])
        if page is mother:
            visit.look_again("have you met")
        page.get_by_role("button", name="Ja, wir haben uns getroffen").click()
        page.get_by_role("button", name="Ja, es passt").click()
    assert Tandem.objects.get().met_on is not None


def diary_is_answered(volunteer: Page, desk: Page, post: Post, ida: Application) -> None:
    volunteer.goto(status_path(ida))
    volunteer.get_by_text("Stunden notieren").click()
    volunteer.get_by_label("Wie viele Stunden?").fill("1,5")
    volunteer.get_by_label("Was haben Sie getan?").fill("Mathe geübt")
    volunteer.get_by_label("Was war gut?").fill(WELL)
    volunteer.get_by_label("Haben Sie eine Frage").fill(QUESTION)
    volunteer.get_by_role("button", name="Stunden speichern").click()
    entry = HoursEntry.objects.get()
    assert (entry.hours, entry.went_well) == (Decimal("1.5"), WELL)

    coordinator = ida.organisation.memberships.get(role=Membership.Role.COORDINATOR).user
    log_in(desk, coordinator)
    desk.goto(post.links(coordinator.email)[0])
    expect(desk.get_by_text(QUESTION).first).to_be_visible()
    expect(desk.get_by_text(WELL).first).to_be_visible()
    desk.get_by_label("Nachricht an die Person").fill(ANSWER)
    desk.get_by_role("button", name="Nachricht schicken").click()
    volunteer.goto(post.links(IDA)[0])
    expect(volunteer.get_by_text(ANSWER)).to_be_visible()


def mother_says_what_is_wrong(page: Page, post: Post, visit: Visit) -> None:
    page.goto(post.link_below(MOTHER, "Das liest nur eine Vertrauensperson:"))
    page.get_by_label("Was ist los?").fill(WORRY)
    page.get_by_label("Ja, mit meinem Namen").check()
    visit.look_again("a concern")
    page.get_by_role("button", name="Abschicken").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Danke")
    visit.look_again("thanks for a concern")


def thea_holds_and_ends(trust: Page, desk: Page, both: list[Page], post: Post, thea: User) -> None:
    told = text_of(post.newest(thea.email))
    assert "Wohnung" not in told
    log_in(trust, thea)
    trust.goto(post.links(thea.email)[0])
    expect(trust.get_by_text(WORRY)).to_be_visible()
    for page, side, other in zip(both, (Side.VOLUNTEER, Side.NEWCOMER), (MOTHER, IDA), strict=True):
        page.goto(tandem_links.page_of(Tandem.objects.get(), side))
        expect(page.get_by_text(other)).to_be_visible()
    trust.get_by_role("button", name="Tandem anhalten").click()
    expect(trust.get_by_text("Das Tandem ruht.")).to_be_visible()
    for page, other in zip(both, (MOTHER, IDA), strict=True):
        page.reload()
        expect(page.get_by_text("Ihr Tandem ruht zurzeit.")).to_be_visible()
        expect(page.get_by_text(other)).to_have_count(0)
    answer = desk.goto(reverse("admin:volunteers_concern_changelist"))
    assert answer is not None
    assert answer.status == 403
    trust.get_by_role("link", name="Aus Schutzgründen beenden").click()
    trust.get_by_role("button", name="Aus Schutzgründen beenden").click()
    expect(trust.get_by_text("Das Tandem ist beendet, und die Person")).to_be_visible()
    trust.get_by_role("link", name="Abschließen").click()
    trust.get_by_label("Notiz").fill("Mit der Familie gesprochen.")
    trust.get_by_role("button", name="Abschließen").click()
    expect(trust.get_by_text("Der Hinweis ist abgeschlossen.")).to_be_visible()


def the_two_read_no_reason(both: list[Page], post: Post) -> None:
    for page, address in zip(both, (IDA, MOTHER), strict=True):
        mail = text_of(post.newest(address))
        page.reload()
        expect(page.get_by_text(re.compile("Das Tandem mit .* beendet"))).to_be_visible()
        for word in ("Schutz", "Hinweis", WORRY):
            assert word not in mail
            assert word not in page.locator("main").inner_text()


def test_teacher_asks_mother_agrees_and_a_concern_ends_the_tandem(
    open_page: OpenPage, post: Post, coordinator: User, thea: User, ida: Application
):
    school, desk, trust = open_page(), open_page(), open_page()
    volunteer, mother = open_page(width=360, height=740), open_page(width=360)
    visit = Visit(mother)
    teacher_asks(school, post)
    mother_agrees(mother, post, visit)
    school.reload()
    expect(school.get_by_text("Das Ja liegt vor")).to_be_visible()
    assert ARABIC not in school.content()
    coordinator_finds_somebody(desk, coordinator)
    both_agree(volunteer, mother, post, visit)
    with time_machine.travel(factories.noon() + datetime.timedelta(days=11), tick=True):
        they_meet(volunteer, mother, post, visit)
        diary_is_answered(volunteer, desk, post, ida)
        mother_says_what_is_wrong(mother, post, visit)
        thea_holds_and_ends(trust, desk, [volunteer, mother], post, thea)
        the_two_read_no_reason([volunteer, mother], post)
    assert not visit.faults, "\n".join(visit.faults)
    tandem = Tandem.objects.get()
    assert (tandem.status, tandem.end_reason) == ("ended", "other")
    assert ida.volunteer.kept_apart.not_freed().exists()
    assert Concern.objects.get().is_done
