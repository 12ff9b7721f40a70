"""Records whose retention period is over are deleted on the right day; who acts in time stays."""

import datetime
import threading
from contextlib import closing
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone
from time_machine import TimeMachineFixture

from programs.models import Membership
from tests import factories
from volunteers import reminders
from volunteers.models import (
    Application,
    CompanionRequest,
    ConductCheck,
    ExportRecord,
    HoursEntry,
    Invitation,
    OutgoingMail,
    RateCount,
    Reminder,
    RetentionRun,
    SecurityEvent,
    StepRecord,
    Tally,
    Tandem,
    User,
    Volunteer,
)
from volunteers.models.reminders import (
    COUNSELLING_COLLECTED,
    COUNSELLING_DUE,
    COUNSELLING_LATE,
    ENTRIES_ASKED,
)
from volunteers.models.statuses import Status
from volunteers.periods import add_months, last_day_over
from volunteers.privacy import old_reminders, register, retention, sentences, silence, staying
from volunteers.reminders import (
    KINDS,
    applications,
    enquiries,
    organisation_proposals,
    tandem_rules,
)
from volunteers.services import applications as application_services
from volunteers.services import ending, requests

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


def at(day: str, hour: int = 12, minute: int = 0) -> datetime.datetime:
    """A time of day in Stuttgart."""
    date = datetime.date.fromisoformat(day)
    return timezone.make_aware(datetime.datetime.combine(date, datetime.time(hour, minute)))


@pytest.fixture
def circle():
    return factories.make_circle()


def travel(time_machine: TimeMachineFixture, day: str, hour: int = 4) -> None:
    time_machine.move_to(at(day, hour), tick=False)


def count_of(key: str) -> int | None:
    outcomes = {one.rule.key: one.count for one in retention.run()}
    return outcomes[key]


# --- Calendar ----------------------------------------------------------------------------------


@pytest.mark.parametrize("months", [1, 6, 12, 24])
def test_what_is_over_is_over_for_so_many_months(months):
    """Checks every day around the boundary: exactly those whose period has passed are over."""
    today = datetime.date(2027, 1, 1)
    while today < datetime.date(2029, 3, 3):
        last = last_day_over(months, today)
        assert add_months(last, months) <= today
        assert add_months(last + DAY, months) > today
        today += DAY


# --- Applications ------------------------------------------------------------------------------


def closed(circle, status: str, day: str, **fields):
    reason = "Kein Platz" if status == "declined" else ""
    application = factories.make_application(
        circle,
        status=status,
        decline_reason=reason,
        submitted_at=at("2025-01-10"),
        confirmed_at=at("2025-01-10"),
        **fields,
    )
    factories.make_change(application, "new", at=at("2025-01-10"))
    factories.make_change(application, status, at=at(day, 23, 30))
    return application


@pytest.mark.slow
@pytest.mark.parametrize("status", ["declined", "withdrawn"])
@pytest.mark.parametrize(
    ("closed_on", "stays_on", "goes_on"),
    [
        ("2026-01-15", "2026-07-14", "2026-07-15"),  # summer time begins in between
        ("2026-09-30", "2027-03-29", "2027-03-30"),  # and ends
        ("2027-08-29", "2028-02-28", "2028-02-29"),
        ("2027-08-31", "2028-02-28", "2028-02-29"),
        ("2026-08-31", "2027-02-27", "2027-02-28"),
    ],
)
def test_closed_application_goes_six_months_after_it(
    circle, time_machine, status, closed_on, stays_on, goes_on
):
    application = closed(circle, status, closed_on)
    travel(time_machine, stays_on, 23)
    assert count_of("closed_applications") == 0
    travel(time_machine, goes_on, 0)
    assert count_of("closed_applications") == 1
    assert not Application.objects.filter(pk=application.pk).exists()
    assert count_of("closed_applications") == 0


@pytest.mark.slow
def test_the_period_is_a_setting(circle, time_machine, settings):
    closed(circle, "withdrawn", "2026-01-15")
    travel(time_machine, "2026-03-14")
    settings.KEEP_CLOSED_APPLICATIONS_MONTHS = 3
    assert count_of("closed_applications") == 0
    settings.KEEP_CLOSED_APPLICATIONS_MONTHS = 1
    assert count_of("closed_applications") == 1


