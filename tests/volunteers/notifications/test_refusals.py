"""What the mail server refuses: for good is not tried again, for now is, and nothing is told about it."""

import logging
from collections.abc import Callable, Iterator

import pytest
from django.core.mail import send_mail
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.jobs import Job
from pytest_django import Settings

from tests.factories import make_circle, make_member, make_ready, make_user
from tests.mailserver import MailServer
from volunteers import tasks
from volunteers.models import Application, OutgoingMail

pytestmark = pytest.mark.django_db(transaction=True)

RunJobs = Callable[[], None]
ADDRESS, SUBJECT, TEXT = "juergen@example.org", "Ihre Anmeldung", "Geheimes Wort"


def write(to: str = ADDRESS) -> OutgoingMail:
    send_mail(SUBJECT, TEXT, None, [to])
    return OutgoingMail.objects.latest("pk")


def jobs() -> list[tuple[str, int]]:
    """Status and number of tries of every job."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT status, attempts FROM procrastinate_jobs ORDER BY id")
        return list(cursor.fetchall())


def let_waiting_time_pass() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")


def with_causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


@pytest.fixture(autouse=True)
def _nothing_tells_of_the_mail(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """In all that is logged, tracebacks and causes of exceptions included."""
    caplog.set_level(logging.DEBUG)
    for other in ("mail.log", "django.db"):  # the mail server's own; SQL, in no level of production
        caplog.set_level(logging.WARNING, other)
    yield
    for record in caplog.get_records("call"):
        errors = with_causes(record.exc_info[1]) if record.exc_info else ()
        said = [record.getMessage(), *(f"{error!r} {vars(error)}" for error in errors)]
        for secret in (ADDRESS, SUBJECT, TEXT):
            assert not [text for text in said if secret in text]


@pytest.mark.parametrize("code", [550, 551, 553])
def test_a_recipient_refused_for_good_is_not_tried_again(
    smtp_server: MailServer, run_jobs: RunJobs, code
):
    smtp_server.answers[ADDRESS] = f"{code} no such mailbox {ADDRESS}"
    mail = write()

    run_jobs()

    mail.refresh_from_db()
    assert (mail.sent_at, mail.refused_with) == (None, code)
    assert mail.failed_at is not None
    assert jobs() == [("succeeded", 1)]


def test_a_text_refused_for_good_is_not_tried_again(smtp_server: MailServer, run_jobs: RunJobs):
    smtp_server.answer_to_text = f"552 too much for {ADDRESS}"
    mail = write()

    run_jobs()

    mail.refresh_from_db()
    assert (mail.sent_at, mail.refused_with) == (None, 552)
    assert jobs() == [("succeeded", 1)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"answers": {ADDRESS: f"451 {ADDRESS}: later"}}, 451),
        ({"answer_to_text": f"451 {ADDRESS}: later"}, 451),
        ({"breaks_off": True}, None),
        ({"hangs_at": {ADDRESS}}, None),
    ],
    ids=["recipient", "text", "breaks off", "hangs"],
)
def test_what_fails_for_now_is_tried_again_and_given_up_in_the_end(
    smtp_server: MailServer, run_jobs: RunJobs, settings: Settings, monkeypatch, fault, code
):
    settings.EMAIL_TIMEOUT = 0.5 if "hangs_at" in fault else 30
    monkeypatch.setattr(tasks, "MAIL_TRIES", 2)
    vars(smtp_server).update(fault)
    mail = write()

    run_jobs()
    mail.refresh_from_db()
    assert (jobs(), mail.failed_at) == ([("todo", 1)], None)

    let_waiting_time_pass()
    run_jobs()
    mail.refresh_from_db()
    assert jobs() == [("succeeded", 2)]
    assert mail.failed_at is not None
    assert (mail.sent_at, mail.refused_with) == (None, code)


def test_a_server_that_does_not_let_the_portal_in_says_nothing_about_the_address(
    smtp_server: MailServer, run_jobs: RunJobs, settings: Settings
):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "portal", "wrong"
    mail = write()

    run_jobs()

    mail.refresh_from_db()
    assert (jobs(), mail.failed_at) == ([("todo", 1)], None)


def waits_after(exception: Exception) -> Iterator[int]:
    """Seconds between two tries of a mail that always fails like this."""
    for attempts in range(tasks.MAIL_TRIES - 1):
        job = Job(
            id=1, queue="mail", lock=None, queueing_lock=None, task_name="", attempts=attempts
        )
        before = timezone.now()
        decision = tasks.BackOff().get_retry_decision(exception=exception, job=job)
        assert decision.retry_at is not None
        yield round((decision.retry_at - before).total_seconds())


def test_the_waiting_time_doubles_up_to_an_hour_and_ends_after_two_days():
    waits = list(waits_after(Exception()))
    assert waits[:8] == [30, 60, 120, 240, 480, 960, 1920, 3600]
    assert set(waits[8:]) == {3600}
    assert 46 <= sum(waits) / 3600 <= 49


@pytest.mark.parametrize("lost", [OperationalError(), InterfaceError()])
def test_a_mail_that_lost_the_database_does_not_wait_for_half_a_minute(lost: Exception):
    waits = list(waits_after(lost))
    assert waits[:4] == [2, 4, 8, 16]
    assert sum(waits) > 24 * 3600, "it is not given up sooner than a day of trying"


def test_a_mail_that_arrives_says_so_on_the_failed_ones_to_the_same_address(
    smtp_server: MailServer, run_jobs: RunJobs
):
    smtp_server.answers = {ADDRESS: "550 gone", "b@example.org": "550 gone"}
    write()
    write("b@example.org")
    run_jobs()
    assert OutgoingMail.objects.that_show_a_dead_address(ADDRESS).exists()

    smtp_server.answers = {}
    write()
    run_jobs()

    assert not OutgoingMail.objects.that_show_a_dead_address(ADDRESS).exists()
    assert OutgoingMail.objects.that_show_a_dead_address("b@example.org").exists()
    assert OutgoingMail.objects.failed().count() == 2


def test_a_mail_to_be_forgotten_is_deleted_when_it_is_given_up(
    smtp_server: MailServer, run_jobs: RunJobs
):
    smtp_server.answers[ADDRESS] = "550 gone"
    write()
    OutgoingMail.objects.update(forget=True)

    run_jobs()

    assert not OutgoingMail.objects.exists()


DEAD = "Diese Adresse nimmt keine Post an"


@pytest.mark.slow
def test_the_page_of_an_application_says_that_its_address_takes_no_mail_until_one_arrives(
    smtp_server: MailServer, run_jobs: RunJobs, client: Client
):
    circle = make_circle("Freundeskreis Feuerbach")
    client.force_login(make_member(circle).user)
    called = make_ready(circle, "Jürgen Kurz", email=ADDRESS, phone="0711 123")
    mute = make_ready(circle, "Ida Weber", email="ida@example.org", phone="")

    def page_of(application: Application) -> str:
        change = reverse("admin:volunteers_application_change", args=[application.pk])
        return client.get(change).content.decode()

    smtp_server.answers = {one.email: "550 gone" for one in (called, mute)}
    write()
    write(mute.email)
    assert DEAD not in page_of(called)
    run_jobs()
    day = timezone.localdate().strftime("%d.%m.%Y")
    assert f"{DEAD}: Der Mailserver hat am {day}" in page_of(called)
    assert "Rufen Sie an" in page_of(called)
    assert "Eine Telefonnummer ist nicht bekannt" in page_of(mute)

    smtp_server.answers = {mute.email: "550 gone"}
    write()
    run_jobs()
    assert DEAD not in page_of(called)
    assert DEAD in page_of(mute)


def test_a_server_that_is_down_is_no_fault_of_the_address(
    smtp_server: MailServer, run_jobs: RunJobs, monkeypatch
):
    monkeypatch.setattr(tasks, "MAIL_TRIES", 1)
    smtp_server.stop()
    write()
    run_jobs()
    assert OutgoingMail.objects.failed().exists()
    assert not OutgoingMail.objects.that_show_a_dead_address(ADDRESS).exists()


@pytest.mark.slow
def test_the_portalverwaltung_is_told_of_failed_mails_and_sends_them_again(
    smtp_server: MailServer, run_jobs: RunJobs, client: Client
):
    smtp_server.answers[ADDRESS] = "550 gone"
    write()
    write("b@example.org")
    run_jobs()
    failed = OutgoingMail.objects.failed().get()
    client.force_login(make_user("adm@example.org", is_superuser=True))
    url = reverse("admin:volunteers_outgoingmail_changelist")
    start_page = client.get(reverse("admin:index")).content.decode()
    assert f'href="{url}"' in start_page
    assert "Mail kam nicht an" in start_page
    listed = client.get(url).content.decode()
    assert ADDRESS in listed
    assert "550: abgewiesen" in listed
    assert "b@example.org" not in listed

    smtp_server.answers = {}
    chosen = {"action": "send_again", "_selected_action": [failed.pk]}
    answer = client.post(url, chosen, follow=True).content.decode()
    assert "1 Mail ist unterwegs." in answer
    assert client.post(url, chosen).status_code in {200, 302}  # the same click again sends nothing
    run_jobs()
    assert [mail["To"] for mail in smtp_server.messages] == ["b@example.org", ADDRESS]
    assert not OutgoingMail.objects.failed().exists()


def test_the_text_of_a_failed_mail_is_shown_to_nobody(client: Client):
    mail = OutgoingMail.objects.create(
        recipients=[ADDRESS], content=TEXT.encode(), failed_at=timezone.now()
    )
    client.force_login(make_user("adm@example.org", is_superuser=True))
    page = client.get(reverse("admin:volunteers_outgoingmail_change", args=[mail.pk]))
    assert ADDRESS in page.content.decode()
    assert TEXT not in page.content.decode()


@pytest.mark.slow
def test_coordinators_are_not_told_of_mails_to_others(client: Client):
    OutgoingMail.objects.create(recipients=[ADDRESS], failed_at=timezone.now())
    client.force_login(make_member(make_circle("Freundeskreis Feuerbach")).user)
    assert "kam nicht an" not in client.get(reverse("admin:index")).content.decode()
