"""The attendance list, qualifications, and registrations in the admin."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programs.models import ProgrammeStep
from tests import factories
from tests.clients import client_of
from tests.factories import BERLIN, make_event, make_registration
from tests.people import person_at
from tests.volunteers.applications.test_races import at_once
from volunteers import reminders, sections
from volunteers.errors import TooEarly
from volunteers.models import Application, Qualification, Registration, StepRecord, Volunteer
from volunteers.models.registrations import RegistrationStatus as S
from volunteers.services import attendance
from volunteers.services.registrations import Guest

pytestmark = pytest.mark.django_db

START = datetime.datetime(2026, 3, 20, 18, tzinfo=BERLIN)


@pytest.fixture
def office():
    return factories.make_clearing_office()


@pytest.fixture
def katrin(office):
    """Works for the office that keeps the list."""
    return factories.make_member(office).user


@pytest.fixture
def clock():
    with time_machine.travel(START + datetime.timedelta(hours=1), tick=False) as traveller:
        yield traveller


@pytest.fixture
def event(clock, office, katrin):
    """A training that gives a qualification for a year, one hour after it began."""
    return training(office)


def training(office, **fields):
    defaults = {
        "starts_at": START,
        "takes_registrations": True,
        "qualification": "Grundschulung",
        "qualification_months": 12,
        "kind": "training",
    }
    return make_event("Grundschulung", organisation=office, **(defaults | fields))


def url_of(event):
    return reverse("admin:programs_event_attendance", args=[event.pk])


def tick(client, event, *, shown, was=(), now=()):
    data = {"row": [r.pk for r in shown], "was": [r.pk for r in was]}
    return client.post(url_of(event), data | {"attended": [r.pk for r in now]})


def present(event):
    return set(Registration.objects.filter(event=event, attended=True))


# --- The page ---------------------------------------------------------------------------------


def test_list_names_event_people_and_what_to_prepare(event, katrin, office):
    seat = make_registration(event, "Amina <b>", note="Kinderbetreuung\nfür zwei")
    make_registration(event, "Wartende", status=S.WAITING)
    make_registration(event, "Abgemeldete", status=S.CANCELLED)
    page = client_of(katrin).get(url_of(event)).text
    for words in ("20. März 2026, 18:00", "Rathaus Stuttgart", "Amina &lt;b&gt;", "für zwei"):
        assert words in page
    assert "Wartende" not in page
    assert "Abgemeldete" not in page
    assert f'value="{seat.pk}"' in page
    assert "20. März 2027" in page  # the last day of the qualification


def test_event_and_list_of_events_lead_to_the_page(event, katrin):
    make_registration(event)
    client = client_of(katrin)
    for url in (
        reverse("admin:programs_event_changelist"),
        reverse("admin:programs_event_change", args=[event.pk]),
    ):
        assert url_of(event) in client.get(url).text


def test_department_sees_the_event_of_a_circle_but_not_who_comes(clock, office, katrin):
    circle = factories.make_circle(department=office)
    coordinator = factories.make_member(circle).user
    event = training(circle)
    make_registration(event)
    department = client_of(katrin)
    change = department.get(reverse("admin:programs_event_change", args=[event.pk]))
    assert change.status_code == 200
    assert url_of(event) not in change.text
    assert department.get(url_of(event)).status_code == 404
    assert department.post(url_of(event)).status_code == 404
    assert client_of(coordinator).get(url_of(event)).status_code == 200


def test_ticking_saves_only_what_was_changed_on_the_page(event, katrin):
    a, b, c = (make_registration(event, name) for name in ("A", "B", "C"))
    client = client_of(katrin)
    tick(client, event, shown=[a, b, c], now=[a, b])
    assert present(event) == {a, b}
    # A page that was opened before sends only C; the ticks of others stay.
    tick(client, event, shown=[a, b, c], now=[c])
    assert present(event) == {a, b, c}
    tick(client, event, shown=[a, b, c], was=[a, b, c], now=[a, c])
    assert present(event) == {a, c}


@pytest.mark.slow
def test_page_tells_how_many_have_changed(event, katrin):
    seat = make_registration(event)
    client = client_of(katrin)
    response = client.post(url_of(event), {"row": [seat.pk], "attended": [seat.pk]}, follow=True)
    assert "1 Eintrag geändert." in response.text
    history = client.get(reverse("admin:programs_event_history", args=[event.pk])).text
    assert "Teilnahmeliste: 1 Eintrag" in history
    response = client.post(url_of(event), {"row": ["x", "9" * 30, ""]}, follow=True)
    assert "Nichts geändert." in response.text


def test_registrations_of_another_event_are_not_ticked_here(event, katrin, office):
    foreign = make_registration(training(office))
    waits = make_registration(event, status=S.WAITING)
    tick(client_of(katrin), event, shown=[foreign, waits], now=[foreign, waits])
    assert not Registration.objects.filter(attended=True).exists()


def test_before_the_day_of_the_event_nobody_is_ticked(event, katrin, clock):
    seat = make_registration(event)
    clock.move_to(datetime.datetime(2026, 3, 19, 23, 59, tzinfo=BERLIN))
    client = client_of(katrin)
    page = client.get(url_of(event)).text
    assert "Abhaken können Sie ab dem 20. März" in page
    assert 'type="checkbox"' not in page
    response = client.post(url_of(event), {"row": [seat.pk], "attended": [seat.pk]}, follow=True)
    assert "erst am Tag des Termins" in response.text
    assert not present(event)
    clock.move_to(datetime.datetime(2026, 3, 20, 0, 0, tzinfo=BERLIN))
    tick(client, event, shown=[seat], now=[seat])
    assert present(event) == {seat}


def test_nobody_attends_what_was_cancelled(event, katrin):
    event.is_cancelled = True
    event.save()
    with pytest.raises(TooEarly):
        attendance.record_attendance(event=event, ticked={}, by=katrin)


def test_who_comes_unannounced_is_added_and_ticked_without_a_mail(event, katrin):
    event.capacity = 1
    event.save()
    make_registration(event)
    data = {"add": "1", "name": "Zeynep", "email": " Zeynep@Example.org"}
    assert client_of(katrin).post(url_of(event), data).status_code == 302
    added = Registration.objects.get(email="zeynep@example.org")
    assert (added.name, added.status, added.attended) == ("Zeynep", S.REGISTERED, True)
    assert not mail.outbox
    assert Qualification.objects.filter(volunteer__email=added.email).exists()


def test_who_waited_and_came_gets_the_one_record_they_have(event, katrin):
    waits = make_registration(event, email="z@example.org", status=S.WAITING)
    guest = Guest(name="amira haddad", email="z@example.org")
    assert attendance.admit_at_the_door(event=event, guest=guest, by=katrin) == waits
    assert present(event) == {waits}


def test_errors_at_the_door_keep_what_was_typed(event, katrin):
    data = {"add": "1", "name": "Zeynep", "email": "zeynep@"}
    response = client_of(katrin).post(url_of(event), data)
    assert response.status_code == 422
    assert 'value="Zeynep"' in response.text
    assert "nicht vollständig" in response.text


def test_page_takes_as_many_queries_for_thirty_people_as_for_one(event, katrin):
    client = client_of(katrin)

    def count():
        with CaptureQueriesContext(connection) as queries:
            client.get(url_of(event))
        return len(queries)

    make_registration(event)
    once = count()
    for number in range(29):
        make_registration(event, f"Gast {number}")
    assert count() == once


# --- What somebody has by having attended -----------------------------------------------------


def test_ticking_gives_the_qualification_and_unticking_takes_it(event, katrin):
    seat = make_registration(event, "Amina", email="amina@example.org")
    client = client_of(katrin)
    tick(client, event, shown=[seat], now=[seat])
    given = Qualification.objects.get()
    assert (given.volunteer.email, given.volunteer.name) == ("amina@example.org", "Amina")
    assert (given.title, given.acquired_on) == ("Grundschulung", START.date())
    assert given.expires_on == datetime.date(2027, 3, 20)
    seat.refresh_from_db()
    assert seat.volunteer == given.volunteer
    tick(client, event, shown=[seat], was=[seat])
    assert not Qualification.objects.exists()
    seat.refresh_from_db()
    assert seat.attended is False


def test_person_who_is_known_keeps_their_own_record(event, katrin):
    volunteer = factories.make_volunteer("Amina Haddad", email="amina@example.org")
    seat = make_registration(event, "HADDAD, Amina", email="amina@example.org")
    attendance.record_attendance(event=event, ticked={seat.pk: True}, by=katrin)
    assert Volunteer.objects.get() == volunteer
    assert Volunteer.objects.get().name == "Amina Haddad"


def test_without_a_qualification_no_record_of_the_person_is_made(event, katrin):
    event.qualification = ""
    event.save()
    seat = make_registration(event)
    attendance.record_attendance(event=event, ticked={seat.pk: True}, by=katrin)
    assert present(event) == {seat}
    assert not Volunteer.objects.exists()


def test_qualification_named_later_reaches_who_was_ticked_before(event, katrin):
    event.qualification = ""
    event.save()
    seat = make_registration(event)
    attendance.record_attendance(event=event, ticked={seat.pk: True}, by=katrin)
    event.qualification = "Grundschulung"
    event.save()
    attendance.record_attendance(event=event, ticked={}, by=katrin)
    assert Qualification.objects.get().volunteer.email == seat.email


def test_attending_takes_the_training_step_once_and_unticking_opens_it_again(event, katrin, office):
    programme = factories.make_programme(organisation=office)
    for position, title in enumerate(("Grundschulung", "Aufbauschulung")):
        programme.steps.create(kind=ProgrammeStep.Kind.TRAINING, title=title, position=position)
    application = factories.make_application(
        office, entry=programme, status=Application.Status.IN_TRAINING
    )
    event.part_of = programme
    event.save()
    seat = make_registration(event, email=application.email)

    def steps():
        return list(StepRecord.objects.values_list("step__title", flat=True))

    for _ in range(2):
        attendance.record_attendance(event=event, ticked={seat.pk: True}, by=katrin)
        assert steps() == ["Grundschulung"]
    attendance.record_attendance(event=event, ticked={seat.pk: False}, by=katrin)
    assert steps() == []
    attendance.record_attendance(event=event, ticked={seat.pk: True}, by=katrin)
    assert steps() == ["Grundschulung"]


@pytest.mark.slow
def test_end_of_a_qualification_is_announced_sixty_days_before_and_once(event, katrin, clock):
    seat = make_registration(event, email="amina@example.org")
    attendance.record_attendance(event=event, ticked={seat.pk: True}, by=katrin)
    sent = []
    for day in ((2027, 1, 18), (2027, 1, 19), (2027, 1, 20), (2027, 3, 20)):
        clock.move_to(datetime.datetime(*day, 12, tzinfo=BERLIN))
        mail.outbox.clear()
        reminders.send_due()
        sent.append([(m.to, m.subject) for m in mail.outbox])
    subject = "Ihre Qualifikation läuft bald ab: Grundschulung"
    assert sent == [[], [(["amina@example.org"], subject)], [], []]


def test_renewed_or_ended_qualification_is_not_announced(event, katrin, clock, office):
    seat = make_registration(event, email="amina@example.org")
    attendance.record_attendance(event=event, ticked={seat.pk: True}, by=katrin)
    renewed = Qualification.objects.get()
    Qualification.objects.create(
        volunteer=renewed.volunteer,
        event=training(office),
        title=renewed.title,
        acquired_on=START.date() + datetime.timedelta(days=100),
    )
    clock.move_to(datetime.datetime(2027, 2, 1, 12, tzinfo=BERLIN))
    mail.outbox.clear()
    reminders.send_due()
    assert not mail.outbox
    Qualification.objects.exclude(pk=renewed.pk).delete()
    clock.move_to(datetime.datetime(2027, 3, 21, 12, tzinfo=BERLIN))
    reminders.send_due()
    assert not mail.outbox


def test_person_sees_events_ahead_offers_first_and_qualifications(event, katrin, clock, office):
    make_registration(event, email="amina@example.org", attended=True)
    attendance.record_attendance(event=event, ticked={}, by=katrin)
    clock.shift(datetime.timedelta(days=1))
    soon = START + datetime.timedelta(days=10)
    ahead = training(office, starts_at=soon)
    make_registration(
        ahead, email="amina@example.org", status=S.OFFERED, offer_until=soon - datetime.timedelta(2)
    )
    make_registration(training(office, starts_at=soon), email="ben@example.org")
    person = person_at("amina@example.org")
    section = next(s for s in sections.of_person(person) if "registrations" in s.template)
    assert [r.event for r, _ in section.context["ahead"]] == [ahead]
    assert [r.event for r, _ in section.context["attended"]] == [event]
    assert [q.title for q in section.context["qualifications"]] == ["Grundschulung"]
    shown = render_to_string(section.template, {"section": section.context})
    for words in ("Platz annehmen", "Absagen", "Da war ich dabei", "gültig bis 20. März 2027"):
        assert words in shown
    (point,) = sections.open_points(person)
    assert "Ein Platz ist frei: Grundschulung" in point.text
    assert Client().get(point.url).status_code == 200


# --- The administration -----------------------------------------------------------------------


@pytest.fixture
def ahead(office, katrin):
    return make_event("Schulung", organisation=office, takes_registrations=True, capacity=1)


def add(user, **data):
    return client_of(user).post(reverse("admin:volunteers_registration_add"), data)


@pytest.mark.slow
def test_staff_adds_somebody_who_asked_by_phone(ahead, katrin):
    data = {"event": ahead.pk, "name": "Amina", "email": "Amina@example.org", "note": "Rollstuhl"}
    assert add(katrin, **data).status_code == 302
    added = Registration.objects.get()
    assert (added.email, added.status, added.note) == (
        "amina@example.org",
        S.REGISTERED,
        "Rollstuhl",
    )
    assert mail.outbox[0].subject == "Ihr Platz: Schulung"
    again = add(katrin, **data)
    assert "steht schon auf der Liste" in again.text
    assert 'value="Amina"' in again.text


def test_staff_adds_again_who_had_cancelled(ahead, katrin):
    make_registration(ahead, email="amina@example.org", status=S.CANCELLED)
    add(katrin, event=ahead.pk, name="Amira Haddad", email="amina@example.org")
    assert Registration.objects.get().status == S.REGISTERED


def test_department_cannot_add_to_a_list_that_others_keep(office, katrin):
    circle = factories.make_circle(department=office)
    factories.make_member(circle)
    event = make_event("Treffen", organisation=circle, takes_registrations=True)
    response = add(katrin, event=event.pk, name="Amina", email="amina@example.org")
    assert "führt eine andere Stelle" in response.text
    assert not Registration.objects.exists()


def test_staff_cancels_with_a_reason_that_the_person_reads(ahead, katrin):
    seat = make_registration(ahead)
    client = client_of(katrin)
    url = reverse("admin:volunteers_registration_cancel", args=[seat.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"reason": "Doppelt gebucht"}).status_code == 302
    seat.refresh_from_db()
    assert seat.status == S.CANCELLED
    assert "Doppelt gebucht" in mail.outbox[0].body
    assert "nichts zurückzunehmen" in client.get(url).text
    assert "inzwischen geändert" in client.post(url, follow=True).text


def test_correcting_a_name_does_not_undo_a_cancellation(ahead, katrin):
    seat = make_registration(ahead, "Amna")
    client = client_of(katrin)
    url = reverse("admin:volunteers_registration_change", args=[seat.pk])
    client.get(url)
    Registration.objects.filter(pk=seat.pk).update(status=S.CANCELLED)
    data = {"name": "Amina", "note": "", "consents-TOTAL_FORMS": 0, "consents-INITIAL_FORMS": 0}
    assert client.post(url, data).status_code == 302
    seat.refresh_from_db()
    assert (seat.name, seat.status) == ("Amina", S.CANCELLED)


def test_nobody_sees_what_is_not_confirmed(ahead, katrin):
    make_registration(ahead, "Heimlich", status=S.UNCONFIRMED, confirmed_at=None)
    page = client_of(katrin).get(reverse("admin:volunteers_registration_changelist"))
    assert "Heimlich" not in page.text


def test_list_is_filtered_by_event_and_exported(ahead, katrin, office):
    make_registration(ahead, "Amina", note="=1+1")
    make_registration(make_event("Anderes", organisation=office), "Ben")
    client = client_of(katrin)
    query = f"?event__id__exact={ahead.pk}"
    url = reverse("admin:volunteers_registration_changelist") + query
    assert {r.name for r in client.get(url).context["cl"].queryset} == {"Amina"}
    response = client.post(
        reverse("admin:volunteers_registration_export") + query,
        {"format": "csv", "purpose": "Rundmail"},
    )
    text = b"".join(response).decode("utf-8-sig")
    assert "Amina" in text
    assert "Ben" not in text
    assert "angemeldet" in text
    assert ";=1+1" not in text  # no formula in the spreadsheet


@pytest.mark.slow
@pytest.mark.parametrize("model", ["programs_event", "volunteers_registration"])
def test_lists_take_as_many_queries_for_thirty_rows_as_for_one(katrin, office, model):
    client = client_of(katrin)

    def count():
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(f"admin:{model}_changelist"))
        return len(queries)

    def fill(number):
        event = make_event(f"Termin {number}", organisation=office, takes_registrations=True)
        make_registration(event, f"Gast {number}")

    fill(0)
    once = count()
    for number in range(1, 30):
        fill(number)
    assert count() == once


def test_list_of_events_counts_seats_and_who_waits(katrin, office):
    event = make_event("Schulung", organisation=office, takes_registrations=True, capacity=2)
    for status in (S.REGISTERED, S.OFFERED, S.WAITING, S.CANCELLED):
        make_registration(event, status=status, offer_until=event.starts_at)
    page = client_of(katrin).get(reverse("admin:programs_event_changelist")).text
    assert "2 von 2, 1 wartend" in page


@pytest.mark.slow
def test_start_page_asks_for_lists_that_nobody_has_ticked(event, katrin, clock, office):
    seat = make_registration(event)
    make_registration(training(office, starts_at=START + datetime.timedelta(days=9)))
    training(office)  # nobody came
    client = client_of(katrin)

    def tiles():
        work = client.get(reverse("admin:index")).context["work"]
        return [t for t in work.open_points if "abzuhaken" in t.label]

    (tile,) = tiles()
    listed = client.get(tile.url).context["cl"].queryset
    assert (tile.count, list(listed)) == (1, [event])
    tick(client, event, shown=[seat], now=[seat])
    assert tiles() == []


# --- Two at once ------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_people_tick_the_same_list_at_once_and_nothing_is_lost():
    office = factories.make_clearing_office()
    katrin, sabine = factories.make_member(office).user, factories.make_member(office).user
    for _ in range(4):
        event = training(office, starts_at=datetime.datetime.now(BERLIN))
        rows = [make_registration(event, f"Gast {n}") for n in range(6)]
        at_once(
            lambda e=event, r=rows[:4]: attendance.record_attendance(
                event=e, ticked={x.pk: True for x in r}, by=katrin
            ),
            lambda e=event, r=rows[2:]: attendance.record_attendance(
                event=e, ticked={x.pk: True for x in r}, by=sabine
            ),
        )
        assert present(event) == set(rows)
        assert Qualification.objects.filter(event=event).count() == len(rows)