@pytest.mark.slow
def test_closed_application_leaves_a_count_and_no_empty_profile(circle, time_machine):
    application = closed(circle, "withdrawn", "2026-01-15")
    travel(time_machine, "2026-08-01")
    retention.run()
    assert not Volunteer.objects.filter(pk=application.volunteer_id).exists()
    tally = Tally.objects.get(kind=Tally.Kind.APPLICATION)
    assert (tally.count, tally.outcome) == (1, "withdrawn")


@pytest.mark.slow
def test_certificate_outlives_the_application(circle, time_machine):
    travel(time_machine, "2026-01-15")
    application = closed(circle, "withdrawn", "2026-01-15")
    certificate = factories.make_certificate(application)
    travel(time_machine, "2026-08-01")
    assert count_of("closed_applications") == 1
    certificate.refresh_from_db()
    assert certificate.volunteer_id == application.volunteer_id


@pytest.mark.parametrize("status", ["new", "waiting", "placed", "paused", "completed"])
def test_other_applications_stay_for_the_person_to_decide(circle, time_machine, status):
    application = factories.make_application(circle, status=status, submitted_at=at("2025-06-01"))
    factories.make_change(application, status, at=at("2025-06-01"))
    travel(time_machine, "2026-06-01")
    assert count_of("closed_applications") == 0


@pytest.mark.slow
def test_application_with_a_tandem_waits_for_it(circle, time_machine):
    application = closed(circle, "withdrawn", "2026-01-15")
    request = factories.make_request(organisation=circle)
    tandem = factories.make_tandem(request, application, started_on=datetime.date(2025, 3, 1))
    Tandem.objects.filter(pk=tandem.pk).update(
        status="ended", ended_on=datetime.date(2026, 1, 15), end_reason="other"
    )
    Application.objects.filter(pk=application.pk).update(status="withdrawn")
    travel(time_machine, "2027-01-14")
    assert count_of("closed_applications") == 0
    travel(time_machine, "2027-01-15")
    assert count_of("closed_applications") == 1
    assert not Tandem.objects.exists()


@pytest.mark.slow
def test_unconfirmed_go_after_seven_days(circle, time_machine):
    travel(time_machine, "2026-10-20", 12)  # summer time ends in between
    factories.make_application(circle, status="unconfirmed", confirmed_at=None, volunteer=None)
    event = factories.make_event(takes_registrations=True, starts_at=at("2026-12-01"))
    factories.make_registration(event, status="unconfirmed", confirmed_at=None)
    factories.make_request(status="unconfirmed", confirmed_at=None)
    time_machine.move_to(timezone.now() + 7 * DAY - datetime.timedelta(minutes=1))
    keys = ("unconfirmed_applications", "unconfirmed_registrations", "unconfirmed_requests")
    assert [one.count for one in retention.run() if one.rule.key in keys] == [0, 0, 0]
    time_machine.shift(datetime.timedelta(minutes=2))
    assert [one.count for one in retention.run() if one.rule.key in keys] == [1, 1, 1]


# --- Tandems and requests ----------------------------------------------------------------------


def make_tandem(circle, **fields):
    application = factories.make_ready(circle)
    request = factories.make_request(organisation=circle)
    return factories.make_tandem(request, application, **fields)


@pytest.mark.slow
def test_ended_tandem_and_its_request_go_twelve_months_after_it(circle, time_machine):
    travel(time_machine, "2028-02-29", 20)
    tandem = make_tandem(circle, started_on=datetime.date(2027, 5, 1))
    ending.end_tandem(tandem=tandem, reason="moved")
    travel(time_machine, "2029-02-27", 23)
    assert {one.rule.key for one in retention.run() if one.count} <= {"reminders"}
    travel(time_machine, "2029-02-28", 0)
    counts = {one.rule.key: one.count for one in retention.run()}
    assert (counts["tandems"], counts["requests"]) == (1, 1)
    assert not CompanionRequest.objects.exists()
    kept = Tally.objects.filter(kind=Tally.Kind.TANDEM).get()
    assert (kept.count, kept.outcome) == (1, "ended")


@pytest.mark.slow
@pytest.mark.parametrize("status", ["declined", "lapsed"])
def test_proposal_that_came_to_nothing_goes_while_the_search_goes_on(circle, time_machine, status):
    travel(time_machine, "2026-03-10")
    tandem = make_tandem(
        circle,
        status=status,
        started_on=None,
        volunteer_answer="",
        newcomer_answer="no",
        newcomer_answered_at=at("2026-03-12"),
    )
    travel(time_machine, "2027-03-11")
    assert count_of("tandems") == 0
    travel(time_machine, "2027-03-12")
    assert count_of("tandems") == 1
    assert CompanionRequest.objects.filter(pk=tandem.request_id).exists()


