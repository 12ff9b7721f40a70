"""Who answers, until when, and what happens when nobody does."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programs.models import Organisation
from tests import factories
from tests.clients import client_of
from tests.programs.test_admin import listed
from volunteers.errors import (
    AlreadyReminded,
    AnsweredElsewhere,
    NobodyThere,
    NoOfficeAbove,
    NotWaiting,
    TransitionNotAllowed,
)
from volunteers.links import applications as application_links
from volunteers.links import people as person_links
from volunteers.links import signing
from volunteers.models import Application, Reminder
from volunteers.models.statuses import TRANSITIONS, Status
from volunteers.reads import escalations, timeline
from volunteers.reads.escalations import NUDGE
from volunteers.services import answering
from volunteers.services import applications as services
from volunteers.services.contact import answer_contact_question
from volunteers.services.messages import write_message

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


@pytest.fixture
def sozialamt():
    return factories.make_clearing_office()


@pytest.fixture
def department(sozialamt):
    return factories.make_organisation("Abteilung Integrationspolitik", type="office")


@pytest.fixture
def circle(department):
    return factories.make_circle("Freundeskreis Feuerbach", department=department)


@pytest.fixture
def katrin(circle):
    """Coordinates the Freundeskreis."""
    return factories.make_member(circle).user


@pytest.fixture
def ingo(department):
    """Works at the department in charge of the Freundeskreis."""
    return factories.make_member(department, role="staff").user


@pytest.fixture
def sonja(sozialamt):
    """Works at the clearing office."""
    return factories.make_member(sozialamt, role="staff").user


def waiting(circle, name="Amira Haddad", *, overdue_days=7, **fields):
    """A new application whose answer is overdue by ``overdue_days`` days."""
    answer_by = timezone.localdate() - datetime.timedelta(days=overdue_days)
    application = factories.make_application(circle, name, answer_by=answer_by, **fields)
    factories.make_change(application, Status.NEW)
    return application


def post(user, step, application, data=None):
    url = reverse(f"admin:volunteers_application_{step}", args=[application.pk])
    return client_of(user).post(url, data or {})


# --- Who answers, until when --------------------------------------------------------------------


def test_role_and_organisation_stand_together_and_no_name_twice(sozialamt, department):
    programme = factories.make_programme(
        organisation=department, contact_role="Koordination WillkommensPaten"
    )
    circle = factories.make_circle("Freundeskreis Süd")
    plain = factories.make_application(department, entry=programme)
    own = factories.make_application(circle, "Ben")
    stands_in = factories.make_application(sozialamt, "Chiara", entry=circle)
    nothing = factories.make_application(sozialamt, "Dora", entry=None)
    assert plain.answered_by == "Koordination WillkommensPaten (Abteilung Integrationspolitik)"
    assert own.answered_by == "Koordination Freundeskreis Süd"
    assert stands_in.answered_by == nothing.answered_by == "Sozialamt"


@pytest.mark.slow
def test_person_reads_role_and_date_wherever_the_application_shows(client, department, ingo):
    programme = factories.make_programme(
        organisation=department, contact_role="Koordination WillkommensPaten"
    )
    who = "Koordination WillkommensPaten (Abteilung Integrationspolitik)"
    when = timezone.localdate() + 7 * DAY
    date = f"{when.day}."
    form = client.get(reverse("volunteers:sign_up_entry", args=[programme.slug])).content.decode()
    assert who in form
    assert date in form
    services.submit_application(
        entry=programme,
        answers={"email": "amira@example.org", "name": "Amira", "age": "adult"},
    )
    application = services.confirm_application(application=Application.objects.get())
    confirmed = mail.outbox[-1].body
    status = client.get(application_links.status_path(application)).content.decode()
    mine = client.get(person_links.person_path(application)).content.decode()
    for text in (confirmed, status, mine):
        assert who in text
        assert f"{date} " in text
    for target in ("in_contact", "in_training", "ready", "paused"):
        services.change_status(application=application, status=target, by=ingo)
        assert who in mail.outbox[-1].body, target


# --- The list of the department -----------------------------------------------------------------


def test_department_sees_it_a_week_after_the_date_and_not_before(circle, katrin, ingo):
    late = waiting(circle, overdue_days=7)
    waiting(circle, "Ben", overdue_days=6)
    assert list(Application.objects.escalated_to(ingo)) == [late]
    assert not Application.objects.escalated_to(katrin).exists(), "it is on her own list"


def test_a_no_puts_it_on_the_list_at_once_and_a_yes_takes_it_off(circle, ingo):
    application = waiting(circle, overdue_days=-3)
    answer_contact_question(application=application, answer="no")
    assert list(Application.objects.escalated_to(ingo)) == [application]
    answer_contact_question(application=application, answer="yes")
    assert not Application.objects.escalated_to(ingo).exists()


def test_only_new_ones_wait(circle, ingo):
    for number, status in enumerate(s for s in Status if s != Status.NEW):
        waiting(circle, f"P{number}", status=status, contact_answer="no", decline_reason="x")
    assert Application.objects.count() == len(Status) - 1
    assert not Application.objects.escalated_to(ingo).exists()


def test_clearing_office_steps_in_where_no_department_is_or_nobody_works_there(
    sozialamt, department, circle, sonja
):
    alone = factories.make_circle("Freundeskreis ohne Amt")
    expected = {waiting(circle), waiting(alone, "Ben")}
    waiting(sozialamt, "Chiara")
    assert set(Application.objects.escalated_to(sonja)) == expected, "nobody at the department yet"
    ingo = factories.make_member(department).user
    assert {a.organisation for a in Application.objects.escalated_to(sonja)} == {alone}
    assert {a.organisation for a in Application.objects.escalated_to(ingo)} == {circle}


@pytest.mark.parametrize("present", [True, False])
def test_office_above_is_the_one_whose_list_shows_it(sozialamt, department, circle, present):
    if present:
        factories.make_member(department)
    assert circle.office_above == (department if present else sozialamt)
    assert sozialamt.office_above is None


def test_other_offices_see_nothing_and_the_portal_sees_all(circle, ingo, sonja):
    application = waiting(circle)
    other = factories.make_member(factories.make_organisation("Jugendamt", type="office")).user
    portal = factories.make_user("portal@example.org", is_superuser=True)
    assert not Application.objects.escalated_to(other).exists()
    assert not Application.objects.escalated_to(sonja).exists()
    assert list(Application.objects.escalated_to(portal)) == [application]


@pytest.mark.slow
def test_list_shows_entry_organisation_and_reason_but_not_the_person(circle, ingo):
    secret = "Ich heiße Amira und wohne in der Hauptstraße"
    application = waiting(
        circle, overdue_days=9, contact_answer="no", message=secret, phone="0711 12345"
    )
    write_message(application=application, text="Noch ein Geheimnis")
    client = client_of(ingo)
    pages = [
        client.get(reverse("admin:volunteers_application_escalated")),
        client.get(reverse("admin:index")),
    ]
    for page in pages:
        html = page.content.decode()
        assert "Freundeskreis Feuerbach" in html
        assert "9 Tage überfällig" in html
        assert "Niemand hat sich gemeldet" in html
        for private in ("Amira", "Haddad", application.email, "0711", "Hauptstraße", "Geheimnis"):
            assert private not in html, private
        assert reverse("admin:volunteers_application_change", args=[application.pk]) not in html
    assert not listed(client, "volunteers_application")


def test_no_column_about_the_person_is_even_loaded(circle, ingo):
    waiting(circle)
    (application,) = escalations.waiting_for(ingo)
    hidden = {"name", "email", "phone", "message", "gender", "languages", "volunteer_id"}
    assert hidden <= application.get_deferred_fields()


@pytest.mark.slow
def test_list_asks_as_often_for_thirty_as_for_one(circle, ingo):
    client = client_of(ingo)
    url = reverse("admin:volunteers_application_escalated")

    def queries(address):
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            client.get(address)
        return len(captured)

    waiting(circle, "Person")
    once = [queries(url), queries(reverse("admin:index"))]
    for number in range(29):
        waiting(circle, f"Person {number}")
    assert [queries(url), queries(reverse("admin:index"))] == once


def test_list_has_pages(circle, ingo):
    Application.objects.bulk_create(
        Application(
            organisation=circle,
            entry=circle,
            name="x",
            email=f"{n}@example.org",
            status=Status.NEW,
            confirmed_at=timezone.now(),
            answer_by=timezone.localdate() - 20 * DAY,
        )
        for n in range(51)
    )
    url = reverse("admin:volunteers_application_escalated")
    first = client_of(ingo).get(url)
    assert (first.context["page_obj"].paginator.count, len(first.context["rows"])) == (51, 50)
    assert len(client_of(ingo).get(url, {"seite": "2"}).context["rows"]) == 1
    assert client_of(ingo).get(url, {"seite": "x"}).status_code == 200


# --- Reminding ----------------------------------------------------------------------------------


def test_reminding_mails_the_members_and_stands_in_the_history(circle, katrin, ingo):
    application = waiting(circle, contact_answer="no")
    response = post(ingo, "remind", application)
    assert response.status_code == 302
    (message,) = mail.outbox
    assert message.to == [katrin.email]
    assert "wartet eine Anmeldung schon zu lange" in message.body
    assert "niemand gemeldet" in message.body
    assert "Amira" not in message.body
    row = application.changes.last()
    assert (row.by, row.note, row.status) == (ingo, answering.REMINDED, Status.NEW)
    page = client_of(ingo).get(reverse("admin:volunteers_application_escalated"))
    assert "erinnert am" in page.content.decode()
    assert "erinnern/" not in page.content.decode()


def test_reminding_again_is_possible_after_a_day(circle, katrin, ingo):
    application = waiting(circle)
    now = datetime.datetime(2026, 11, 18, 12, tzinfo=datetime.UTC)
    application.answer_by = datetime.date(2026, 11, 1)
    application.save()
    with time_machine.travel(now, tick=False):
        answering.remind_organisation(application=application, by=ingo)
    with (
        time_machine.travel(now + DAY - datetime.timedelta(minutes=1), tick=False),
        pytest.raises(AlreadyReminded),
    ):
        answering.remind_organisation(application=application, by=ingo)
    with time_machine.travel(now + DAY + datetime.timedelta(minutes=1), tick=False):
        answering.remind_organisation(application=application, by=ingo)
    assert len(mail.outbox) == Reminder.objects.filter(purpose=NUDGE).count() == 2


def test_nobody_to_remind_is_said_and_leaves_nothing_behind(circle, ingo):
    application = waiting(circle)
    with pytest.raises(NobodyThere):
        answering.remind_organisation(application=application, by=ingo)
    assert not Reminder.objects.exists()
    assert application.changes.count() == 1


def test_what_was_answered_is_neither_reminded_nor_taken_over(circle, katrin, ingo):
    application = waiting(circle)
    services.change_status(application=application, status="in_contact", by=katrin)
    for step in (answering.remind_organisation, answering.take_over_application):
        with pytest.raises(NotWaiting):
            step(application=application, by=ingo)
    assert post(ingo, "take_over", application).status_code == 404


# --- Taking over --------------------------------------------------------------------------------


@pytest.mark.slow
def test_taking_over_makes_the_department_answer_and_tells_the_person(
    client, department, circle, katrin, ingo
):
    colleague = factories.make_member(department).user
    application = waiting(circle, contact_answer="no", contact_answered_at=timezone.now())
    mine = client_of(ingo)
    change = reverse("admin:volunteers_application_change", args=[application.pk])
    assert mine.get(change).status_code == 404
    response = post(ingo, "take_over", application)
    assert response.headers["Location"] == change
    application.refresh_from_db()
    assert application.organisation == department
    assert application.answer_by == timezone.localdate() + department.answer_days * DAY
    assert application.contact_answer == ""
    assert mine.get(change).status_code == 200
    assert client_of(katrin).get(change).status_code == 404
    row = application.changes.last()
    assert (row.organisation, row.by, row.status) == (department, ingo, Status.NEW)
    assert {tuple(m.to) for m in mail.outbox} == {(application.email,), (colleague.email,)}
    told = next(m for m in mail.outbox if m.to == [application.email]).body
    assert "Ab jetzt zuständig: Abteilung Integrationspolitik" in told
    assert "Bisher zuständig: Freundeskreis Feuerbach" in told
    page = client.get(application_links.status_path(application)).content.decode()
    assert "Jetzt zuständig: Abteilung Integrationspolitik" in page
    assert not Application.objects.escalated_to(ingo).exists()


def test_second_take_over_is_told_that_somebody_else_answers(circle, ingo, sonja):
    application = waiting(circle)
    seen = Application.objects.get(pk=application.pk)
    answering.take_over_application(application=application, by=ingo)
    with pytest.raises(AnsweredElsewhere):
        answering.take_over_application(application=seen, by=ingo)


def test_nobody_stands_above_the_clearing_office(sozialamt, sonja):
    portal = factories.make_user("portal@example.org", is_superuser=True)
    application = waiting(sozialamt)
    with pytest.raises(NoOfficeAbove):
        answering.take_over_application(application=application, by=portal)


# --- Handing on ---------------------------------------------------------------------------------


@pytest.fixture
def caritas():
    organisation = factories.make_organisation("Caritas", answer_days=10)
    factories.make_member(organisation)
    return organisation


def test_handing_on_begins_anew_at_the_other_organisation(sozialamt, sonja, caritas):
    application = factories.make_application(sozialamt, entry=None, status=Status.IN_CONTACT)
    response = post(sonja, "hand_on", application, {"to": caritas.pk, "note": "Spricht Arabisch"})
    assert response.status_code == 302
    application.refresh_from_db()
    assert (application.organisation, application.status) == (caritas, Status.NEW)
    assert application.answer_by == timezone.localdate() + 10 * DAY
    row = application.changes.last()
    assert (row.organisation, row.note) == (caritas, "Spricht Arabisch")
    assert not Application.objects.visible_to(sonja).exists()
    person, staff = sorted(mail.outbox, key=lambda m: m.to != [application.email])
    assert "Ab jetzt zuständig: Caritas" in person.body
    assert "sieht Ihre Anmeldung nicht mehr" in person.body
    assert "Spricht Arabisch" not in person.body
    assert staff.to == [caritas.memberships.get().user.email]
    assert [one.title for one in timeline.for_person(application)] == ["Jetzt zuständig: Caritas"]


@pytest.mark.slow
def test_page_asks_first_and_says_what_follows(sozialamt, sonja, caritas):
    application = factories.make_application(sozialamt, entry=None)
    url = reverse("admin:volunteers_application_hand_on", args=[application.pk])
    page = client_of(sonja).get(url)
    html = page.content.decode()
    assert "Sozialamt sieht die Anmeldung danach nicht mehr" in html
    assert "Ja, weitergeben" in html
    assert set(page.context["form"].fields["to"].queryset) == {caritas}
    application.refresh_from_db()
    assert application.organisation == sozialamt
    change = reverse("admin:volunteers_application_change", args=[application.pk])
    assert url in client_of(sonja).get(change).content.decode()


@pytest.mark.slow
def test_only_organisations_with_people_can_get_it(sozialamt, sonja, caritas):
    empty = factories.make_organisation("Leerer Verein")
    application = factories.make_application(sozialamt, entry=None)
    for wrong in (empty.pk, sozialamt.pk, 0, "x"):
        assert post(sonja, "hand_on", application, {"to": wrong}).status_code == 422
    with pytest.raises(NobodyThere):
        answering.hand_on_application(application=application, to=empty, by=sonja)


def test_who_waits_for_a_place_goes_on_waiting(circle, katrin, caritas):
    application = factories.make_application(circle, status=Status.WAITING, answer_by=None)
    answering.hand_on_application(application=application, to=caritas, by=katrin)
    application.refresh_from_db()
    assert (application.status, application.answer_by) == (Status.WAITING, None)
    assert "Sie bekommen bis zum" not in mail.outbox[0].body


@pytest.mark.parametrize("status", sorted(set(TRANSITIONS) - set(answering.HANDED_ON_FROM)))
def test_what_is_placed_or_over_stays_where_it_is(circle, katrin, caritas, status):
    application = factories.make_application(circle, status=status, decline_reason="x")
    with pytest.raises(TransitionNotAllowed):
        answering.hand_on_application(application=application, to=caritas, by=katrin)
    assert Organisation.objects.get(answered_applications=application) == circle


def test_whoever_saw_it_before_changes_nothing_afterwards(circle, katrin, caritas):
    application = factories.make_application(circle)
    seen = Application.objects.get(pk=application.pk)
    answering.hand_on_application(application=application, to=caritas, by=katrin)
    with pytest.raises(AnsweredElsewhere):
        services.change_status(application=seen, status="in_contact", by=katrin)


# --- Did anybody get in touch? ------------------------------------------------------------------


def contact_path(application, answer="nein"):
    token = signing.sign(application_links.CONTACT, application.public_id)
    return reverse("volunteers:contact", args=[token, answer])


def test_opening_the_link_changes_nothing_and_the_click_answers(client, circle):
    application = waiting(circle)
    path = contact_path(application)
    response = client.get(path)
    assert response.status_code == 200
    assert response.content.decode().count("<button") == 1
    application.refresh_from_db()
    assert application.contact_answer == ""
    assert client.post(path).headers["Location"] == application_links.status_path(application)
    application.refresh_from_db()
    assert application.contact_answer == "no"
    assert application.contact_answered_at is not None
    assert application.changes.last().note == "Rückmeldung: Nein, noch nicht."
    assert (
        "„Nein, noch nicht“"
        in client.get(application_links.status_path(application)).content.decode()
    )


def test_person_may_change_their_mind_and_a_double_click_counts_once(client, circle):
    application = waiting(circle)
    for answer in ("nein", "nein", "ja"):
        assert client.post(contact_path(application, answer)).status_code == 302
    application.refresh_from_db()
    assert application.contact_answer == "yes"
    assert application.changes.exclude(note="").count() == 2


def test_link_is_worthless_once_the_application_has_moved_on(client, circle, katrin):
    application = waiting(circle)
    write_message(application=application, text="Hallo!", by=katrin)
    for method in (client.get, client.post):
        response = method(contact_path(application))
        assert response.status_code == 410
        html = response.content.decode()
        assert "Ihre Anmeldung ist schon weiter" in html
        assert application_links.status_path(application) in html
    application.refresh_from_db()
    assert application.contact_answer == ""
    with pytest.raises(TransitionNotAllowed):
        answer_contact_question(application=application, answer="no")


@pytest.mark.parametrize("token", ["x", "%00", "a" * 5000])
def test_tampered_or_foreign_link_is_not_found(client, circle, token):
    application = waiting(circle)
    other = application_links.status_token(application)
    for value in (token, other):
        assert client.get(reverse("volunteers:contact", args=[value, "nein"])).status_code == 404
    assert client.get(contact_path(application, "vielleicht")).status_code == 404


@pytest.mark.slow
def test_coordinator_sees_what_the_person_said(circle, katrin):
    application = waiting(circle)
    answer_contact_question(application=application, answer="no")
    change = reverse("admin:volunteers_application_change", args=[application.pk])
    assert "Bisher hat sich niemand gemeldet" in client_of(katrin).get(change).content.decode()
    page = client_of(katrin).get(reverse("admin:volunteers_application_changelist"))
    assert "niemand hat sich gemeldet" in page.content.decode()


# --- The coordinator's list ---------------------------------------------------------------------


def test_overdue_stand_on_top_of_the_list_the_longest_waiting_first(circle, katrin):
    factories.make_application(circle, "Neu")
    factories.make_application(circle, "Fertig", status=Status.IN_CONTACT, answer_by="2020-01-01")
    waiting(circle, "Drei", overdue_days=3)
    waiting(circle, "Neun", overdue_days=9)
    page = client_of(katrin).get(reverse("admin:volunteers_application_changelist"))
    names = [one.name for one in page.context["cl"].result_list]
    assert names[:2] == ["Neun", "Drei"]
    assert page.content.decode().count('class="overdue"') == 2


def test_nobody_without_a_login_reaches_the_lists():
    response = Client().get(reverse("admin:volunteers_application_escalated"))
    assert response.status_code == 302
