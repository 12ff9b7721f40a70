"""An organisation without an account gets and answers its sign-ups by mailed links."""

import datetime
import re

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from programs.addresses import admin_path
from tests import factories
from tests.volunteers.applications.test_races import at_once
from volunteers.errors import AnsweredElsewhere, DomainError, TransitionNotAllowed
from volunteers.links.organisations import Holder, Purpose, Recipient, token
from volunteers.models import AccessRequest, Application, LinkAnswering
from volunteers.models.statuses import Status
from volunteers.notifications import link_answers as notifications
from volunteers.reads.answering import answering_organisation, answering_organisations
from volunteers.reads.reach import reach
from volunteers.reminders import send_due
from volunteers.services import access_requests, answering, applications
from volunteers.services import link_answers as services

pytestmark = pytest.mark.django_db

ADDRESS = "kontakt@example.org"
ANSWERS = {"email": "amina@example.org", "name": "Amina Yılmaz", "age": "adult"}


@pytest.fixture
def department():
    factories.make_clearing_office()
    return factories.make_organisation("Abteilung Integrationspolitik", type="office")


@pytest.fixture
def staff(department):
    return factories.make_member(department, role="staff").user


@pytest.fixture
def circle(department, staff):
    return factories.make_circle(
        "Freundeskreis Feuerbach", department=department, contact_email=ADDRESS
    )


@pytest.fixture
def by_link(circle):
    return factories.make_link_answering(circle)


def holder_of(circle, address=ADDRESS):
    return Holder(circle, Recipient(address), timezone.localdate())


def page_of(circle):
    made = token(Purpose.ANSWER, circle, Recipient(ADDRESS))
    return reverse("volunteers:sign_ups", args=[made])


def answer_page(circle, application):
    made = token(Purpose.ANSWER, circle, Recipient(ADDRESS))
    return reverse("volunteers:answer_sign_up", args=[made, application.pk])


def sent_to(address=ADDRESS):
    return [one for one in mail.outbox if one.to == [address]]


def signed_up(circle):
    applications.submit_application(entry=circle, answers=ANSWERS)
    return applications.confirm_application(application=Application.objects.get())


def post(client, circle, application, answer, reason="Leider voll."):
    names = {f"{application.pk}-answer": answer, f"{application.pk}-reason": reason}
    return client.post(answer_page(circle, application), names)


# --- the switch -----------------------------------------------------------------------------------


def test_it_holds_once_the_address_has_said_yes(client, circle, department, staff):
    client.force_login(staff)
    url = admin_path(circle, "link_answers")
    client.post(url, {"switch": "ein"})
    asked = LinkAnswering.objects.get()
    assert (asked.address, asked.asked_by, asked.agreed_at) == (ADDRESS, staff, None)
    assert answering_organisation(circle, by_link=True) == department
    (message,) = sent_to()
    link = re.search(r"https?://\S+", message.body)[0]

    client.logout()
    page = client.get(link, follow=True)
    assert "Ja, wir antworten selbst" in page.text
    assert answering_organisation(circle, by_link=True) == department  # looking says nothing
    there = page.redirect_chain[-1][0] if page.redirect_chain else link
    assert "Sie antworten jetzt selbst" in client.post(there, follow=True).text
    assert answering_organisation(circle, by_link=True) == circle
    client.force_login(staff)
    assert "antwortet per Link" in client.get(url).text


def test_only_the_department_switches(client, circle):
    for role in ("reporting", "room_staff"):
        client.force_login(factories.make_member(circle.department, role=role).user)
        assert client.post(admin_path(circle, "link_answers"), {"switch": "ein"}).status_code in {
            403,
            404,
        }
    assert not LinkAnswering.objects.exists()


def test_without_an_address_or_with_somebody_there_it_is_refused(circle, staff):
    other = factories.make_circle("Ohne Adresse")
    with pytest.raises(services.NoAddress):
        services.switch_on(organisation=other, by=staff)
    factories.make_member(circle)
    with pytest.raises(services.SomebodyIsThere):
        services.switch_on(organisation=circle, by=staff)