def test_running_tandem_stays_however_old(circle, time_machine):
    travel(time_machine, "2026-03-10")
    make_tandem(circle)
    travel(time_machine, "2036-03-10")
    counts = {one.rule.key: one.count for one in retention.run()}
    assert counts["tandems"] == counts["requests"] == counts["silent_volunteers"] == 0


@pytest.mark.slow
@pytest.mark.parametrize("close", [requests.withdraw_request, requests.close_request])
def test_request_is_counted_from_its_end_not_from_its_beginning(circle, time_machine, close):
    travel(time_machine, "2025-01-10")
    request = factories.make_request(organisation=circle)
    travel(time_machine, "2026-05-05")
    close(request=request)
    travel(time_machine, "2027-05-04")
    assert count_of("requests") == 0
    travel(time_machine, "2027-05-05")
    assert count_of("requests") == 1


# --- Events ------------------------------------------------------------------------------------


@pytest.mark.slow
def test_registrations_go_twelve_months_after_the_event(time_machine):
    travel(time_machine, "2026-05-01")
    event = factories.make_event(
        takes_registrations=True,
        starts_at=at("2026-06-30", 22),
        ends_at=at("2026-07-01", 1),
    )
    factories.make_registration(event, attended=True)
    factories.make_registration(event, "Ben", status="cancelled")
    travel(time_machine, "2027-06-30", 23)
    assert count_of("registrations") == 0
    travel(time_machine, "2027-07-01", 0)
    assert count_of("registrations") == 2
    assert Tally.objects.get(outcome="attended").count == 1


# --- Silence -----------------------------------------------------------------------------------


@pytest.fixture
def silent(circle, time_machine):
    """A volunteer whose engagement ended on 10 March 2026."""
    travel(time_machine, "2026-03-10", 18)
    application = factories.make_engaged(circle, days=300)
    application_services.change_status(
        application=application, status="completed", by=factories.make_member(circle).user
    )
    application.refresh_from_db()
    mail.outbox.clear()
    return application.volunteer


@pytest.mark.slow
def test_silent_volunteer_is_asked_after_24_months_once_and_deleted_a_month_later(
    silent, time_machine
):
    travel(time_machine, "2028-03-09", 23)
    assert count_of("asked_volunteers") == 0
    travel(time_machine, "2028-03-10", 3)
    assert count_of("asked_volunteers") == 1
    assert [message.to for message in mail.outbox] == [[silent.email]]
    assert "9. April 2028" in mail.outbox[0].body
    travel(time_machine, "2028-04-09", 23)
    counts = {one.rule.key: one.count for one in retention.run()}
    assert (counts["asked_volunteers"], counts["silent_volunteers"]) == (0, 0)
    travel(time_machine, "2028-04-10", 3)
    assert count_of("silent_volunteers") == 1
    assert not Volunteer.objects.exists()
    assert not Application.objects.exists()
    assert len(mail.outbox) == 1


def test_asking_is_no_sign_of_the_person(silent, time_machine):
    travel(time_machine, "2028-03-10")
    before = Volunteer.objects.get().updated_at
    staying.ask_silent()
    assert Volunteer.objects.get().updated_at == before


@pytest.mark.slow
def test_yes_keeps_the_data_for_another_24_months(silent, time_machine, client):
    travel(time_machine, "2028-03-10")
    staying.ask_silent()
    travel(time_machine, "2028-04-09")
    assert client.post(link_in(mail.outbox[0])).status_code == 200
    travel(time_machine, "2030-04-08")
    assert (count_of("silent_volunteers"), count_of("asked_volunteers")) == (0, 0)
    travel(time_machine, "2030-04-09")
    assert count_of("asked_volunteers") == 1


def sign_by_message(v):
    v.applications.get().messages.create(sender="staff", text="Hallo")


def sign_by_single_date(v):
    date = factories.make_date(starts_at=timezone.now() + DAY)
    date.status, date.companion = "taken", v
    date.save()


def sign_by_step(v):
    factories.make_change(v.applications.get(), "completed", at=timezone.now())


def sign_by_hours(v):
    factories.make_hours(v.applications.get())


