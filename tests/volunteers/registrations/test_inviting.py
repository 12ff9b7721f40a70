"""Inviting people to an event by criteria, and their answers by link."""

import datetime
import re

import pytest
import time_machine
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from portal.sharing.poster import poster_path
from programs.models import Event, Membership
from tests import factories
from tests.factories import BERLIN
from tests.killed import PATIENCE, kill, start_worker, wait_until, waits_for_the_outbox
from tests.plans import plan_with
from tests.volunteers.applications.test_races import at_once
from volunteers import chores, reminders
from volunteers.errors import RegistrationClosed
from volunteers.figures import tally
from volunteers.guard import stops
from volunteers.links import registrations as event_links
from volunteers.models import (
    Consent,
    MailKind,
    OutgoingMail,
    Registration,
    Reminder,
    Tally,
    Volunteer,
)
from volunteers.models.registrations import RegistrationStatus as S
from volunteers.models.statuses import Status
from volunteers.reads.invitees import (
    Criteria,
    Stage,
    counted_invitees,
    invitees,
    others_applications,
    own_applications,
    replies,
)
from volunteers.services import inviting, waiting_lists
from volunteers.services import registrations as services

pytestmark = pytest.mark.django_db

NOON = datetime.datetime(2026, 3, 1, 12, tzinfo=BERLIN)
EVENING = datetime.datetime(2026, 3, 20, 18, tzinfo=BERLIN)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def office(clock):
    return factories.make_clearing_office()


@pytest.fixture
def anna(office):
    """Coordinates at the Sozialamt."""
    return factories.make_member(office).user


@pytest.fixture
def event(office):
    return evening(office)


def evening(office, **fields):
    defaults = {"starts_at": EVENING, "takes_registrations": True, "only_invited": True}
    return factories.make_event("Danke-Abend", organisation=office, **(defaults | fields))


def engaged(organisation, name="Amina", *, since=NOON, **fields):
    application = factories.make_application(
        organisation, name, **({"status": Status.PLACED, "submitted_at": since} | fields)
    )
    factories.make_change(application, Status.PLACED, at=since)
    return application


def names(event, user, criteria=None, applications=None):
    if applications is None:
        applications = own_applications(event, event.organisation, user)
    found = [one.name for one in invitees(event, applications, criteria or Criteria())]
    counted = counted_invitees(event, applications, criteria or Criteria(), 50)
    assert [one.name for one in counted.first] == found, "the same people either way"
    assert counted.number == len(found)
    return found


def invite(event, user, *applications, **criteria):
    chosen = [one.volunteer_id for one in applications]
    return inviting.invite_own(event=event, criteria=Criteria(**criteria), chosen=chosen, by=user)


def page_of(registration, view="registration"):
    return event_links.path(registration, view)


# --- Whom -------------------------------------------------------------------------------------


def test_stage_says_who_is_meant(event, office, anna):
    engaged(office, "Amina")
    engaged(office, "Pause", status=Status.PAUSED)
    engaged(office, "Fertig", status=Status.COMPLETED)
    factories.make_application(office, "Bereit", status=Status.READY)
    factories.make_application(office, "Neu")
    engaged(office, "Weg", status=Status.WITHDRAWN)
    assert names(event, anna) == ["Amina", "Pause"]
    assert names(event, anna, Criteria(stages=(Stage.PREPARING,))) == ["Bereit"]
    everybody = Criteria(stages=tuple(Stage))
    assert names(event, anna, everybody) == ["Amina", "Bereit", "Fertig", "Pause"]


@pytest.mark.parametrize("most", [0, 1, 2, 50])
def test_many_people_are_found_along_their_names_and_few_by_their_keys(event, office, anna, most):
    """The same people in the same order; the number says „mehr als“ beyond the bound."""
    for name in ("Émile", "bela", "Zeynep"):
        engaged(office, name, phone="1")
    mine = own_applications(event, office, anna)

    found = counted_invitees(event, mine, Criteria(), most)

    assert [one.name for one in found.first] == ["bela", "Émile", "Zeynep"]
    assert (int(found.number), bool(found.number.words)) == (min(most, 3), most < 3)


