"""A question that nobody answers: those who answer are reminded, then the office above sees it and steps in."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from programs.addresses import admin_path
from tests import factories
from tests.clients import client_of
from tests.volunteers.applications.test_races import at_once
from volunteers import reminders
from volunteers.errors import (
    AlreadyReminded,
    NobodyThere,
    NoOfficeAbove,
    QuestionNotWaiting,
)
from volunteers.models import Enquiry, Reminder
from volunteers.services import enquiries as services

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 11, 2, 12, tzinfo=factories.BERLIN)
QUESTION = services.Question(text="Geheim?", name="Amira", email="amira@example.org", phone="")
LIST = admin_path(Enquiry, "escalated")
DAYS, GRACE = 5, 7
"""The circle's period for an answer, and how much longer an office waits."""


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as travel:
        yield travel


@pytest.fixture
def sozialamt():
    return factories.make_clearing_office()


@pytest.fixture
def department(sozialamt):
    return factories.make_organisation("Abteilung", type="office")


@pytest.fixture
def circle(department):
    return factories.make_circle("Freundeskreis", department=department, answer_days=DAYS)


@pytest.fixture
def katrin(circle):
    return factories.make_member(circle).user


@pytest.fixture
def ingo(department):
    return factories.make_member(department, role="staff").user


@pytest.fixture
def enquiry(circle, katrin, ingo):
    entry = factories.make_entry("Sprachcafé", organisation=circle)
    made = services.ask(about=entry, question=QUESTION)
    mail.outbox.clear()
    return made


def after(clock, days):
    clock.move_to(NOON + datetime.timedelta(days=days))


def sent():
    """Recipients and subjects of what the worker mails now, also if it runs again."""
    mail.outbox.clear()
    reminders.send_due()
    reminders.send_due()
    return [(*message.to, message.subject) for message in mail.outbox]


TO_ANSWER = "Eine Frage wartet auf Ihre Antwort"
BELOW = "Eine Frage in Ihrem Bereich wartet zu lange"


def test_the_promised_day_is_stored_when_somebody_asks(enquiry):
    assert enquiry.answer_by == datetime.date(2026, 11, 2 + DAYS)


@pytest.mark.slow
def test_those_who_answer_are_reminded_once_before_the_day_and_the_office_a_week_after_it(
    clock, enquiry, katrin, ingo
):
    told = {}
    for day in range(DAYS + GRACE + 5):
        after(clock, day)
        if mails := sent():
            told[day] = mails
    assert told == {
        DAYS - 2: [(katrin.email, TO_ANSWER)],
        DAYS + GRACE: [(ingo.email, BELOW)],
    }


def test_worker_that_slept_finds_what_it_missed(clock, enquiry, katrin, ingo):
    after(clock, 40)
    assert sorted(sent()) == sorted([(katrin.email, TO_ANSWER), (ingo.email, BELOW)])


@pytest.mark.slow
def test_mails_to_the_office_and_the_reminder_name_no_person_and_no_question(clock, enquiry, ingo):
    after(clock, 40)
    sent()
    for message in mail.outbox:
        assert "Sprachcafé" in message.body
        assert not [word for word in ("Geheim", "Amira", "amira@") if word in message.body]


def test_several_questions_are_one_mail(clock, circle, katrin, enquiry):
    other = factories.make_entry("Chor", organisation=circle)
    services.ask(about=other, question=QUESTION)
    after(clock, DAYS)
    assert sent() == [(katrin.email, "2 Fragen warten auf Ihre Antwort")]
    assert "Chor" in mail.outbox[0].body


def test_answered_question_reminds_nobody_and_is_on_no_list(clock, enquiry, katrin, ingo):
    services.note_answer(enquiry=enquiry, by=katrin)
    after(clock, 40)
    assert sent() == []
    assert not Enquiry.objects.escalated_to(ingo).exists()


@pytest.mark.slow
def test_question_of_the_release_before_has_no_day_and_is_reminded_of_once_after_the_usual_period(
    clock, enquiry, katrin, ingo
):
    Enquiry.objects.update(answer_by=None)
    told = []
    for day in range(30):
        after(clock, day)
        told += [(day, *one) for one in sent()]
    assert told == [(5, katrin.email, TO_ANSWER), (14, ingo.email, BELOW)]


@pytest.mark.slow
def test_no_office_above_is_no_error_and_no_mail(clock, enquiry, katrin, sozialamt, department):
    """Nobody works for the department; then it is the clearing office; then nobody."""
    department.memberships.all().delete()
    after(clock, 40)
    assert sent() == [(katrin.email, TO_ANSWER)]
    sonja = factories.make_member(sozialamt, role="staff").user
    assert sent() == [(sonja.email, BELOW)], "later, when somebody is there"
    type(sozialamt).objects.update(is_clearing_office=False)
    Reminder.objects.all().delete()
    assert sent() == [(katrin.email, TO_ANSWER)]


# --- The list of the office -----------------------------------------------------------------------


@pytest.mark.slow
def test_office_sees_it_a_week_after_the_day_and_not_before(clock, enquiry, ingo, katrin):
    stranger = factories.make_member(factories.make_organisation("Anderes Amt", type="office"))
    for days, seen in ((DAYS + GRACE - 1, False), (DAYS + GRACE, True)):
        after(clock, days)
        assert Enquiry.objects.escalated_to(ingo).exists() is seen
        assert ("Sprachcafé" in client_of(ingo).get(LIST).text) is seen
    for other in (katrin, stranger.user):
        assert not Enquiry.objects.escalated_to(other).exists()