def sign_by_confirmed_hours(v):
    factories.make_hours(
        v.applications.get(), entered_at=at("2026-03-01"), confirmed_at=timezone.now()
    )


def sign_by_registration(v):
    event = factories.make_event(takes_registrations=True, starts_at=timezone.now() + 30 * DAY)
    factories.make_registration(event, email=v.email, submitted_at=at("2026-01-01"))


def sign_by_login(v):
    user = factories.make_user(v.email, last_login=timezone.now())
    Volunteer.objects.filter(pk=v.pk).update(user=user)


def sign_by_profile(v):
    v.phone = "0711 1"
    v.save()


def sign_by_certificate(v):
    factories.make_certificate(v.applications.get())


def sign_by_new_application(v):
    organisation = factories.make_organisation()
    factories.make_application(organisation, volunteer=v, email=v.email, status="waiting")


def sign_by_tandem(v):
    make = {"status": "declined", "started_on": None, "newcomer_answer": "no"}
    factories.make_tandem(factories.make_request(), v.applications.get(), **make)


def sign_by_preparation(v):
    step = factories.make_step(factories.make_programme())
    StepRecord.objects.create(
        application=v.applications.get(), step=step, on=timezone.localdate(), how="paper"
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "sign",
    [
        sign_by_message,
        sign_by_single_date,
        sign_by_step,
        sign_by_hours,
        sign_by_confirmed_hours,
        sign_by_registration,
        sign_by_login,
        sign_by_profile,
        sign_by_certificate,
        sign_by_new_application,
        sign_by_tandem,
        sign_by_preparation,
    ],
)
def test_any_sign_after_the_question_keeps_the_person(silent, time_machine, sign):
    travel(time_machine, "2028-03-10")
    assert count_of("asked_volunteers") == 1
    travel(time_machine, "2028-04-01")
    sign(silent)
    travel(time_machine, "2028-04-20")
    assert count_of("silent_volunteers") == 0
    assert Volunteer.objects.filter(pk=silent.pk).exists()


@pytest.mark.slow
def test_a_message_to_many_is_no_sign(silent, time_machine):
    travel(time_machine, "2028-03-10")
    assert count_of("asked_volunteers") == 1
    application = silent.applications.get()
    application.messages.create(sender="staff", text="An alle", to_many=True)
    travel(time_machine, "2028-04-10")
    assert count_of("silent_volunteers") == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("status", "is_asked"),
    [(status, status not in silence.AT_WORK) for status in Status if status != "unconfirmed"],
)
def test_nobody_is_asked_while_an_organisation_works_on_the_application(
    circle, time_machine, settings, status, is_asked
):
    settings.KEEP_CLOSED_APPLICATIONS_MONTHS = 600
    travel(time_machine, "2026-03-10")
    factories.make_application(circle, status=status, decline_reason="x")
    travel(time_machine, "2028-03-10")
    assert count_of("asked_volunteers") == int(is_asked)


def test_nobody_is_deleted_whose_application_was_taken_up_after_the_question(silent, time_machine):
    travel(time_machine, "2028-03-10")
    staying.ask_silent()
    silent.applications.update(status="placed")
    travel(time_machine, "2028-06-10")
    assert count_of("silent_volunteers") == 0


def test_nobody_is_asked_in_a_tandem_or_proposed_for_one(circle, time_machine):
    travel(time_machine, "2026-03-10")
    tandem = make_tandem(
        circle, status="proposed", started_on=None, volunteer_answer="", newcomer_answer=""
    )
    tandem.volunteer.applications.update(status="paused")
    travel(time_machine, "2028-03-10")
    assert count_of("asked_volunteers") == 0


def test_nobody_is_asked_who_looks_for_a_companion(silent, time_machine):
    factories.make_request(silent.name, email=silent.email)
    travel(time_machine, "2028-03-10")
    assert count_of("asked_volunteers") == 0


@pytest.mark.slow
def test_paused_person_who_goes_frees_the_place(circle, time_machine):
    travel(time_machine, "2026-03-10")
    entry = factories.make_entry(organisation=circle, places=1)
    factories.make_application(circle, "Paula Pause", entry=entry, status="paused")
    travel(time_machine, "2028-03-10")
    staying.ask_silent()
    waiting = factories.make_application(circle, "Willi Wartet", entry=entry, status="waiting")
    travel(time_machine, "2028-04-10")
    assert count_of("silent_volunteers") == 1
    waiting.refresh_from_db()
    assert waiting.status == "new"


