"""Sending an issue: everybody once, with the way out; pause, stop, servers that refuse, addresses that are dead."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.models import NewsletterDelivery, NewsletterIssue, Subscription
from portal.newsletter import audience, dispatch, issues, links
from portal.newsletter.dispatch import send_due
from programs.addresses import admin_path
from tests import factories
from tests.mailserver import text_of
from volunteers.services import standing_orders

from .sending import WatchedServer, send, subscribe

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def server(settings, queued_mail):
    server = WatchedServer()
    settings.MAIL_DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.host, server.port
    server.start()
    yield server
    server.stop()


def later():
    """Whoever waits for another try is due now."""
    NewsletterDelivery.objects.update(try_at=None)


def test_everybody_who_wants_it_gets_it_once_with_their_own_way_out(server):
    readers = subscribe(5)
    factories.make_subscription("andere@example.org", topics=["trainings"])
    factories.make_subscription("english@example.org", language="en")
    factories.make_subscription("weg@example.org", status="ended")
    issue = send(factories.make_issue(texts=["Grüß Gott!"]))
    assert server.recipients == dict.fromkeys(readers, 1)
    for message in server.messages:
        reader = Subscription.objects.get(email=message["To"])
        assert message["List-Unsubscribe"].strip() == f"<{links.leave_url(reader)}>"
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert "newsletter." in message["List-Id"]
        assert message["Auto-Submitted"] == "auto-generated"
        assert links.leave_url(reader) in text_of(message)
        assert links.page_url(reader) in text_of(message)
        assert message.get_content_type() == "multipart/alternative"
    assert len({message["Message-ID"] for message in server.messages}) == 5
    assert (issue.status, issue.recipients, issue.delivered, issue.refused) == ("sent", 5, 5, 0)
    assert send_due(seconds=9) == 0
    assert len(server.messages) == 5


def test_the_button_of_the_mail_program_leaves_by_one_click(server):
    subscribe(1)
    send(factories.make_issue())
    (message,) = server.messages
    url = message["List-Unsubscribe"].strip(" <>")
    path = url.split("://")[1].partition("/")[2]
    Client().post(f"/{path}", {"List-Unsubscribe": "One-Click"})
    send(factories.make_issue("Noch eine"))
    assert len(server.messages) == 1


def test_its_page_and_the_feed_are_there_when_it_begins_and_stay_as_sent(server, client):
    subscribe(1)
    factories.make_clearing_office()
    entry = factories.make_entry(title="Sprachcafé Nord")
    issue = factories.make_issue()
    factories.make_block(issue, entry=entry)
    url = issue.get_absolute_url()
    assert client.get(url).status_code == 404
    send(issue)
    entry.title, entry.is_published = "Umbenannt", False
    entry.save()
    page = client.get(url)
    assert page.status_code == 200
    assert "Sprachcafé Nord" in page.content.decode()
    feed = client.get(reverse("portal:newsletter_feed"))
    assert feed["Content-Type"].startswith("application/atom+xml")
    assert f"{url}</id>" in feed.content.decode()
    assert feed["ETag"]
    assert not feed.cookies
    assert set(feed["Cache-Control"].split(", ")) == {"public", "no-cache"}
    assert "Neues im Advent" in client.get(reverse("portal:newsletter_issues")).content.decode()
    issues.show_on_web(issue=issue, show=False)
    assert client.get(url).status_code == 410
    assert url not in client.get(reverse("portal:newsletter_feed")).content.decode()
    issues.show_on_web(issue=issue, show=True)
    assert client.get(url).status_code == 200


def test_a_paused_issue_sends_nothing_more_and_goes_on_where_it_was(server):
    readers = subscribe(6)
    issue = factories.make_issue()
    server.at_mail[3] = lambda: in_a_thread(lambda: issues.pause(issue=issue))
    issue = send(issue)
    assert issue.status == "paused"
    assert len(server.messages) == 3  # the one in the server's hands goes out
    assert send_due(seconds=9) == 0
    issues.go_on(issue=issue)
    send_due(seconds=99)
    assert server.recipients == dict.fromkeys(readers, 1)


def test_a_stopped_issue_sends_nothing_more_and_counts_right(server):
    subscribe(6)
    issue = factories.make_issue()
    server.at_mail[2] = lambda: in_a_thread(lambda: issues.stop(issue=issue))
    issue = send(issue)
    send_due(seconds=9)
    issue.refresh_from_db()
    assert (issue.status, issue.delivered, len(server.messages)) == ("stopped", 2, 2)


def in_a_thread(work):
    """On another connection, as a person does it while the worker waits for the mail server."""

    def run():
        try:
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as executor:
        executor.submit(run).result()


def test_whoever_leaves_while_it_is_sent_does_not_get_it(server):
    readers = subscribe(4)
    last = Subscription.objects.get(email=readers[-1])
    server.at_mail[2] = lambda: in_a_thread(lambda: standing_orders.leave(order=last))
    issue = send(factories.make_issue())
    assert server.recipients == dict.fromkeys(readers[:-1], 1)
    assert (issue.status, issue.recipients, issue.delivered) == ("sent", 4, 3)
    assert issue.deliveries.numbers()["skipped"] == 1


def test_who_is_deleted_while_it_is_sent_leaves_a_number(server):
    readers = subscribe(3)
    gone = Subscription.objects.filter(email=readers[-1])
    server.at_mail[1] = lambda: in_a_thread(gone.delete)
    issue = send(factories.make_issue())
    assert server.recipients == dict.fromkeys(readers[:-1], 1)
    assert issue.deliveries.numbers() == {"waiting": 0, "sent": 2, "refused": 0, "skipped": 1}


def test_two_workers_send_it_once_to_each(server):
    readers = subscribe(30)
    issue = factories.make_issue()
    issues.schedule(issue=issue, at=None, seen=issues.fingerprint(issue))
    server.seconds_to_accept = 0.01

    def work():
        try:
            send_due(seconds=60)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as workers:
        for result in [workers.submit(work) for _worker in range(2)]:
            result.result()
    assert server.recipients == dict.fromkeys(readers, 1)
    issue.refresh_from_db()
    assert (issue.status, issue.recipients) == ("sent", 30)


def test_while_the_mail_server_is_down_nobody_is_lost(server):
    readers = subscribe(4)
    server.stop()
    issue = send(factories.make_issue())
    assert issue.status == "sending"
    assert issue.deliveries.numbers()["waiting"] == 4
    server.start()
    later()
    send_due(seconds=99)
    issue.refresh_from_db()
    assert issue.status == "sent"
    assert server.recipients == dict.fromkeys(readers, 1)
    assert not Subscription.objects.exclude(hard_bounces=0).exists()


def test_a_mail_with_which_the_connection_breaks_stops_nobody_else(server):
    readers = subscribe(5)
    server.at_mail[2] = lambda: setattr(server, "breaks_off", True)
    server.at_mail[3] = lambda: setattr(server, "breaks_off", False)
    issue = send(factories.make_issue())
    assert len(server.messages) == 4
    assert issue.status == "sending"
    later()
    send_due(seconds=99)
    assert server.recipients == dict.fromkeys(readers, 1)


def test_who_is_refused_for_now_is_tried_again_later_and_not_for_ever(server):
    readers = subscribe(3)
    server.answers[readers[0]] = "450 greylisted"
    issue = send(factories.make_issue())
    waiting = issue.deliveries.waiting().get()
    assert waiting.try_at > timezone.now() + datetime.timedelta(minutes=4)
    assert send_due(seconds=9) == 0
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=49)):
        send_due(seconds=9)
    issue.refresh_from_db()
    assert (issue.status, issue.delivered, issue.refused) == ("sent", 2, 1)
    assert not Subscription.objects.exclude(hard_bounces=0).exists()


def test_after_three_refusals_for_good_an_address_gets_no_more(server):
    dead, alive = subscribe(2)
    server.answers[dead] = "550 no such user"
    for number in range(3):
        issue = send(factories.make_issue(f"Ausgabe {number}"))
        assert (issue.delivered, issue.refused) == (1, 1)
        assert Subscription.objects.get(email=dead).hard_bounces == number + 1
    assert Subscription.objects.get(email=dead).stopped_at is not None
    issue = send(factories.make_issue("Ausgabe 4"))
    assert issue.recipients == 1
    assert server.recipients == {alive: 4}


def test_a_mail_that_arrives_wipes_the_refusals_before(server):
    (reader,) = subscribe(1)
    server.answers[reader] = "550 no such user"
    for number in range(2):
        send(factories.make_issue(f"Ausgabe {number}"))
    del server.answers[reader]
    send(factories.make_issue("Ausgabe 2"))
    server.answers[reader] = "550 no such user"
    send(factories.make_issue("Ausgabe 3"))
    subscription = Subscription.objects.get()
    assert (subscription.hard_bounces, subscription.stopped_at) == (1, None)


def test_a_refused_text_is_no_fault_of_the_addresses_and_holds_the_issue_up(server):
    subscribe(dispatch.IN_A_ROW + 10)
    server.answer_to_text = "554 looks like spam"
    issue = send(factories.make_issue())
    assert issue.status == "paused"
    assert "Mailserver" in issue.note
    assert issue.deliveries.numbers()["refused"] == dispatch.IN_A_ROW
    assert not Subscription.objects.exclude(hard_bounces=0).exists()
    server.answer_to_text = "250 OK"
    issues.go_on(issue=issue)
    send_due(seconds=99)
    assert len(server.messages) == 10


def test_it_begins_at_its_hour_also_where_the_clock_is_changed(server):
    subscribe(1)
    berlin = ZoneInfo("Europe/Berlin")
    at = datetime.datetime(
        2027, 3, 28, 3, 30, tzinfo=berlin
    )  # an hour after the clock went forward
    with time_machine.travel(datetime.datetime(2027, 3, 27, 12, tzinfo=berlin)):
        issue = factories.make_issue()
        issues.schedule(issue=issue, at=at, seen=issues.fingerprint(issue))
    for utc_minute, mails in ((29, 0), (30, 1)):
        with time_machine.travel(
            datetime.datetime(2027, 3, 28, 1, utc_minute, tzinfo=datetime.UTC)
        ):
            send_due(seconds=30)
            assert len(server.messages) == mails


def test_what_cannot_be_sent_at_its_hour_is_a_draft_again_and_says_why(server):
    subscribe(1)
    event = factories.make_event()
    issue = factories.make_issue(texts=[])
    factories.make_block(issue, event=event)
    issues.schedule(issue=issue, at=None, seen=issues.fingerprint(issue))
    event.is_cancelled = True
    event.save()
    send_due(seconds=9)
    issue.refresh_from_db()
    assert (issue.status, issue.send_at) == ("draft", None)
    assert "steht noch nichts" in issue.note
    assert list(NewsletterIssue.objects.in_trouble()) == [issue]


def test_the_time_of_a_run_is_bounded(server):
    subscribe(3)
    issue = send(factories.make_issue(), seconds=0)
    assert (issue.status, len(server.messages)) == ("sending", 0)
    send_due(seconds=99)
    assert len(server.messages) == 3


def test_who_got_what_is_forgotten_and_the_numbers_stay(server, settings):
    subscribe(2)
    issue = send(factories.make_issue())
    days = settings.KEEP_NEWSLETTER_DELIVERIES_DAYS
    audience.forget_deliveries()
    assert issue.deliveries.count() == 2
    NewsletterIssue.objects.update(ended_at=timezone.now() - datetime.timedelta(days=days, hours=1))
    audience.forget_deliveries()
    assert issue.deliveries.count() == 0
    issue.refresh_from_db()
    assert (issue.recipients, issue.delivered) == (2, 2)


def test_one_delivery_for_each_issue_and_subscription():
    reader = factories.make_subscription()
    issue = factories.make_issue()
    NewsletterDelivery.objects.create(issue=issue, subscription=reader)
    with pytest.raises(IntegrityError, match="delivery_once_per_issue"), transaction.atomic():
        NewsletterDelivery.objects.create(issue=issue, subscription=reader)
    with pytest.raises(IntegrityError, match="delivery_done_has_a_time"), transaction.atomic():
        NewsletterDelivery.objects.update(state="sent")
    constraints = [
        ("issue_has_a_topic", {"topics": []}),
        ("issue_scheduled_has_a_time", {"status": "scheduled"}),
        ("issue_begun_has_its_content", {"status": "sending"}),
    ]
    for name, fields in constraints:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            NewsletterIssue.objects.filter(pk=issue.pk).update(**fields)
    entry, event = factories.make_entry(), factories.make_event()
    with pytest.raises(IntegrityError, match="block_shows_one_thing"), transaction.atomic():
        factories.make_block(issue, entry=entry, event=event)
    with pytest.raises(IntegrityError, match="block_says_something"), transaction.atomic():
        factories.make_block(issue, title="Nur ein Titel")


def test_the_page_of_the_sending_shows_a_bar_and_its_buttons(server):
    subscribe(4)
    client = Client()
    client.force_login(factories.make_member(factories.make_clearing_office(), role="staff").user)
    issue = factories.make_issue()
    pages = []
    url = admin_path(issue, "step", "versand")

    def look():
        pages.append(client.get(url))
        connection.close()

    server.after_mail[2] = lambda: in_a_thread(look)
    send(issue)
    (page,) = pages
    text = page.content.decode()
    assert page["Refresh"] == "4"
    assert '<progress id="progress" max="4" value="1">' in text
    assert "1 von 4 Adressen" in text
    for step in ("anhalten", "abbrechen"):
        assert admin_path(issue, "step", step) in text
    done = client.get(url)
    assert "Refresh" not in done
    assert "Adressen: 4, zugestellt: 4, abgewiesen: 0" in done.content.decode()
