"""A shelter asks for Tuesday at ten, somebody gets the mail, comes and replies.

Real browser, real mail, real worker.
"""

import datetime
from collections.abc import Iterator

import pytest
import time_machine
from playwright.sync_api import Page, expect

from tests import factories
from tests.browser.post import Post, RunJobs
from tests.browser.test_page_quality import Visit
from tests.browsers import width_of
from tests.mailserver import MailServer
from volunteers import chores
from volunteers.models import DateRequest, HoursEntry

pytestmark = pytest.mark.django_db(transaction=True)
SHELTER, IDA = "unterkunft@example.org", "ida@example.org"


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(factories.noon(), tick=True):
        yield


def tuesday_at_ten() -> datetime.datetime:
    """The next one."""
    noon = factories.noon()
    return (noon + datetime.timedelta(days=(1 - noon.weekday()) % 7 or 7)).replace(hour=10)


def ask(page: Page) -> None:
    page.goto("/begleitung/")
    page.get_by_role("link", name="Begleitung zu einem Termin").click()
    page.get_by_label("Jemand kommt mit", exact=True).check()
    page.get_by_label("In welcher Sprache?").select_option("ar")
    page.get_by_label("Amt oder Behörde").check()
    weiter = page.get_by_role("button", name="Weiter").last
    weiter.click()
    page.get_by_label("An welchem Tag?").fill(f"{tuesday_at_ten():%Y-%m-%d}")
    page.get_by_label("Um wie viel Uhr beginnt es?").fill("10:00")
    page.get_by_label("zwei Stunden").check()
    page.get_by_label("In welchem Stadtbezirk ist der Termin?").select_option(index=1)
    weiter.click()
    expect(page.get_by_role("alert")).to_contain_text("wohin die Begleitung kommen soll")
    expect(page.get_by_label("zwei Stunden")).to_be_checked()
    page.get_by_label("Wohin genau?").fill("Eberhardstraße 39")
    weiter.click()
    page.get_by_label("für eine Unterkunft").check()
    page.get_by_label("Wie dürfen wir Sie nennen?").fill("Unterkunft Nord")
    page.get_by_label("E-Mail").fill(SHELTER)
    weiter.click()
    expect(page.locator("main")).to_contain_text("Eberhardstraße 39")
    page.get_by_role("button", name="Begleitung suchen").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Postfach")


def talk(asker: Page, companion: Page, post: Post) -> None:
    """A question by the shelter without JavaScript, and Ida's answer on the phone."""
    asker.get_by_role("button", name="Nachricht schicken").click()
    expect(asker.get_by_role("alert")).to_contain_text("Bitte schreiben Sie etwas")
    asker.get_by_label("Nachricht schreiben").fill("Wo warten Sie auf uns?")
    asker.get_by_role("button", name="Nachricht schicken").click()
    expect(asker.get_by_role("status")).to_contain_text("Ihre Nachricht ist verschickt.")
    companion.goto(post.link_below(IDA, "Lesen und antworten:"))
    expect(companion.locator("main")).to_contain_text("Wo warten Sie auf uns?")
    companion.get_by_label("Nachricht schreiben").fill("Am Brunnen vor dem Rathaus.")
    companion.get_by_role("button", name="Nachricht schicken").click()
    asker.goto(post.link_below(SHELTER, "Lesen und antworten:"))
    expect(asker.locator("main")).to_contain_text("Am Brunnen vor dem Rathaus.")
    assert width_of(companion) <= 360


@pytest.mark.slow
def test_a_shelter_asks_for_tuesday_at_ten_and_somebody_comes(
    no_js_page: Page,
    phone_page: Page,
    smtp_server: MailServer,
    run_jobs: RunJobs,
) -> None:
    post = Post(smtp_server, run_jobs)
    factories.make_district()
    factories.make_single(factories.make_circle(), "Ida Weber", email=IDA)
    ask(no_js_page)
    no_js_page.goto(post.link_below(SHELTER, "Suche bestätigen:"))
    no_js_page.get_by_role("button", name="Ja, bitte suchen").click()
    expect(no_js_page.locator("main")).to_contain_text("Wir fragen gerade Engagierte")
    no_js_page.goto("/wer-kann-einspringen/")
    expect(no_js_page.locator("main")).to_contain_text("Amt oder Behörde")
    expect(no_js_page.locator("main")).not_to_contain_text("Eberhardstraße")
    chores.run_all()
    offer = post.link_below(IDA, "Termin ansehen und zusagen:")
    phone_page.goto(offer)
    expect(phone_page.locator("main")).not_to_contain_text("Eberhardstraße")
    phone_page.get_by_role("button", name="Ja, ich komme mit").click()
    expect(phone_page.locator("main")).to_contain_text("Eberhardstraße 39")
    assert width_of(phone_page) <= 360
    no_js_page.goto(post.link_below(SHELTER, "Meinen Termin ansehen:"))
    expect(no_js_page.locator("main")).to_contain_text("Zu Ihrem Termin kommt Ida.")
    talk(no_js_page, phone_page, post)
    with time_machine.travel(tuesday_at_ten() + datetime.timedelta(hours=3), tick=True):
        chores.run_all()
        phone_page.goto(post.link_below(IDA, "hat stattgefunden:"))
        phone_page.get_by_role("button", name="Ja, so war es").click()
        expect(phone_page.locator("main")).to_contain_text("Die Stunden sind für Sie eingetragen")
    assert DateRequest.objects.get().outcome == "happened"
    assert HoursEntry.objects.get().hours == 2


def test_somebody_finds_a_date_on_the_board_and_takes_it_on_the_phone(
    phone_page: Page, smtp_server: MailServer, run_jobs: RunJobs
) -> None:
    post, visit = Post(smtp_server, run_jobs), Visit(phone_page)
    factories.make_single(factories.make_circle(), "Ida Weber", email=IDA)
    factories.make_date("Samira", place="Eberhardstraße 39")
    phone_page.goto("/wer-kann-einspringen/")
    visit.look_again("the board")
    phone_page.get_by_role("link", name="Ich kann einspringen").click()
    phone_page.get_by_role("button", name="Link an meine Adresse schicken").click()
    expect(phone_page.get_by_role("alert")).to_be_visible()
    visit.look_again("a date of the board")
    phone_page.get_by_label("E-Mail").fill(IDA)
    phone_page.get_by_role("button", name="Link an meine Adresse schicken").click()
    expect(phone_page.get_by_role("heading", level=1)).to_contain_text("Postfach")
    visit.look_again("the link is on its way")
    phone_page.goto(post.link_below(IDA, "Termin ansehen und zusagen:"))
    expect(phone_page.locator("main")).not_to_contain_text("Eberhardstraße")
    phone_page.get_by_role("button", name="Ja, ich komme mit").click()
    expect(phone_page.locator("main")).to_contain_text("Eberhardstraße 39, Feuerbach")
    visit.look_again("a date that is taken")
    assert not visit.faults, "\n".join(visit.faults)
