"""Two people act at the same moment, on two real connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections

from tests import factories
from volunteers.errors import DomainError, TransitionNotAllowed
from volunteers.models import Application, Message, Reminder, Volunteer
from volunteers.models.statuses import Status
from volunteers.services import answering
from volunteers.services import applications as services
from volunteers.services.messages import write_message

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 5


def at_once(*calls):
    """Run ``calls`` in threads that start together; returns their results or exceptions."""
    barrier = Barrier(len(calls))

    def run(call):
        try:
            connection.ensure_connection()
            barrier.wait(timeout=60)
            return call()
        except DomainError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def answers(email):
    return {"email": email, "name": "Amina", "age": "adult"}


def submitted(entry, email):
    services.submit_application(entry=entry, answers=answers(email))
    return Application.objects.get(entry=entry, email=email)


@pytest.mark.slow
def test_two_people_race_for_the_last_place_and_one_waits():
    for round_ in range(ROUNDS):
        entry = factories.make_entry(
            title=f"Sprachcafé {round_}", organisation=factories.make_clearing_office(), places=1
        )
        both = [submitted(entry, f"{name}{round_}@example.org") for name in "ab"]
        at_once(*(lambda a=a: services.confirm_application(application=a) for a in both))
        statuses = sorted(Application.objects.filter(entry=entry).values_list("status", flat=True))
        assert statuses == [Status.NEW, Status.WAITING]


def test_double_click_makes_one_record():
    office = factories.make_clearing_office()
    for round_ in range(ROUNDS):
        email = f"amina{round_}@example.org"
        results = at_once(
            *[lambda e=email: services.submit_application(entry=None, answers=answers(e))] * 4
        )
        assert results == [None] * 4
        assert Application.objects.filter(email=email, organisation=office).count() == 1


def test_double_click_on_the_confirmation_confirms_once():
    factories.make_clearing_office()
    application = submitted(None, "amina@example.org")
    results = at_once(*[lambda: services.confirm_application(application=application)] * 3)
    assert sum(isinstance(r, TransitionNotAllowed) for r in results) == 2
    assert application.changes.filter(status=Status.NEW).count() == 1
    assert Volunteer.objects.count() == 1


def test_one_person_confirming_two_applications_at_once_becomes_one_volunteer():
    office = factories.make_clearing_office()
    entry = factories.make_entry(title="Sprachcafé", organisation=office)
    both = [submitted(entry, "amina@example.org"), submitted(None, "amina@example.org")]
    at_once(*(lambda a=a: services.confirm_application(application=a) for a in both))
    volunteer = Volunteer.objects.get(email="amina@example.org")
    assert set(volunteer.applications.all()) == set(both)


def test_two_coordinators_change_one_application_and_the_second_is_told():
    factories.make_clearing_office()
    users = [factories.make_user(f"{name}@example.org") for name in "ab"]
    application = services.confirm_application(application=submitted(None, "amina@example.org"))
    results = at_once(
        *(
            lambda u=u: services.change_status(
                application=application, status="declined", by=u, reason=f"Grund von {u}"
            )
            for u in users
        )
    )
    assert sum(isinstance(r, TransitionNotAllowed) for r in results) == 1
    assert application.changes.filter(status=Status.DECLINED).count() == 1


def test_withdrawing_and_declining_at_once_moves_up_one_person_only():
    office = factories.make_clearing_office()
    entry = factories.make_entry(title="Sprachcafé", organisation=office, places=1)
    first = services.confirm_application(application=submitted(entry, "a@example.org"))
    for name in "bc":
        services.confirm_application(application=submitted(entry, f"{name}@example.org"))
    user = factories.make_user()
    at_once(
        lambda: services.withdraw_application(application=first),
        lambda: services.change_status(
            application=first, status="declined", by=user, reason="Anders vergeben"
        ),
    )
    assert Application.objects.filter(entry=entry, status=Status.NEW).count() == 1
    assert Application.objects.filter(entry=entry, status=Status.WAITING).count() == 1


def unanswered(office):
    """An application that the office above a Freundeskreis may take over, and two people of that office."""
    circle = factories.make_circle(department=office)
    users = [factories.make_member(office).user for _ in range(2)]
    factories.make_member(circle)
    return factories.make_application(circle, contact_answer="no"), users


def test_two_take_over_at_once_and_the_second_is_told():
    application, users = unanswered(factories.make_clearing_office())
    results = at_once(
        *(
            lambda u=u: answering.take_over_application(
                application=Application.objects.get(pk=application.pk), by=u
            )
            for u in users
        )
    )
    assert sum(isinstance(r, DomainError) for r in results) == 1
    assert application.changes.filter(organisation__isnull=False).count() == 1


def test_two_hand_on_at_once_to_different_organisations_and_one_gets_it():
    circle = factories.make_circle()
    users = [factories.make_member(circle).user for _ in range(2)]
    targets = [factories.make_organisation(name) for name in ("Caritas", "Diakonie")]
    for target in targets:
        factories.make_member(target)
    for round_ in range(ROUNDS):
        application = factories.make_application(circle, f"Person {round_}")
        results = at_once(
            *(
                lambda u=u, t=t, a=application: answering.hand_on_application(
                    application=a, to=t, by=u
                )
                for u, t in zip(users, targets, strict=True)
            )
        )
        told = [r for r in results if isinstance(r, answering.AnsweredElsewhere)]
        assert len(told) == 1
        (change,) = application.changes.filter(organisation__isnull=False)
        application.refresh_from_db()
        assert application.organisation == change.organisation


def test_taking_over_while_the_organisation_answers_does_one_of_both():
    for round_ in range(ROUNDS):
        office = factories.make_clearing_office()
        circle = factories.make_circle(f"Freundeskreis {round_}", department=office)
        katrin, sabine = factories.make_member(circle).user, factories.make_member(office).user
        application = factories.make_application(circle, f"P{round_}", contact_answer="no")
        results = at_once(
            lambda a=application, u=sabine: answering.take_over_application(application=a, by=u),
            lambda a=application, u=katrin: services.change_status(
                application=a, status="in_contact", by=u
            ),
        )
        application.refresh_from_db()
        assert sum(isinstance(r, DomainError) for r in results) == 1
        assert (application.organisation == office) == (application.status == Status.NEW)


def test_two_remind_at_once_and_one_reminder_goes_out(mailoutbox):
    application, users = unanswered(factories.make_clearing_office())
    results = at_once(
        *(lambda u=u: answering.remind_organisation(application=application, by=u) for u in users)
    )
    assert sum(isinstance(r, answering.AlreadyReminded) for r in results) == 1
    assert len(mailoutbox) == Reminder.objects.count() == 1


def test_message_while_the_application_is_withdrawn_is_kept_before_or_refused_after():
    circle = factories.make_circle()
    katrin = factories.make_member(circle).user
    for round_ in range(ROUNDS):
        application = factories.make_application(circle, f"Person {round_}")
        written, _ = at_once(
            lambda a=application: write_message(application=a, text="Hallo", by=katrin),
            lambda a=application: services.withdraw_application(application=a),
        )
        application.refresh_from_db()
        assert application.status == Status.WITHDRAWN
        kept = application.messages.exists()
        assert kept == isinstance(written, Message)


def test_a_double_click_on_a_message_makes_one():
    application = factories.make_application(factories.make_circle())
    at_once(*[lambda: write_message(application=application, text="Hallo")] * 4)
    assert application.messages.count() == 1


def test_a_flood_at_once_stays_within_the_bound(settings):
    settings.MESSAGES_A_DAY = 2
    application = factories.make_application(factories.make_circle())
    at_once(*(lambda n=n: write_message(application=application, text=f"{n}") for n in range(6)))
    assert application.messages.count() == 2