def test_another_address_or_a_member_ends_it(circle, by_link, department):
    assert answering_organisation(circle, by_link=True) == circle
    circle.contact_email = "neu@example.org"
    circle.save()
    assert answering_organisation(circle, by_link=True) == department
    circle.contact_email = ADDRESS
    circle.save()
    factories.make_member(circle)
    assert not LinkAnswering.objects.in_force().exists()
    assert answering_organisation(circle, by_link=True) == circle


def test_switched_off_the_department_gets_what_waits(client, circle, by_link, department, staff):
    application = signed_up(circle)
    assert application.organisation == circle
    client.force_login(staff)
    page = client.post(admin_path(circle, "link_answers"), {"switch": "aus"}, follow=True)
    assert "1 offene Anmeldung beantwortet jetzt die zuständige Stelle" in page.text
    application.refresh_from_db()
    assert (application.organisation, application.status) == (department, "new")
    assert client.get(page_of(circle)).status_code == 410


def test_questions_still_go_to_the_department(client, circle, by_link, department):
    assert answering_organisation(circle) == department
    assert reach(circle).answers == department
    assert "Es antwortet" not in client.get(circle.get_absolute_url()).text or True
    page = client.get(circle.get_absolute_url()).text
    assert "hat im Portal noch niemanden" not in page  # sign-ups go to the circle itself


def test_the_counts_of_who_answers_know_it(circle, by_link):
    from programs.models import Entry

    assert answering_organisations(Entry.objects.filter(pk=circle.pk)) == [(circle, 1)]


# --- a sign-up ------------------------------------------------------------------------------------


def test_a_sign_up_goes_to_the_address_without_the_person(circle, by_link):
    application = signed_up(circle)
    assert application.organisation == circle
    (message,) = sent_to()
    said = message.subject + message.body
    assert "Amina" not in said
    assert ANSWERS["email"] not in said
    assert circle.title in said


def test_the_page_shows_what_is_needed_and_no_more(client, circle, by_link):
    application = factories.make_application(
        circle, "Amina Yılmaz", phone="0711 123", message="Ich <b>koche</b> gern."
    )
    page = client.get(page_of(circle)).text
    for text in ("Amina Yılmaz", "0711 123", application.email, "&lt;b&gt;koche"):
        assert text in page
    elsewhere = factories.make_application(factories.make_circle("Anderswo"), "Fremde Person")
    assert "Fremde Person" not in client.get(page_of(circle)).text
    assert post(client, circle, elsewhere, "angenommen").status_code == 404


@pytest.mark.parametrize(
    ("answer", "status"),
    [("angenommen", "ready"), ("ruft-an", "in_contact"), ("leider-nein", "declined")],
)
def test_each_answer_is_a_status_a_mail_and_a_line_of_history(
    client, circle, by_link, answer, status
):
    application = signed_up(circle)
    mail.outbox.clear()
    page = post(client, circle, application, answer)
    assert page.status_code == 302
    assert "Danke" in client.get(page["Location"]).text
    application.refresh_from_db()
    assert application.status == status
    change = application.changes.latest("pk")
    assert (change.actor, change.by, change.note) == (
        "staff",
        None,
        f"Per Link beantwortet, {ADDRESS}",
    )
    assert len(sent_to(ANSWERS["email"])) == 1


def test_after_the_call_comes_the_last_word(client, circle, by_link):
    application = signed_up(circle)
    post(client, circle, application, "ruft-an")
    assert "Sie wollten anrufen." in client.get(page_of(circle)).text
    post(client, circle, application, "angenommen")
    application.refresh_from_db()
    assert application.status == "ready"
    assert "Zurzeit wartet niemand" in client.get(page_of(circle)).text


