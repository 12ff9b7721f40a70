"""A search by mail, from the filter to the last click: ask, confirm, a new entry, its mail, leave with one click."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from portal.models import SavedSearch
from portal.saved_searches import links, sending
from programs.models import Entry
from tests import factories
from tests.browser.test_newsletter_journey import click_once, link_below
from tests.browser.test_page_quality import Visit
from tests.browsers import OpenPage
from tests.mailserver import MailServer
from tests.portal.saved_searches.fresh import make_fresh

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_filter_ask_confirm_get_a_mail_and_leave_with_one_click(
    open_page: OpenPage, smtp_server: MailServer, run_jobs
):
    factories.make_clearing_office()
    here = factories.make_districts()["feuerbach"]
    factories.make_entry("Nachbarschaftsfest", districts=[here], weekdays=[5])
    page = open_page(width=360, height=740, javascript=False)
    page.goto("/mitmachen/?bezirk=feuerbach&tag=samstag")
    page.get_by_role("link", name="diese Suche per Mail").click()
    expect(page.get_by_role("region", name="Ihre Suche")).to_contain_text("Samstag")
    page.get_by_label("E-Mail").fill("amira@example.org")
    page.get_by_role("button", name="Suche per Mail bestellen").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Fast fertig")

    run_jobs()
    (asked,) = smtp_server.messages
    page.goto(link_below("Neue Angebote bestätigen:", asked))
    page.get_by_role("button", name="Ja, schreiben Sie mir").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihre Suchen per Mail")
    expect(page.get_by_role("heading", name="Feuerbach, Samstag")).to_be_visible()

    SavedSearch.objects.update(told_until=timezone.now() - timezone.timedelta(days=1))
    Entry.objects.update(published_at=timezone.now() - timezone.timedelta(days=2))
    make_fresh("Sprachcafé am Samstag", districts=[here], weekdays=[5])
    assert sending.send_due() == 1
    run_jobs()
    news = smtp_server.messages[-1]
    assert news["Subject"] == "Neu für Ihre Suche: Feuerbach, Samstag"
    page.goto(link_below("Sprachcafé am Samstag:", news))
    expect(page.get_by_role("heading", level=1)).to_have_text("Sprachcafé am Samstag")

    assert click_once(news) == 200
    assert not SavedSearch.objects.running().exists()
    page.goto(link_below("Solche Mails nicht mehr bekommen:", news))
    expect(page.get_by_role("heading", level=1)).to_contain_text("keine Mails mehr")
    page.get_by_role("button", name="Doch wieder bekommen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihre Suchen per Mail")
    assert SavedSearch.objects.get().is_running


def test_the_pages_are_accessible_and_fit_narrow_screens(page: Page):
    factories.make_districts()
    visit = Visit(page)
    visit.look("/mitmachen/per-mail/?bezirk=feuerbach&tag=samstag&q=Deutsch")
    page.get_by_role("button", name="Suche per Mail bestellen").click()
    expect(page.get_by_role("alert")).to_be_visible()
    visit.look_again("with errors")
    search = factories.make_saved_search(query="bezirk=feuerbach&tag=samstag")
    factories.make_saved_search(query="tag=sonntag", last_sent_at=search.confirmed_at)
    factories.make_saved_search(query="tag=montag", stopped_at=search.confirmed_at)
    visit.look(links.page_path(search))
    visit.look(links.leave_path(search))