@pytest.mark.slow
def test_deleted_volunteer_leaves_counts_of_hours(silent, time_machine):
    factories.make_hours(silent.applications.get(), "3", confirmed_at=timezone.now())
    travel(time_machine, "2028-03-10")
    staying.ask_silent()
    travel(time_machine, "2028-04-10")
    retention.run()
    assert not HoursEntry.objects.exists()
    assert Tally.objects.get(kind=Tally.Kind.HOURS).hours == 3


@pytest.mark.slow
def test_silent_volunteer_with_a_role_keeps_the_account(silent, circle, time_machine):
    user = factories.make_user(silent.email)
    factories.make_member(circle, user)
    admin = factories.make_user("admin@example.org", is_superuser=True)
    travel(time_machine, "2028-03-10")
    staying.ask_silent()
    travel(time_machine, "2028-04-10")
    assert count_of("silent_volunteers") == 1
    assert User.objects.filter(pk__in=[user.pk, admin.pk]).count() == 2


# --- The page of the question ------------------------------------------------------------------


def link_in(message) -> str:
    return next(line for line in message.body.split("\n") if "/daten-behalten/" in line).split(
        "8000"
    )[-1]


@pytest.fixture
def asked(silent, time_machine):
    travel(time_machine, "2028-03-10")
    staying.ask_silent()
    return silent


def test_opening_the_link_changes_nothing(asked, client):
    response = client.get(link_in(mail.outbox[0]))
    assert response.status_code == 200
    assert "Ja, meine Daten sollen bleiben" in response.content.decode()
    assert Volunteer.objects.get().stayed_at is None


@pytest.mark.slow
def test_page_leads_to_deleting_at_once_as_long_as_the_question_stands(asked, client, time_machine):
    page = client.get(link_in(mail.outbox[0]))
    assert client.get(page.context["delete_url"]).status_code == 200
    assert client.get(page.context["my_data_url"]).status_code == 200
    time_machine.shift(40 * DAY)
    assert "delete_url" not in client.get(link_in(mail.outbox[0])).context


def test_answered_link_says_so(asked, client):
    client.post(link_in(mail.outbox[0]))
    response = client.get(link_in(mail.outbox[0]))
    assert response.status_code == 410
    assert "Ihre Daten bleiben" in response.content.decode()
    assert client.post(link_in(mail.outbox[0])).status_code == 200  # a double click


@pytest.mark.slow
def test_link_is_over_once_the_data_are_gone(asked, client, time_machine):
    travel(time_machine, "2028-04-10")
    retention.run()
    for method in (client.get, client.post):
        assert method(link_in(mail.outbox[0])).status_code == 410


def test_link_of_an_earlier_question_answers_no_later_one(asked, client):
    old = link_in(mail.outbox[0])
    Volunteer.objects.update(asked_to_stay_at=timezone.now() + DAY)
    assert client.post(old).status_code == 410
    assert Volunteer.objects.get().stayed_at is None


@pytest.mark.parametrize("token", ["x", "x:y:z", "a" * 10_000])
def test_tampered_link_is_not_found(asked, client, token):
    assert client.get(f"/daten-behalten/{token}/").status_code == 404
    changed = link_in(mail.outbox[0])[:-3] + "x/"
    assert client.get(changed).status_code == 404


def test_mail_says_what_happens_to_certificates_only_to_who_has_one(silent, time_machine):
    travel(time_machine, "2028-03-10")
    staying.ask_silent()
    assert "Prüfcodes" not in mail.outbox[0].body
    factories.make_certificate(silent.applications.get(), issued_on=datetime.date(2026, 1, 1))
    Volunteer.objects.update(asked_to_stay_at=None)
    staying.ask_silent()
    assert "Prüfcodes" in mail.outbox[1].body


# --- Profiles, accounts, checks ----------------------------------------------------------------


@pytest.mark.slow
def test_profile_without_anything_goes(circle):
    factories.make_volunteer("Leer")
    staying_one = factories.make_application(circle).volunteer
    assert count_of("empty_volunteers") == 1
    assert list(Volunteer.objects.all()) == [staying_one]