def test_who_has_several_applications_is_counted_once(event, office, anna):
    first = engaged(office, "Amina")
    for number in range(6):
        entry = factories.make_entry(f"Café {number}", organisation=office)
        engaged(office, "Amina", entry=entry, volunteer=first.volunteer)
    engaged(office, "Bela")

    found = counted_invitees(event, own_applications(event, office, anna), Criteria(), 2)

    assert (int(found.number), found.number.words) == (2, "")
    assert [one.name for one in found.first] == ["Amina", "Bela"]


def test_the_first_of_very_many_people_are_the_first_of_an_index(event, office, anna):
    found = invitees(event, own_applications(event, office, anna), Criteria())[:500]

    plan = plan_with(Volunteer, "volunteer_by_name", *found.query.sql_with_params())

    assert "Index Scan using volunteer_by_name" in plan
    assert "Sort" not in plan


def test_engaged_since_counts_the_day_itself(event, office, anna):
    engaged(office, "Amina", since=datetime.datetime(2025, 3, 1, 23, 59, tzinfo=BERLIN))
    engaged(office, "Bela", since=datetime.datetime(2025, 3, 2, 0, 0, tzinfo=BERLIN))
    day = datetime.date(2025, 3, 1)
    assert names(event, anna, Criteria(since=day)) == ["Amina"]


def test_only_confirmed_hours_of_the_period_count(event, office, anna):
    for name, hours, on, confirmed in (
        ("Amina", 8, datetime.date(2026, 1, 1), True),
        ("Bela", 8, datetime.date(2025, 12, 31), True),
        ("Carla", 8, datetime.date(2026, 1, 1), False),
    ):
        application = engaged(office, name)
        by = {"confirmed_at": NOON, "confirmed_by": anna} if confirmed else {}
        factories.make_hours(application, hours=hours, on=on, **by)
    first = datetime.date(2026, 1, 1)
    assert names(event, anna, Criteria(hours=8, hours_from=first)) == ["Amina"]
    assert names(event, anna, Criteria(hours=8)) == ["Amina", "Bela"]
    assert names(event, anna, Criteria(hours=9)) == []


def test_programme_counts_with_its_opportunities_and_the_district_is_the_persons(
    event, office, anna
):
    programme = factories.make_programme(organisation=office)
    entry = factories.make_entry(organisation=office, part_of=programme)
    west = factories.make_district("west")
    engaged(office, "Amina", entry=programme)
    engaged(office, "Bela", entry=entry, districts=[west])
    engaged(office, "Carla")
    assert names(event, anna, Criteria(programme=programme)) == ["Amina", "Bela"]
    assert names(event, anna, Criteria(district=west)) == ["Bela"]


def test_who_is_on_the_list_or_has_answered_is_not_found_again(event, office, anna):
    linked, same, free = (engaged(office, name) for name in ("Amina", "Bela", "Carla"))
    factories.make_registration(event, "Amina H.", volunteer=linked.volunteer)
    factories.make_registration(event, "BELA", email=same.email, status=S.CANCELLED)
    factories.make_registration(event, "Carlo", email=free.email)
    assert names(event, anna) == ["Carla"], "another name at the address is another person"


def test_each_sees_only_their_own_people(event, office, anna):
    circle = factories.make_circle(department=office)
    engaged(circle, "Fremd")
    assert names(event, anna) == []
    applications = others_applications(office, anna)
    assert names(event, anna, applications=applications) == ["Fremd"]
    stranger = factories.make_member(circle).user
    assert names(event, stranger, applications=others_applications(office, stranger)) == []


# --- Inviting ---------------------------------------------------------------------------------


def test_each_is_mailed_once_with_a_yes_and_a_no(event, office, anna):
    amina, bela = engaged(office, "Amina"), engaged(office, "Bela")
    assert invite(event, anna, amina, bela) == 2
    assert invite(event, anna, amina, bela) == 0
    assert mail.outbox == []
    for _ in range(2):
        reminders.send_due()
    assert sorted(message.to[0] for message in mail.outbox) == sorted([amina.email, bela.email])
    message = mail.outbox[0]
    assert "Einladung" in message.subject
    assert "Danke-Abend" in message.subject
    assert "Ja, ich komme:" in message.body
    assert "20. März" in message.body
    assert "List-Unsubscribe" in message.extra_headers
    assert replies(event) == (2, 0, 0, 0, 2)


