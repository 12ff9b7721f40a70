"""Reminders are sent exactly once: after a long downtime, with two workers, when one is killed."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone

from tests import factories
from volunteers import chores, reminders
from volunteers.links import applications as application_links
from volunteers.models import OutgoingMail, Reminder
from volunteers.models.statuses import Status
from volunteers.notifications.sending import send
from volunteers.periods import reminder_day
from volunteers.reminders import applications as kinds
from volunteers.reminders.kinds import Kind, send_all
from volunteers.services import answering
from volunteers.services import applications as services

BERLIN = ZoneInfo("Europe/Berlin")


def at(day, hour=8, minute=0):
    """A time of day in Stuttgart."""
    return datetime.datetime.combine(
        datetime.date.fromisoformat(day), datetime.time(hour, minute), BERLIN
    )


def frozen(moment):
    return time_machine.travel(moment, tick=False)


def daily(first, sent):
    """An invented kind: one reminder is due each day from ``first``; ``sent`` collects what was sent."""

    def find(day):
        days = [first + datetime.timedelta(n) for n in range((day - first).days + 1)]
        return Reminder.objects.not_taken("test", [(1, one) for one in days])

    return Kind("test", find, lambda pk, due: sent.append(due))


# --- The ledger ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_worker_that_slept_for_three_days_sends_everything_once():
    sent = []
    first = datetime.date(2026, 11, 20)
    kind = daily(first, sent)
    with frozen(at("2026-11-20")):
        assert send_all([kind]) == 1
    with frozen(at("2026-11-23")):
        assert send_all([kind]) == 3
        assert send_all([kind]) == 0
    assert sent == [first + datetime.timedelta(n) for n in range(4)]


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["2026-03-29", "2026-10-25"])
def test_change_of_the_clock_skips_and_repeats_no_day(change):
    """A worker that runs every half hour across the change to and from summer time."""
    sent = []
    first = datetime.date.fromisoformat(change) - datetime.timedelta(days=1)
    kind = daily(first, sent)
    start = at(first.isoformat(), 0).astimezone(datetime.UTC)
    for half_hours in range(3 * 48):
        with frozen(start + datetime.timedelta(minutes=30 * half_hours)):
            send_all([kind])
    assert sent == [first + datetime.timedelta(n) for n in range(3)]


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (at("2026-03-29", 6, 59), "2026-03-28"),
        (at("2026-03-29", 7, 0), "2026-03-29"),
        (at("2026-10-25", 6, 59), "2026-10-24"),
        (at("2026-10-25", 7, 0), "2026-10-25"),
        (at("2026-10-25", 23, 59), "2026-10-25"),
    ],
)
def test_reminders_of_a_day_go_out_from_seven_in_stuttgart(moment, day):
    assert reminder_day(moment.astimezone(datetime.UTC)).isoformat() == day


@pytest.mark.django_db(transaction=True)
def test_killed_between_ledger_and_mail_nothing_is_lost_and_nothing_twice(queued_mail):
    """The first try dies after the mail is written, before the commit; the next one sends it."""
    tries = []

    def write(pk, due):
        send("amira@example.org", "Erinnerung", "applications/withdrawn", wish="Sprachcafé")
        tries.append(due)
        if len(tries) == 1:
            raise SystemExit  # as a worker that gets a stop signal

    kind = Kind("test", lambda day: Reminder.objects.not_taken("test", [(1, day)]), write)
    with pytest.raises(SystemExit):
        send_all([kind])
    assert (Reminder.objects.count(), OutgoingMail.objects.count()) == (0, 0)
    assert send_all([kind]) == 1
    assert send_all([kind]) == 0
    assert (len(tries), OutgoingMail.objects.count()) == (2, 1)


@pytest.mark.django_db
@pytest.mark.logs_errors
def test_one_that_fails_does_not_hold_up_the_others_and_is_tried_again():
    sent, broken = [], [2]

    def write(pk, due):
        if pk in broken:
            raise ConnectionError
        sent.append(pk)

    kind = Kind(
        "test", lambda day: Reminder.objects.not_taken("test", [(n, day) for n in (1, 2, 3)]), write
    )
    assert send_all([kind]) == 2
    broken.clear()
    assert send_all([kind]) == 1
    assert sent == [1, 3, 2]


@pytest.mark.django_db
@pytest.mark.logs_errors
def test_a_kind_that_finds_nothing_because_it_fails_does_not_hold_up_the_others():
    sent = []

    def broken(day):
        raise ConnectionError

    whole = Kind(
        "test",
        lambda day: Reminder.objects.not_taken("test", [(1, day)]),
        lambda *due: sent.append(due),
    )
    assert send_all([Kind("broken", broken, lambda *due: None), whole]) == 1
    assert len(sent) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_each_reminder_once(queued_mail):
    day = timezone.localdate()
    barrier = Barrier(2)

    def find(_day):
        barrier.wait(timeout=60)  # both find the same before either one claims it
        return [(number, day) for number in range(5)]

    def write(pk, due):
        send("amira@example.org", f"Erinnerung {pk}", "applications/withdrawn", wish="Sprachcafé")

    def work():
        try:
            connection.ensure_connection()
            return send_all([Kind("test", find, write)])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        counts = [one.result() for one in [pool.submit(work), pool.submit(work)]]
    assert sum(counts) == 5
    subjects = OutgoingMail.objects.values_list("subject", flat=True)
    assert sorted(subjects) == [f"Erinnerung {number}" for number in range(5)]


@pytest.mark.django_db
def test_database_keeps_a_reminder_from_standing_twice():
    Reminder.objects.create(purpose="test", subject=1, due_on=datetime.date(2026, 1, 1))
    with pytest.raises(IntegrityError, match="reminder_goes_out_once"), transaction.atomic():
        Reminder.objects.create(purpose="test", subject=1, due_on=datetime.date(2026, 1, 1))


@pytest.mark.django_db
@pytest.mark.logs_errors
def test_a_chore_that_fails_does_not_hold_up_the_others(monkeypatch, caplog):
    done = []

    def broken():
        raise ConnectionError

    monkeypatch.setattr(chores, "CHORES", (broken, lambda: done.append(1)))
    chores.run_all()
    assert done == [1]
    assert "broken" in caplog.text


@pytest.mark.django_db
def test_every_kind_has_its_own_purpose():
    purposes = [kind.purpose for kind in reminders.KINDS]
    assert len(purposes) == len(set(purposes)) > 1


# --- The collected mail before the date -----------------------------------------------------------


@pytest.fixture
def circle(db):
    factories.make_clearing_office()
    return factories.make_circle("Freundeskreis Feuerbach")


def new_application(circle, name, moment):
    """An application that became new at ``moment``, with the resulting answer-by date."""
    with frozen(moment):
        application = factories.make_application(circle, name)
        factories.make_change(application, Status.NEW)
    return application


@pytest.mark.slow
def test_collected_mail_comes_two_days_before_and_lists_everything_once(circle):
    members = [factories.make_member(circle).user, factories.make_member(circle, role="staff").user]
    factories.make_member(circle, until=datetime.date(2026, 11, 1))
    for name in ("Amira", "Ben"):
        new_application(circle, name, at("2026-11-10"))
    new_application(circle, "Chiara", at("2026-11-11"))
    with frozen(at("2026-11-14")):
        assert reminders.send_due() == 0
    with frozen(at("2026-11-15", 6, 30)):
        assert reminders.send_due() == 0, "nobody is woken up"
    with frozen(at("2026-11-15")):
        reminders.send_due()
        reminders.send_due()
    assert sorted(m.to for m in mail.outbox) == sorted([m.email] for m in members)
    body = mail.outbox[0].body
    assert body.count("Freundeskreis Feuerbach: Antwort bis 17. November 2026") == 2
    assert "status__exact=new" in body
    for private in ("Amira", "Ben", "@example.org"):
        assert private not in body.replace("portal@example.org", "")
    mail.outbox.clear()
    with frozen(at("2026-11-16")):
        reminders.send_due()
    assert [m.body.count("Antwort bis 18. November") for m in mail.outbox] == [1, 1]
    assert Reminder.objects.filter(purpose=kinds.ANSWER_DUE).count() == 3


def test_one_mail_a_day_and_what_comes_later_follows_the_next_day(circle):
    factories.make_member(circle)
    new_application(circle, "Amira", at("2026-11-10"))
    with frozen(at("2026-11-15")):
        reminders.send_due()
    urgent = new_application(circle, "Ben", at("2026-11-15", 9))
    urgent.answer_by = datetime.date(2026, 11, 16)
    urgent.save()
    with frozen(at("2026-11-15", 18)):
        assert reminders.send_due() == 0
    with frozen(at("2026-11-16")):
        assert reminders.send_due() == 1
    assert len(mail.outbox) == 2


def test_collected_mail_after_three_days_of_sleep_says_what_is_late(circle):
    factories.make_member(circle)
    new_application(circle, "Amira", at("2026-11-10"))
    with frozen(at("2026-11-18")):
        reminders.send_due()
        reminders.send_due()
    (message,) = mail.outbox
    assert "Antwort war zugesagt bis 17. November 2026" in message.body


def test_nothing_is_announced_while_nobody_is_there_to_read_it(circle):
    new_application(circle, "Amira", at("2026-11-10"))
    left = factories.make_member(circle).user
    left.is_active = False
    left.save()
    with frozen(at("2026-11-16")):
        assert reminders.send_due() == 0
        factories.make_member(circle)
        assert reminders.send_due() == 1


def test_answered_ones_are_not_announced(circle):
    katrin = factories.make_member(circle).user
    application = new_application(circle, "Amira", at("2026-11-10"))
    services.change_status(application=application, status="in_contact", by=katrin)
    mail.outbox.clear()
    with frozen(at("2026-11-16")):
        assert reminders.send_due() == 0


def test_collected_mail_asks_as_often_for_thirty_organisations_as_for_one(
    circle, django_assert_max_num_queries
):
    for number in range(30):
        one = factories.make_circle(f"Freundeskreis {number}")
        factories.make_member(one)
        new_application(one, f"Person {number}", at("2026-11-10"))
    with frozen(at("2026-11-15")), django_assert_max_num_queries(1):
        assert len(list(kinds.find_answers_due(datetime.date(2026, 11, 15)))) == 30


# --- The question after two weeks -----------------------------------------------------------------


def test_person_is_asked_once_after_two_weeks_of_silence(circle):
    application = new_application(circle, "Amira", at("2026-11-10", 22))
    with frozen(at("2026-11-23", 23)):
        assert reminders.send_due() == 0
    with frozen(at("2026-11-24")):
        reminders.send_due()
    with frozen(at("2026-12-24")):
        reminders.send_due()
    (message,) = mail.outbox
    assert message.to == [application.email]
    assert "Ja, ich wurde kontaktiert" in message.body
    assert message.body.count("/rueckmeldung/") == 2
    assert application_links.status_path(application) in message.body


def test_nobody_is_asked_once_something_has_happened(circle):
    katrin = factories.make_member(circle).user
    answered = new_application(circle, "Amira", at("2026-11-10"))
    withdrawn = new_application(circle, "Ben", at("2026-11-10"))
    services.change_status(application=answered, status="in_contact", by=katrin)
    services.withdraw_application(application=withdrawn)
    mail.outbox.clear()
    with frozen(at("2026-11-25")):
        assert reminders.send_due() == 0


def test_time_on_the_waiting_list_does_not_count(circle):
    application = new_application(circle, "Amira", at("2026-09-01"))
    application.changes.all().delete()
    factories.make_change(application, Status.WAITING, at=at("2026-09-01"))
    factories.make_change(application, Status.NEW, at=at("2026-11-20"))
    factories.make_change(application, Status.NEW, at=at("2026-11-25"), note="Erinnert")
    find = kinds.find_unanswered
    assert (application.pk, datetime.date(2026, 12, 4)) not in find(datetime.date(2026, 12, 3))
    assert list(find(datetime.date(2026, 12, 4))) == [(application.pk, datetime.date(2026, 12, 4))]


def test_another_organisation_gets_two_weeks_of_its_own(circle):
    katrin = factories.make_member(circle).user
    other = factories.make_organisation("Caritas")
    factories.make_member(other)
    application = new_application(circle, "Amira", at("2026-11-10"))
    with frozen(at("2026-11-20")):
        answering.hand_on_application(application=application, to=other, by=katrin)
        mail.outbox.clear()
    with frozen(at("2026-11-24")):
        assert reminders.send_due() == 0
    with frozen(at("2026-12-04")):
        reminders.send_due()
    assert [m.to for m in mail.outbox if "gemeldet" in m.subject] == [[application.email]]


def test_question_is_found_in_three_queries_however_many_wait(circle, django_assert_num_queries):
    for number in range(30):
        new_application(circle, f"Person {number}", at("2026-11-01"))
    with frozen(at("2026-11-20")), django_assert_num_queries(3):
        assert len(list(kinds.find_unanswered(datetime.date(2026, 11, 20)))) == 30