def test_profile_stays_while_something_else_is_of_the_same_person(circle):
    """An open request with this name and address would be deleted with the profile."""
    factories.make_request("Sam", email="sam@example.org", organisation=circle)
    factories.make_registration(factories.make_event(), "Kim", email="kim@example.org")
    factories.make_invitation(circle, name="Nora", email="nora@example.org")
    for name in ("sam", "kim", "nora"):
        factories.make_volunteer(name.title(), email=f"{name}@example.org")
    assert count_of("empty_volunteers") == 0
    assert CompanionRequest.objects.count() == 1
    assert Invitation.objects.count() == 1


@pytest.mark.slow
def test_profile_of_a_second_address_leaves_the_account_with_a_role(circle):
    user = factories.make_member(circle).user
    EmailAddress.objects.create(user=user, email="info@verein.example", verified=True)
    factories.make_volunteer("Katrin", email="info@verein.example")
    assert count_of("empty_volunteers") == 1
    assert User.objects.filter(pk=user.pk).exists()


def test_account_without_role_and_data_goes_a_year_after_its_last_use(circle, time_machine):
    travel(time_machine, "2026-03-10")
    unused = factories.make_user("weg@example.org")
    old = factories.make_user("alt@example.org")
    Membership.objects.create(
        user=old, organisation=circle, role="coordinator", until=datetime.date(2026, 4, 1)
    )
    helper = factories.make_user("hilft@example.org")
    factories.make_application(circle, email=helper.email, status="placed")
    kept = {
        factories.make_member(circle).user,
        factories.make_user("chefin@example.org", is_superuser=True),
        helper,
    }
    travel(time_machine, "2027-03-09")
    assert count_of("accounts") == 0
    travel(time_machine, "2027-03-10")
    assert count_of("accounts") == 2
    assert set(User.objects.all()) == kept
    assert unused.pk is not None


def test_conduct_checks_go_by_their_own_rule(circle, time_machine):
    travel(time_machine, "2026-03-10")
    by = factories.make_member(circle).user
    programme = factories.make_programme(organisation=circle, requires_conduct_check=True)
    application = factories.make_application(circle, entry=programme, status="placed")
    factories.make_change(application, "placed", at=timezone.now())
    factories.make_conduct_check(application, by)
    factories.make_change(application, "completed", at=timezone.now() + DAY)
    Application.objects.update(status="completed")
    travel(time_machine, "2026-09-10")
    assert count_of("conduct_checks") == 0
    travel(time_machine, "2026-09-11")
    assert count_of("conduct_checks") == 1
    assert not ConductCheck.objects.exists()


# --- Logs, mail, what passes -------------------------------------------------------------------


def make_logs(user) -> None:
    content_type = ContentType.objects.get_for_model(User)
    SecurityEvent.objects.create(kind="login", by=user)
    ExportRecord.objects.create(what="x", format="csv", rows=1)
    RetentionRun.objects.create(rule="run", deleted=0)
    LogEntry.objects.create(
        user=user, content_type=content_type, object_id="1", object_repr="x", action_flag=CHANGE
    )


def test_logs_go_after_90_days(time_machine, settings):
    travel(time_machine, "2026-01-10")
    make_logs(factories.make_user("chefin@example.org", is_superuser=True))
    time_machine.shift(90 * DAY - datetime.timedelta(minutes=1))
    assert count_of("logs") == 0
    time_machine.shift(datetime.timedelta(minutes=2))
    assert count_of("logs") == 4


def test_every_kind_of_reminder_is_decided_about():
    counted = {applications.ANSWER_DUE, enquiries.ANSWER_DUE, enquiries.WAITING, ENTRIES_ASKED}
    counted |= {COUNSELLING_COLLECTED, COUNSELLING_DUE, COUNSELLING_LATE}
    counted |= {organisation_proposals.LATE}
    purposes = {kind.purpose for kind in KINDS} | counted | set(tandem_rules.PURPOSES)
    assert purposes == set(old_reminders.NEEDED) | old_reminders.PAST


@pytest.mark.slow
def test_reminder_stays_in_the_ledger_as_long_as_it_would_be_sent_again(circle, time_machine):
    travel(time_machine, "2026-01-10", 12)
    factories.make_member(circle)
    application = factories.make_application(circle)
    factories.make_change(application, "new", at=timezone.now())
    for days in (0, 30, 125, 130):
        travel(time_machine, "2026-01-10", 12)
        time_machine.shift(days * DAY)
        reminders.send_due()
        retention.run()
    questions = Reminder.objects.filter(purpose=applications.CONTACT_QUESTION)
    assert questions.count() == 1
    to_person = [message for message in mail.outbox if message.to == [application.email]]
    assert len(to_person) == 1
    Application.objects.update(status="in_contact")
    time_machine.shift(95 * DAY)
    assert count_of("reminders") > 0
    assert not questions.exists()