@pytest.mark.slow
def test_list_and_start_page_show_offer_and_organisation_but_neither_person_nor_question(
    clock, enquiry, ingo
):
    after(clock, DAYS + GRACE)
    for path in (LIST, "/verwaltung/"):
        with CaptureQueriesContext(connection) as queries:
            text = client_of(ingo).get(path).text
        assert "Frage zu „Sprachcafé“" in text
        assert "Es sollte antworten: Freundeskreis" in text
        assert "7 Tage überfällig" in text
        assert not [word for word in ("Geheim", "Amira", "amira@") if word in text]
        read = [one["sql"] for one in queries if 'FROM "volunteers_enquiry"' in one["sql"]]
        assert read
        assert not [sql for sql in read if '"volunteers_enquiry"."text"' in sql.split(" FROM ")[0]]


@pytest.mark.slow
def test_list_asks_as_often_for_thirty_as_for_one(clock, circle, enquiry, ingo):
    def queries():
        with CaptureQueriesContext(connection) as context:
            assert client_of(ingo).get(LIST).status_code == 200
        return len(context)

    after(clock, 40)
    queries()
    once = queries()
    for number in range(30):
        entry = factories.make_entry(f"Angebot {number}", organisation=circle)
        factories.make_enquiry(entry, answer_by=NOON.date())
    assert queries() == once


@pytest.mark.slow
def test_reminding_mails_those_who_answer_at_most_once_a_day(clock, enquiry, katrin, ingo):
    after(clock, DAYS + GRACE)
    client, path = client_of(ingo), admin_path(Enquiry, "remind", enquiry.pk)
    page = client.post(path, follow=True)
    assert "Freundeskreis ist erinnert (1 Mail)." in page.text
    assert "erinnert am" in page.text
    (message,) = mail.outbox
    assert (message.to, "Geheim" in message.body) == ([katrin.email], False)
    assert admin_path(enquiry) in message.body
    with pytest.raises(AlreadyReminded):
        services.remind_about_enquiry(enquiry=enquiry, by=ingo)
    clock.shift(datetime.timedelta(days=1, minutes=1))
    assert services.remind_about_enquiry(enquiry=enquiry, by=ingo) == 1


@pytest.mark.slow
def test_taking_over_shows_the_question_mails_it_and_begins_the_period_again(
    clock, enquiry, department, katrin, ingo
):
    after(clock, DAYS + GRACE)
    client = client_of(ingo)
    assert client.get(admin_path(enquiry)).status_code != 200
    page = client.post(admin_path(Enquiry, "take_over", enquiry.pk), follow=True)
    assert "Jetzt antwortet Abteilung." in page.text
    assert "Geheim?" in page.text
    enquiry.refresh_from_db()
    today = timezone.localdate()
    assert (enquiry.organisation, enquiry.due_on) == (department, today + datetime.timedelta(7))
    (message,) = mail.outbox
    assert (message.to, message.reply_to) == ([ingo.email], ["amira@example.org"])
    assert client_of(katrin).get(admin_path(enquiry)).status_code != 200
    assert client.get(LIST).text.count("Frage zu") == 0
    after(clock, DAYS + GRACE + 5)
    assert sent() == [(ingo.email, TO_ANSWER)], "who answers now is reminded, too"


def test_what_was_answered_or_taken_over_is_neither_reminded_nor_taken_over(
    clock, enquiry, katrin, ingo
):
    after(clock, DAYS + GRACE)
    services.note_answer(enquiry=enquiry, by=katrin)
    for step in (services.remind_about_enquiry, services.take_over_enquiry):
        with pytest.raises(QuestionNotWaiting):
            step(enquiry=enquiry, by=ingo)
    assert client_of(ingo).post(admin_path(Enquiry, "take_over", enquiry.pk)).status_code == 404


def test_nobody_there_and_no_office_above_are_said_and_leave_nothing_behind(
    clock, enquiry, circle, sozialamt, ingo
):
    after(clock, DAYS + GRACE)
    chefin = factories.make_user("chefin@example.org", is_superuser=True)
    circle.memberships.all().delete()
    with pytest.raises(NobodyThere):
        services.remind_about_enquiry(enquiry=enquiry, by=ingo)
    assert not Reminder.objects.exists()
    Enquiry.objects.update(organisation=sozialamt)
    with pytest.raises(NoOfficeAbove):
        services.take_over_enquiry(enquiry=enquiry, by=chefin)
    text = client_of(chefin).post(admin_path(Enquiry, "take_over", enquiry.pk), follow=True).text
    assert "Sozialamt: " in text


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_who_take_over_at_once_are_one(enquiry, department, ingo):
    Enquiry.objects.update(answer_by=NOON.date() - datetime.timedelta(days=40))
    other = factories.make_member(department, role="staff").user

    def take(by):
        return services.take_over_enquiry(enquiry=enquiry, by=by)

    results = at_once(lambda: take(ingo), lambda: take(other))
    assert {type(one) for one in results} == {Enquiry, QuestionNotWaiting}
    assert Enquiry.objects.get().organisation == department
    assert len(mail.outbox) == 2, "one mail to each member"