def test_who_has_stopped_invitations_or_has_no_address_gets_none(event, office, anna):
    stopped, without = engaged(office, "Amina"), engaged(office, "Bela", email="")
    stops.stop(MailKind.INVITATION, stopped.email)
    found = inviting.sorted_out(
        invitees(event, own_applications(event, office, anna), Criteria()), 10
    )
    assert (found.to_mail, found.stopped) == ([], 1)
    assert [one.name for one in found.without_address] == ["Bela"]
    assert invite(event, anna, stopped, without) == 0


def test_who_stops_between_invitation_and_mail_gets_none(event, office, anna):
    amina = engaged(office)
    invite(event, anna, amina)
    stops.stop(MailKind.INVITATION, amina.email)
    reminders.send_due()
    assert mail.outbox == []


def test_nobody_is_invited_to_what_takes_no_answers(office, anna):
    amina = engaged(office)
    for fields in (
        {"is_cancelled": True},
        {"is_published": False},
        {"takes_registrations": False},
        {"registration_until": NOON - datetime.timedelta(hours=1)},
    ):
        with pytest.raises(RegistrationClosed):
            invite(evening(office, **fields), anna, amina)


def test_cancelled_before_the_mail_left_invites_nobody(event, office, anna):
    invite(event, anna, engaged(office))
    Event.objects.filter(pk=event.pk).update(is_cancelled=True)
    reminders.send_due()
    assert mail.outbox == []


def test_others_are_invited_without_being_seen_until_they_come(event, office, anna):
    circle = factories.make_circle(department=office)
    amina = engaged(circle)
    assert inviting.invite_others(event=event, criteria=Criteria(), by=anna) == 1
    (found,) = Registration.objects.all()
    assert found.organisation == circle
    assert not Registration.objects.visible_to(anna).exists()
    assert replies(event).unanswered == 1
    services.rejoin(registration=found, note="")
    assert Registration.objects.visible_to(anna).get().volunteer == amina.volunteer


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_two_who_invite_the_same_people_at_once_invite_each_once():
    office = factories.make_clearing_office()
    anna = factories.make_member(office).user
    event = factories.make_event(organisation=office, takes_registrations=True)
    people = [engaged(office, name) for name in ("Amina", "Bela", "Carla")]
    results = at_once(*[lambda: invite(event, anna, *people)] * 2)
    assert sorted(results) == [0, 3]
    assert Registration.objects.count() == 3


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_worker_killed_among_the_invitations_sends_each_once(queued_mail):
    office = factories.make_clearing_office()
    event = factories.make_event(organisation=office, takes_registrations=True)
    anna = factories.make_member(office).user
    invite(event, anna, *[engaged(office, name) for name in ("Amina", "Bela", "Carla")])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE volunteers_outgoingmail IN EXCLUSIVE MODE")
        worker = start_worker()
        wait_until(waits_for_the_outbox)
        kill(worker)
    wait_until(lambda: not waits_for_the_outbox())
    assert OutgoingMail.objects.count() == 0
    assert start_worker().wait(PATIENCE) == 0
    chores.run_all()
    assert OutgoingMail.objects.count() == Reminder.objects.count() == 3


# --- Answering --------------------------------------------------------------------------------


@pytest.fixture
def invited(event, office, anna):
    invite(event, anna, engaged(office))
    reminders.send_due()
    found = Registration.objects.get()
    mail.outbox.clear()
    return found