@pytest.mark.usefixtures("queued_mail")
def test_mail_that_nobody_took_goes_after_90_days(time_machine):
    travel(time_machine, "2026-01-10")
    lost = OutgoingMail.objects.create(sender="a@b.de", recipients=["c@d.de"], content=b"x")
    time_machine.shift(89 * DAY)
    assert count_of("undelivered_mail") == 0
    time_machine.shift(2 * DAY)
    assert count_of("undelivered_mail") == 1
    assert not OutgoingMail.objects.filter(pk=lost.pk).exists()


def test_expired_sessions_counts_and_invitations_go(circle, time_machine):
    travel(time_machine, "2026-01-10")
    Session.objects.create(session_key="a", session_data="x", expire_date=timezone.now() + DAY)
    RateCount.objects.create(key="k", until=timezone.now() + DAY)
    Invitation.objects.create(organisation=circle, name="N", email="n@example.org", role="staff")
    counts = {one.rule.key: one.count for one in retention.run()}
    assert (counts["passing"], counts["invitations"]) == (0, 0)
    time_machine.shift(15 * DAY)
    counts = {one.rule.key: one.count for one in retention.run()}
    assert (counts["passing"], counts["invitations"]) == (2, 1)


# --- The run, the command, the report ----------------------------------------------------------


@pytest.mark.slow
def test_run_tells_what_it_did_and_that_it_ran(circle):
    retention.run()
    assert list(RetentionRun.objects.values_list("rule", "deleted")) == [("run", 0)]
    factories.make_volunteer("Leer")
    retention.run()
    rows = RetentionRun.objects.order_by("pk").values_list("rule", "deleted")
    assert list(rows)[1:] == [("empty_volunteers", 1), ("run", 1)]


@pytest.mark.slow
@pytest.mark.logs_errors
def test_rule_that_fails_does_not_hold_up_the_others(monkeypatch, circle):
    def fail() -> int:
        raise RuntimeError

    rules = (
        retention.RULES[0].__class__(key="x", label="X", period=str, run=fail),
        *retention.RULES,
    )
    monkeypatch.setattr(retention, "RULES", rules)
    factories.make_volunteer("Leer")
    outcomes = retention.run()
    assert outcomes[0].count is None
    assert not Volunteer.objects.exists()
    with pytest.raises(CommandError, match="x"):
        call_command("retention", stdout=StringIO())


def snapshot() -> dict[str, list[object]]:
    """Every row of every table."""
    with connection.cursor() as cursor:
        found = {}
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')  # noqa: S608
            found[table] = cursor.fetchall()
    return found


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("queued_mail")
def test_rehearsal_counts_right_and_changes_nothing(circle, time_machine):
    travel(time_machine, "2026-03-10")
    tandem = make_tandem(circle, started_on=datetime.date(2026, 1, 1))
    ending.end_tandem(tandem=tandem, reason="moved")
    closed(circle, "withdrawn", "2026-01-15")
    factories.make_application(circle, "Silent Sid", status="completed")
    make_logs(factories.make_user("chefin@example.org", is_superuser=True))
    travel(time_machine, "2028-06-10")
    before = snapshot()
    out = StringIO()
    call_command("retention", dry_run=True, stdout=out)
    assert snapshot() == before
    rehearsed = retention.rehearse()
    assert snapshot() == before
    done = retention.run()
    assert [one.count for one in done] == [one.count for one in rehearsed]
    assert {one.rule.key for one in done if one.count} >= {
        "tandems",
        "requests",
        "closed_applications",
        "empty_volunteers",
        "asked_volunteers",
        "logs",
    }
    assert "Probelauf" in out.getvalue()
    assert "      1  Tandems, die zu Ende sind" in out.getvalue()


def test_command_says_what_it_does(capsys):
    with pytest.raises(SystemExit):
        call_command("retention", "--help")
    text = capsys.readouterr().out
    assert "--dry-run" in text
    assert "jede Nacht" in text


