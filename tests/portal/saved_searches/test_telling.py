"""One mail a search, once a week at most, about what is new; each entry once, whatever happens meanwhile."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from portal.models import SavedSearch
from portal.saved_searches import links, mails, sending
from programs.models import District, Entry
from tests import factories
from tests.volunteers.applications.test_races import at_once
from volunteers.models import OutgoingMail
from volunteers.services import standing_orders

from .fresh import make_fresh

pytestmark = pytest.mark.django_db

QUERY = "bezirk=feuerbach&tag=samstag"
WEEK = datetime.timedelta(days=7)
HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def feuerbach():
    return factories.make_district("feuerbach")


@pytest.fixture
def search():
    return factories.make_saved_search(query=QUERY)


@pytest.fixture
def fresh(feuerbach):
    return make_fresh(districts=[feuerbach], weekdays=[5])


def subjects():
    return [message.subject for message in mail.outbox]


# --- what is told ---------------------------------------------------------------------------------


def test_a_new_entry_that_matches_is_told_once(search, fresh):
    make_fresh("Am Sonntag", weekdays=[6])
    assert sending.send_due() == 1
    (message,) = mail.outbox
    assert message.subject == "Neu für Ihre Suche: Feuerbach, Samstag"
    assert message.to == [search.email]
    assert "zu Ihrer Suche gibt es ein neues Angebot." in message.body
    assert "Sprachcafé am Samstag:" in message.body
    assert "Am Sonntag" not in message.body
    assert sending.send_due() == 0
    with time_machine.travel(timezone.now() + 3 * WEEK):
        assert sending.send_due() == 0


def test_nothing_new_is_no_mail(search, feuerbach):
    assert sending.send_due() == 0
    make_fresh("Zu alt", hours=31 * 24, districts=[feuerbach], weekdays=[5])
    make_fresh("Woanders", weekdays=[5])
    make_fresh("Noch nicht sichtbar", districts=[feuerbach], weekdays=[5], is_published=False)
    assert sending.send_due() == 0
    assert mail.outbox == []


def test_what_was_there_before_the_confirmation_is_no_news(fresh):
    search = factories.make_saved_search(query=QUERY, status="unconfirmed")
    standing_orders.confirm(order=search)
    with time_machine.travel(timezone.now() + WEEK):
        assert sending.send_due() == 0


def test_a_draft_of_long_ago_is_news_when_it_is_published(search, feuerbach):
    draft = factories.make_entry(
        "Lang geplant", districts=[feuerbach], weekdays=[5], is_published=False
    )
    Entry.objects.filter(pk=draft.pk).update(created_at=timezone.now() - 50 * WEEK)
    Entry.objects.filter(pk=draft.pk).update(is_published=True)
    assert sending.send_due() == 0  # it settles first
    with time_machine.travel(timezone.now() + 2 * HOUR):
        assert sending.send_due() == 1


def test_what_no_longer_matches_or_is_hidden_again_is_not_told(search, fresh, feuerbach):
    hidden = make_fresh("Zurückgezogen", districts=[feuerbach], weekdays=[5])
    Entry.objects.filter(pk=hidden.pk).update(is_published=False)
    Entry.objects.filter(pk=fresh.pk).update(status="paused")
    assert sending.send_due() == 0


def test_hidden_and_shown_again_is_no_news(search, fresh):
    sending.send_due()
    for shown in (False, True):
        Entry.objects.filter(pk=fresh.pk).update(is_published=shown)
    with time_machine.travel(timezone.now() + 2 * WEEK):
        assert sending.send_due() == 0


def test_many_new_entries_are_one_mail_with_the_first_of_them(search, feuerbach):
    for number in range(mails.MOST + 3):
        make_fresh(f"Angebot {number}", hours=2 + number, districts=[feuerbach], weekdays=[5])
    assert sending.send_due() == 1
    (message,) = mail.outbox
    assert message.body.count("Angebot ") == mails.MOST
    assert "Angebot 0:" in message.body
    assert "3 weitere stehen im Portal." in message.body


def test_everything_new_is_told_to_who_asked_for_everything(fresh):
    factories.make_saved_search(query="")
    assert sending.send_due() == 1
    assert subjects() == ["Neu für Ihre Suche: alle Angebote"]


# --- when -----------------------------------------------------------------------------------------


def test_once_a_week_at_most(search, fresh, feuerbach):
    now = timezone.now()
    assert sending.send_due() == 1
    for days, expected in ((1, 0), (6, 0), (7, 1), (8, 0)):
        with time_machine.travel(now + datetime.timedelta(days=days, minutes=1)):
            if days == 1:
                make_fresh("Noch eines", hours=2, districts=[feuerbach], weekdays=[5])
            assert sending.send_due() == expected, days
    assert "Noch eines" in mail.outbox[-1].body
    assert "Sprachcafé am Samstag" not in mail.outbox[-1].body


def test_after_a_long_stop_it_is_one_mail_with_everything(search, feuerbach):
    for week in range(1, 5):
        make_fresh(f"Aus Woche {week}", hours=week * 160, districts=[feuerbach], weekdays=[5])
    assert sending.send_due() == 1
    assert sending.send_due() == 0
    assert [f"Aus Woche {week}" in mail.outbox[0].body for week in range(1, 5)] == [True] * 4


def test_two_searches_of_one_address_are_two_mails(search, fresh):
    factories.make_saved_search(query="tag=samstag")
    assert sending.send_due() == 2
    assert sorted(subjects()) == [
        "Neu für Ihre Suche: Feuerbach, Samstag",
        "Neu für Ihre Suche: Samstag",
    ]


def test_an_import_that_commits_late_does_not_slip_through(search, feuerbach):
    """What is younger than an hour waits, for another transaction may still bring something older."""
    now = timezone.now()
    make_fresh("Früh", hours=0.5, districts=[feuerbach], weekdays=[5])
    assert sending.send_due() == 0
    make_fresh("Früher, erst jetzt sichtbar", hours=0.9, districts=[feuerbach], weekdays=[5])
    with time_machine.travel(now + HOUR):
        assert sending.send_due() == 1
    assert "2 neue Angebote" in mail.outbox[0].body


@pytest.mark.parametrize("before", [{"status": "unconfirmed"}, {"status": "ended"}])
def test_who_has_not_confirmed_or_has_left_gets_none(fresh, before):
    factories.make_saved_search(query=QUERY, **before)
    assert sending.send_due() == 0


@pytest.mark.logs_errors
def test_an_error_in_one_stops_no_other(fresh, monkeypatch):
    bad = factories.make_saved_search("a@example.org", QUERY)
    good = factories.make_saved_search("b@example.org", QUERY)
    real = mails.new_offers

    def broken(search, entries):
        if search == bad:
            raise RuntimeError("broken")
        real(search, entries)

    monkeypatch.setattr(mails, "new_offers", broken)
    assert sending.send_due() == 1
    assert [message.to for message in mail.outbox] == [[good.email]]
    bad.refresh_from_db()
    assert bad.last_sent_at is None
    monkeypatch.undo()
    assert sending.send_due() == 1  # nothing is lost


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_it_once(queued_mail):
    factories.make_saved_search(query="")
    make_fresh()
    assert sorted(at_once(sending.send_due, sending.send_due)) == [0, 1]
    assert OutgoingMail.objects.count() == 1


# --- the mail -------------------------------------------------------------------------------------


def test_the_mail_is_in_the_language_of_the_person_with_links_there(fresh):
    search = factories.make_saved_search(query=QUERY, preferred_language="en")
    sending.send_due()
    (message,) = mail.outbox
    assert "Feuerbach, Saturday" in message.subject
    assert "/en/mitmachen/?bezirk=feuerbach" in message.body or "/l/" in message.body
    assert links.page_path(search).startswith("/mitmachen/")


def test_the_mail_program_shows_a_button_that_leaves(search, fresh):
    sending.send_due()
    (message,) = mail.outbox
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message.extra_headers["List-Unsubscribe"] == f"<{links.leave_url(search)}>"
    assert message.stop_url == links.leave_url(search)  # in the last lines, too


def test_a_long_search_and_words_from_right_to_left_fit_the_subject(fresh):
    factories.make_saved_search(query="q=" + "%D8%AA" * 120)
    factories.make_saved_search(
        "b@example.org", QUERY + "".join(f"&zeit={t}" for t in ("vormittags", "abends"))
    )
    Entry.objects.update(dayparts=["evening"])
    make_fresh("ت" * 120)
    sending.send_due()
    assert mail.outbox
    assert all(
        len(message.subject) <= 130 and "\n" not in message.subject for message in mail.outbox
    )


# --- a filter of which a part is gone ---------------------------------------------------------------


def test_a_search_whose_district_is_gone_ends_with_one_mail(search, feuerbach):
    make_fresh("Irgendwo", weekdays=[5])
    District.objects.filter(pk=feuerbach.pk).delete()
    assert sending.send_due() == 1
    (message,) = mail.outbox
    assert message.subject == "Ihre Suche per Mail ist zu Ende"
    assert "Irgendwo" not in message.body
    assert SavedSearch.objects.get().is_over
    assert sending.send_due() == 0


# --- mails that come back ---------------------------------------------------------------------------


def test_three_refused_mails_in_a_row_stop_it(search, feuerbach):
    now = timezone.now()
    for week in range(5):
        with time_machine.travel(now + week * (WEEK + HOUR)):
            make_fresh(f"Woche {week}", districts=[feuerbach], weekdays=[5])
            sending.send_due()
            OutgoingMail.objects.create(
                sender="a@example.org",
                recipients=[search.email],
                subject="Neu",
                content=b"",
                failed_at=timezone.now(),
                refused_with=550,
            )
    search.refresh_from_db()
    assert (search.is_running, search.hard_bounces) == (False, 3)
    assert len(mail.outbox) == 3


def test_a_mail_that_arrives_begins_the_count_anew(search, fresh):
    SavedSearch.objects.update(hard_bounces=2, last_sent_at=timezone.now() - 2 * WEEK)
    assert sending.send_due() == 1
    search.refresh_from_db()
    assert (search.is_running, search.hard_bounces) == (True, 0)


# --- much -----------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_search_costs_few_queries_however_many_there_are(fresh, django_assert_max_num_queries):
    for number in range(30):
        factories.make_saved_search(f"leser{number}@example.org", "tag=sonntag")
    with django_assert_max_num_queries(30 * 8 + 15):
        assert sending.send_due() == 0
    with django_assert_max_num_queries(3):
        assert sending.send_due() == 0  # nothing has been published since


def test_a_run_ends_in_time_and_the_next_goes_on(fresh):
    for number in range(3):
        factories.make_saved_search(f"leser{number}@example.org", QUERY)
    assert sending.send_due(seconds=-1) == 0
    assert sending.send_due() == 3