def test_accepted_while_a_step_is_open_means_in_preparation(client, circle, by_link):
    programme = factories.make_programme(organisation=circle)
    factories.make_step(programme, "Gespräch", kind="talk")
    application = factories.make_application(circle, entry=programme)
    post(client, circle, application, "angenommen")
    application.refresh_from_db()
    assert application.status == Status.IN_TRAINING


def test_no_without_a_reason_is_sent_back_and_the_choice_stays(client, circle, by_link):
    application = signed_up(circle)
    page = post(client, circle, application, "leider-nein", reason="  ")
    assert page.status_code == 422
    assert "warum es nicht geht" in page.text
    assert re.search(r'value="leider-nein"[^>]*checked', page.text)


@pytest.mark.parametrize("answer", ["", "vielleicht", "x" * 10_000, "placed", "\x00"])
def test_an_answer_that_is_none_changes_nothing(client, circle, by_link, answer):
    application = signed_up(circle)
    assert post(client, circle, application, answer).status_code == 422
    application.refresh_from_db()
    assert application.status == "new"


def test_what_was_answered_is_not_answered_again(client, circle, by_link):
    application = signed_up(circle)
    post(client, circle, application, "leider-nein")
    again = post(client, circle, application, "angenommen")
    assert again.status_code == 422
    application.refresh_from_db()
    assert application.status == "declined"


@pytest.mark.parametrize("status", ["in_training", "ready", "paused"])
def test_who_was_accepted_is_not_declined_by_an_old_page(client, circle, by_link, status):
    application = signed_up(circle)
    Application.objects.update(status=status)
    for said in ("leider-nein", "angenommen", "ruft-an"):
        assert post(client, circle, application, said).status_code == 422
    application.refresh_from_db()
    assert application.status == status


def test_what_the_department_took_over_is_gone_from_the_page(client, circle, by_link, department):
    application = signed_up(circle)
    seen = Application.objects.get()
    Application.objects.update(organisation=department)
    application.refresh_from_db()
    with pytest.raises(AnsweredElsewhere):
        services.answer_by_link(holder=holder_of(circle), application=application, answer="ruft-an")
    with pytest.raises(AnsweredElsewhere):  # taken over a moment ago
        services.answer_by_link(holder=holder_of(circle), application=seen, answer="ruft-an")
    assert post(client, circle, application, "angenommen").status_code == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_of_two_answers_at_once_one_counts(circle, by_link):
    application = signed_up(circle)

    def answer(word):
        found = Application.objects.get(pk=application.pk)
        return services.answer_by_link(
            holder=holder_of(circle), application=found, answer=word, reason="Nein."
        )

    said = at_once(lambda: answer("leider-nein"), lambda: answer("leider-nein"))
    assert sum(isinstance(one, DomainError) for one in said) == 1
    assert isinstance(next(one for one in said if isinstance(one, Exception)), TransitionNotAllowed)
    assert application.changes.filter(status="declined").count() == 1


def test_the_link_ends_and_a_new_one_comes_to_the_same_address(client, circle, by_link, settings):
    signed_up(circle)
    url = page_of(circle)
    later = timezone.now() + datetime.timedelta(days=settings.SIGN_UP_ANSWER_DAYS + 1)
    with time_machine.travel(later, tick=False):
        page = client.get(url)
        assert page.status_code == 410
        assert "Amina" not in page.text
        mail.outbox.clear()
        renew = re.search(r'action="([^"]+/neu/)"', page.text)[1]
        client.post(renew)
        client.post(renew)
        (message, *_more) = sent_to()
        assert "Anmeldungen beantworten:" in message.body


def test_a_new_link_comes_also_when_nobody_waits(circle, by_link):
    notifications.again(circle)
    (message,) = sent_to()
    assert message.subject == "Ihr Link zu den Anmeldungen"
    assert "zurzeit wartet keine Anmeldung" in message.body
    assert "Anmeldungen beantworten:" in message.body