def test_yes_by_the_mailed_link_gives_a_seat_with_consent(invited, client):
    page = client.get(page_of(invited)).text
    assert "Sie sind eingeladen. Kommen Sie?" in page
    path = page_of(invited, "registration_rejoin")
    assert "Schön, dass Sie kommen möchten" in client.get(path).text
    invited.refresh_from_db()
    assert invited.status == S.INVITED, "opening the link answers nothing"
    for _ in range(2):
        response = client.post(path, {"note": "ein Platz für den Rollstuhl"})
        assert response.status_code == 302
    invited.refresh_from_db()
    assert (invited.status, invited.note) == (S.REGISTERED, "ein Platz für den Rollstuhl")
    assert Consent.objects.in_force().get().registration == invited
    assert [message.subject for message in mail.outbox] == ["Ihr Platz: Danke-Abend"]
    assert replies(invited.event) == (1, 1, 0, 0, 0)


def test_no_by_the_mailed_link_is_noted_without_a_mail_and_may_become_a_yes(invited, client):
    path = page_of(invited, "registration_cancel")
    assert "Sie können es sich später noch anders überlegen." in client.get(path).text
    assert client.post(path).status_code == 302
    invited.refresh_from_db()
    assert invited.status == S.CANCELLED
    assert mail.outbox == []
    assert replies(invited.event).declined == 1
    assert "Ich möchte doch kommen" in client.get(page_of(invited)).text
    client.post(page_of(invited, "registration_rejoin"))
    invited.refresh_from_db()
    assert invited.status == S.REGISTERED


def test_yes_when_all_seats_are_taken_waits(invited, client):
    Event.objects.update(capacity=1)
    factories.make_registration(invited.event, "Bela")
    client.post(page_of(invited, "registration_rejoin"))
    invited.refresh_from_db()
    assert invited.status == S.WAITING


def test_answer_after_the_deadline_says_so(invited, client, clock):
    Event.objects.update(registration_until=EVENING - datetime.timedelta(days=3))
    clock.move_to(EVENING - datetime.timedelta(days=2))
    response = client.get(page_of(invited, "registration_rejoin"))
    assert response.status_code == 410
    assert "Die Anmeldefrist ist vorbei." in response.text
    assert "Die Frist für Antworten ist vorbei." in client.get(page_of(invited)).text


def test_invited_people_are_told_of_changes(invited, clock):
    event = Event.objects.get()
    event.place = "Haus der Wirtschaft"
    event.save()
    clock.shift(datetime.timedelta(minutes=5))
    waiting_lists.tell_changes()
    (message,) = mail.outbox
    assert message.to == [invited.email]
    assert "Haus der Wirtschaft" in message.body


def test_yes_by_phone_is_entered_by_hand(invited):
    guest = services.Guest(name=invited.name, email=invited.email)
    services.add_registration(event=invited.event, guest=guest)
    invited.refresh_from_db()
    assert invited.status == S.REGISTERED


def test_unanswered_invitation_is_deleted_when_the_event_begins(invited, clock):
    clock.move_to(EVENING - datetime.timedelta(minutes=1))
    services.delete_unanswered_invitations()
    assert Registration.objects.exists()
    clock.move_to(EVENING + datetime.timedelta(minutes=1))
    services.delete_unanswered_invitations()
    assert not Registration.objects.exists()


def test_invitation_without_an_answer_is_in_no_figure(invited):
    tally.add(Tally.Kind.REGISTRATION, Registration.objects.all())
    assert tally.total(Tally.Kind.REGISTRATION) == 0
    services.cancel_registration(registration=invited)
    tally.add(Tally.Kind.REGISTRATION, Registration.objects.all())
    assert tally.total(Tally.Kind.REGISTRATION) == 1


def test_my_page_offers_the_answer(invited, client):
    from volunteers.links import people

    page = client.get(people.person_path(invited), follow=True).text
    assert "Danke-Abend" in page
    assert page_of(invited, "registration_rejoin") in page


# --- Only for invited guests ------------------------------------------------------------------