@pytest.mark.slow
def test_report_shows_rules_runs_and_no_way_to_change_them(client, settings):
    settings.KEEP_CLOSED_APPLICATIONS_MONTHS = 9
    client.force_login(factories.make_user("chefin@example.org", is_superuser=True))
    address = "/verwaltung/volunteers/retentionrun/"
    assert "Noch nicht gelaufen" in client.get(address).content.decode()
    factories.make_volunteer("Leer")
    retention.run()
    text = client.get(address).content.decode()
    assert "Zuletzt gelaufen" in text
    assert "noch 9 Monate" in text
    assert "Profile, zu denen nichts mehr da ist" in text
    assert "addlink" not in text


def test_every_rule_of_the_register_is_kept_by_the_job():
    """Every period on the privacy page has a rule that enforces it."""
    promised = {sentence for one in register.PROCESSINGS for sentence in one.kept}
    by_record = {
        sentences.with_application,
        sentences.with_record,
        sentences.changes,
        sentences.shown,  # until somebody takes it away
        sentences.contact_address,  # until staff take it away
    }
    together = {sentences.sessions, sentences.rate_counts}  # kept by the rule „passing“
    together |= {sentences.proposals}  # kept by the job of portal/directory (test_proposals.py)
    together |= {sentences.deliveries}  # kept by the job of portal/newsletter (test_sending.py)
    kept = {rule.period for rule in retention.RULES}
    assert promised - by_record - together <= kept


def test_page_register_and_job_follow_the_settings(client, settings):
    factories.make_page("datenschutz")
    settings.KEEP_REGISTRATIONS_MONTHS = 7
    settings.SIGN_UP_CONFIRMATION_DAYS = 1
    settings.INACTIVE_VOLUNTEER_MONTHS = 11
    text = client.get("/seiten/datenschutz/").content.decode()
    assert "Bis 7 Monate nach dem Termin" in text
    assert "löschen wir nach 1 Tag." in text
    assert "Geschieht 11 Monate lang nichts" in text
    rules = {rule.key: rule.period() for rule in retention.RULES}
    assert rules["registrations"] == "Bis 7 Monate nach dem Termin."


# --- At the same time --------------------------------------------------------------------------


def in_thread(work) -> threading.Thread:
    def run() -> None:
        with closing(connection):
            work()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def wait_for_lock() -> None:
    """Wait until another connection waits for a lock that this one holds."""
    with connection.cursor() as cursor:
        for _attempt in range(2000):
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.005)")
    raise AssertionError("nobody waits")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_who_answers_while_the_deletion_runs_stays(circle, time_machine):
    travel(time_machine, "2026-03-10")
    volunteer = factories.make_application(circle, status="completed").volunteer
    travel(time_machine, "2028-03-10")
    staying.ask_silent()
    travel(time_machine, "2028-04-10")
    with transaction.atomic():
        staying.stay(volunteer=volunteer)
        thread = in_thread(retention.run)
        wait_for_lock()
    thread.join()
    assert Volunteer.objects.filter(pk=volunteer.pk).exists()
    assert Application.objects.count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_delete_and_ask_once(circle, time_machine):
    travel(time_machine, "2026-03-10")
    for number in range(5):
        closed(circle, "withdrawn", "2026-01-15", email=f"p{number}@example.org")
    silent = [factories.make_application(circle, f"Silent {n}", status="completed") for n in "abc"]
    travel(time_machine, "2028-03-10")
    mail.outbox.clear()
    threads = [in_thread(retention.run) for _number in range(3)]
    for thread in threads:
        thread.join()
    sums = {
        rule: sum(RetentionRun.objects.filter(rule=rule).values_list("deleted", flat=True))
        for rule in ("closed_applications", "asked_volunteers", "empty_volunteers")
    }
    assert sums == {"closed_applications": 5, "asked_volunteers": 3, "empty_volunteers": 5}
    assert sorted(message.to[0] for message in mail.outbox) == sorted(one.email for one in silent)
    assert Tally.objects.get(kind=Tally.Kind.APPLICATION, outcome="withdrawn").count == 5


@pytest.mark.django_db(transaction=True)
def test_sign_up_confirmed_while_unconfirmed_ones_go_stays(circle, time_machine):
    travel(time_machine, "2026-03-10")
    factories.make_application(circle, status="unconfirmed", confirmed_at=None)
    application = Application.objects.get()
    travel(time_machine, "2026-03-18")
    with transaction.atomic():
        application_services.confirm_application(application=application)
        thread = in_thread(retention.run)
        thread.join()  # locked rows wait for the next night
    retention.run()
    assert Application.objects.get().status == "new"