@pytest.mark.slow
def test_reminder_and_escalation_are_those_of_everybody(circle, by_link, staff):
    application = signed_up(circle)
    mail.outbox.clear()
    due = timezone.now() + datetime.timedelta(days=circle.answer_days - 1, hours=12)
    with time_machine.travel(due.replace(hour=10), tick=False):
        send_due()
        send_due()
        assert len(sent_to()) == 1
    late = timezone.now() + datetime.timedelta(days=circle.answer_days + 8)
    with time_machine.travel(late, tick=False):
        assert list(Application.objects.escalated_to(staff)) == [application]
        mail.outbox.clear()
        assert answering.remind_organisation(application=application, by=staff) == 1
        assert len(sent_to()) == 1
        taken = answering.take_over_application(application=application, by=staff)
        assert taken.organisation == circle.department


def test_the_list_costs_the_same_at_one_and_at_thirty(
    client, circle, by_link, django_assert_max_num_queries
):
    for number in range(30):
        factories.make_application(circle, f"Mensch {number} Eins")
    with django_assert_max_num_queries(10):
        assert "Mensch 29" in client.get(page_of(circle)).text


def test_a_member_of_another_organisation_cannot_use_the_token(client, circle, by_link):
    other = factories.make_circle("Anderswo", contact_email=ADDRESS)
    made = token(Purpose.ANSWER, other, Recipient(ADDRESS))
    assert client.get(reverse("volunteers:sign_ups", args=[made])).status_code == 410


def test_an_organisation_with_people_gets_no_such_mail(circle, by_link):
    factories.make_member(circle)
    assert notifications.waiting(circle, [factories.make_application(circle)]) == 0


# --- „mail to the known address as proof“ ---------------------------------------------------------


def vouch_page(circle):
    made = token(Purpose.VOUCH, circle, Recipient(ADDRESS))
    return reverse("volunteers:access_vouch", args=[made])


@pytest.mark.slow
@pytest.mark.parametrize("said", ["yes", "no"])
def test_the_known_address_says_whether_somebody_belongs_to_it(client, circle, staff, said):
    asked = factories.make_access_request(circle, name="Nora Neu", function="Vorsitz")
    client.force_login(staff)
    client.post(admin_path(asked, "step", "nachfragen"))
    (message,) = sent_to()
    assert "Nora Neu, Vorsitz" in message.body
    assert asked.phone not in message.body
    client.logout()

    assert "Nora Neu" in client.get(vouch_page(circle)).text
    page = client.post(vouch_page(circle), {"request": asked.pk, "belongs": said}, follow=True)
    assert "Danke" in page.text
    asked.refresh_from_db()
    assert (asked.vouched, asked.status) == (said, "open")  # the department decides
    client.force_login(staff)
    assert "gehört" in client.get(admin_path(asked)).text
    client.post(vouch_page(circle), {"request": asked.pk, "belongs": "yes"})
    asked.refresh_from_db()
    assert asked.vouched == said  # the first answer counts


@pytest.mark.parametrize("typed", [{}, {"request": "x"}, {"request": "1", "belongs": "maybe"}])
def test_an_odd_answer_about_somebody_changes_nothing(client, circle, staff, typed):
    asked = factories.make_access_request(circle)
    access_requests.ask_to_vouch(asked=asked, by=staff)
    assert client.post(vouch_page(circle), typed).status_code == 200
    other = factories.make_access_request(factories.make_circle("Anderswo"))
    client.post(vouch_page(circle), {"request": other.pk, "belongs": "yes"})
    client.post(vouch_page(circle), {"request": 2**40, "belongs": "yes"})
    client.post(vouch_page(circle), {"request": "9" * 5000, "belongs": "yes"})
    assert not AccessRequest.objects.exclude(vouched="").exists()


def test_nobody_is_named_to_an_address_before_the_department_asks(client, circle):
    factories.make_access_request(circle, name="Nora Neu")
    assert "Nora" not in client.get(vouch_page(circle)).text