def test_event_for_guests_is_in_no_list_and_takes_no_other_registrations(event, client):
    for name in ("portal:home", "programs:event_list", "programs:calendar_feed"):
        assert "Danke-Abend" not in client.get(reverse(name)).text
    assert event.get_absolute_url() not in client.get("/sitemap-de.xml").text
    assert "Danke-Abend" not in client.get(reverse("programs:month", args=[2026, 3])).text
    page = client.get(event.get_absolute_url()).text
    assert "Nur mit persönlicher Einladung." in page
    assert 'content="noindex"' in page
    assert "Weitersagen" not in page
    assert not poster_path(event)
    path = reverse("volunteers:register", args=[event.slug])
    assert path not in page
    response = client.post(path, {"name": "Amina", "email": "a@example.org", "consent": "on"})
    assert response.status_code == 410
    assert "für eingeladene Gäste" in response.text
    assert not Registration.objects.exists()


# --- In the administration --------------------------------------------------------------------


@pytest.fixture
def staff(anna, client):
    client.force_login(anna)
    return client


def invite_path(event, **query):
    return reverse("admin:programs_event_invite", args=[event.pk], query=query or None)


def test_page_shows_who_fits_and_invites_who_is_ticked(event, office, staff):
    amina, bela = engaged(office, "Amina"), engaged(office, "Bela")
    assert (
        invite_path(event)
        in staff.get(reverse("admin:programs_event_change", args=[event.pk])).text
    )
    page = staff.get(invite_path(event)).text
    assert amina.email in page
    assert bela.email in page
    response = staff.post(invite_path(event), {"person": [amina.volunteer_id]}, follow=True)
    assert "1 Person ist eingeladen." in response.text
    assert [one.name for one in Registration.objects.all()] == ["Amina"]
    assert re.search(r"<dt>ohne Antwort</dt><dd>1</dd>", response.text)
    assert amina.email not in response.text


def test_who_does_not_meet_the_criteria_is_not_invited_by_number(event, office, staff):
    stranger = engaged(factories.make_circle(), "Fremd")
    own = engaged(office, "Amina", status=Status.COMPLETED)
    people = [stranger.volunteer_id, own.volunteer_id, 10**17, "x"]
    response = staff.post(invite_path(event), {"person": people}, follow=True)
    assert "Niemand ist neu eingeladen." in response.text
    assert not Registration.objects.exists()


def test_others_are_shown_as_a_rounded_number(event, office, staff):
    circle = factories.make_circle(department=office)
    amina = engaged(circle)
    page = staff.get(invite_path(event)).text
    assert "unter 5" in page
    assert amina.email not in page
    assert "Amina" not in page
    staff.post(invite_path(event), {"others": "1"})
    assert Registration.objects.count() == 1


def test_of_others_who_share_a_mailbox_that_wants_nothing_none_is_counted(event, office, staff):
    circle = factories.make_circle(department=office)
    for name in ("Amina", "Navid"):
        engaged(circle, name, email="haddad@example.org")
    assert "Auch diese einladen" in staff.get(invite_path(event)).text
    stops.stop(MailKind.INVITATION, "haddad@example.org")
    assert "Auch diese einladen" not in staff.get(invite_path(event)).text


@pytest.mark.parametrize(
    "query",
    [
        {"stages": "quark"},
        {"stages": "engaged", "since": "31.02.2026"},
        {"stages": "engaged", "hours": "-1"},
        {"stages": "engaged", "hours": "9" * 5000},
        {"stages": "engaged", "programme": "x", "district": "\x00"},
    ],
)
def test_criteria_that_are_none_are_named_and_invite_nobody(event, office, staff, query):
    engaged(office)
    response = staff.get(invite_path(event, **query))
    assert response.status_code == 422
    assert "errorlist" in response.text
    assert staff.post(invite_path(event, **query), {"others": "1"}).status_code == 422
    assert not Registration.objects.exists()


def test_page_asks_as_often_for_many(event, office, staff, django_assert_max_num_queries):
    for number in range(30):
        engaged(office, f"Nr. {number}")
    with django_assert_max_num_queries(20):
        staff.get(invite_path(event))


def test_who_may_not_add_people_to_the_list_may_not_invite(event, office, clock):
    deputy = factories.make_member(office, role=Membership.Role.REPORTING).user
    client = Client()
    client.force_login(deputy)
    assert client.get(invite_path(event)).status_code in (403, 404)
