"""Two people change a preparation at the same moment, on two real connections."""

import datetime

import pytest
from django.utils import timezone

from tests import factories
from tests.volunteers.applications.test_races import ROUNDS, at_once
from volunteers.errors import DomainError
from volunteers.models import ConductCheck, StepRecord
from volunteers.models.statuses import Status
from volunteers.services import applications, checks, steps

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def programme(transactional_db):
    return factories.make_prepared_programme(requires_conduct_check=True)


@pytest.fixture
def users(programme):
    return [factories.make_member(programme.organisation).user for _ in "ab"]


def make(programme, number=0, **fields):
    values = {"entry": programme, "status": Status.IN_CONTACT} | fields
    return factories.make_application(programme.organisation, f"Person {number}", **values)


def inspection(application, by, **fields):
    today = timezone.localdate()
    values = {"seen_on": today, "issued_on": today, "is_clear": True} | fields
    return checks.record_inspection(application=application, by=by, **values)


def prepare(application, programme, by):
    for step in programme.steps.all():
        steps.record_step(
            application=application, step=step, on=timezone.localdate(), how="talk", by=by
        )
    inspection(application, by)


def test_two_coordinators_record_one_step_and_the_second_is_told(programme, users):
    step = programme.steps.get(kind="interview")
    for number in range(ROUNDS):
        application = make(programme, number)
        results = at_once(
            *(
                lambda u=u, a=application: steps.record_step(
                    application=a, step=step, on=timezone.localdate(), how="talk", by=u
                )
                for u in users
            )
        )
        assert sum(isinstance(r, steps.AlreadyRecorded) for r in results) == 1
        assert StepRecord.objects.filter(application=application).count() == 1
        assert application.changes.count() == 1


def test_recording_and_sparing_one_step_at_once_leaves_one_answer(programme, users):
    step = programme.steps.get(kind="training")
    application = make(programme)
    results = at_once(
        lambda: steps.record_step(
            application=application, step=step, on=timezone.localdate(), how="talk", by=users[0]
        ),
        lambda: steps.waive_step(
            application=application, step=step, by=users[1], reason="War schon dabei"
        ),
    )
    assert sum(isinstance(r, steps.AlreadyRecorded) for r in results) == 1
    assert StepRecord.objects.count() == 1


def test_double_click_on_a_commitment_makes_one_record(programme):
    step = programme.steps.get(kind="commitment")
    application = make(programme)
    results = at_once(
        *[lambda: steps.accept_commitment(application=application, step=step, version=1)] * 3
    )
    assert len({record.pk for record in results}) == 1
    assert application.changes.count() == 1


def test_two_coordinators_note_one_inspection_and_one_row_is_kept(programme, users):
    for number in range(ROUNDS):
        application = make(programme, number)
        results = at_once(
            *(lambda u=u, a=application: inspection(a, u) for u in users),
        )
        assert {type(result) for result in results} == {ConductCheck}
        assert ConductCheck.objects.filter(volunteer=application.volunteer).count() == 1


def test_inspections_through_two_applications_of_one_person_make_one_row(programme, users):
    for number in range(ROUNDS):
        first = make(programme, number)
        chance = factories.make_entry(organisation=programme.organisation, part_of=programme)
        second = make(programme, number, entry=chance, volunteer=first.volunteer)
        results = at_once(
            lambda a=first: inspection(a, users[0]), lambda a=second: inspection(a, users[1])
        )
        assert not [r for r in results if isinstance(r, DomainError)]
        assert ConductCheck.objects.filter(volunteer=first.volunteer).count() == 1


@pytest.mark.slow
def test_training_attended_and_entered_by_hand_at_once_is_one_step(programme, users):
    step, today = programme.steps.get(kind="training"), timezone.localdate()
    event = factories.make_event(organisation=programme.organisation, part_of=programme)
    for number in range(ROUNDS):
        application = make(programme, number)
        at_once(
            lambda a=application: steps.complete_training(
                volunteer=a.volunteer, event=event, on=today
            ),
            lambda a=application: steps.record_step(
                application=a, step=step, on=today, how="talk", by=users[0]
            ),
        )
        assert StepRecord.objects.filter(application=application).count() == 1


@pytest.mark.slow
def test_step_opened_again_while_somebody_is_made_ready_is_never_overlooked(programme, users):
    step = programme.steps.get(kind="interview")
    for number in range(ROUNDS):
        application = make(programme, number)
        prepare(application, programme, users[0])
        at_once(
            lambda a=application: steps.reopen_step(application=a, step=step, by=users[0]),
            lambda a=application: applications.change_status(
                application=a, status="ready", by=users[1]
            ),
        )
        if not StepRecord.objects.filter(application=application, step=step).exists():
            with pytest.raises(DomainError):
                applications.change_status(application=application, status="placed", by=users[1])


@pytest.mark.slow
def test_placement_while_the_certificate_is_being_deleted_has_one_winner(programme, users):
    """The other application that needed the certificate ends while this one is placed."""
    for number in range(ROUNDS):
        first = make(programme, number)
        chance = factories.make_entry(organisation=programme.organisation, part_of=programme)
        second = make(programme, number, entry=chance, volunteer=first.volunteer)
        prepare(first, programme, users[0])
        prepare(second, programme, users[0])
        applications.change_status(application=first, status="ready", by=users[0])
        at_once(
            lambda a=first: applications.change_status(application=a, status="placed", by=users[0]),
            lambda a=second: applications.withdraw_application(application=a),
            checks.delete_unneeded_checks,
        )
        first.refresh_from_db()
        assert first.status == Status.PLACED
        assert ConductCheck.objects.filter(volunteer=first.volunteer).exists()


@pytest.mark.slow
def test_nobody_is_placed_on_a_certificate_whose_time_to_go_has_come(programme, users):
    """Its last placement ended six months ago: either the job deletes it first, or the placement is first."""
    for number in range(ROUNDS):
        first = make(programme, number)
        prepare(first, programme, users[0])
        for status in ("ready", "placed"):
            applications.change_status(application=first, status=status, by=users[0])
        chance = factories.make_entry(organisation=programme.organisation, part_of=programme)
        second = make(programme, number, entry=chance, volunteer=first.volunteer)
        prepare(second, programme, users[0])
        applications.change_status(application=second, status="ready", by=users[0])
        applications.change_status(application=first, status="completed", by=users[0])
        long_ago = timezone.now() - datetime.timedelta(days=200)
        first.changes.update(at=long_ago)
        ConductCheck.objects.update(seen_on=long_ago.date(), issued_on=long_ago.date())
        at_once(
            lambda a=second: applications.change_status(
                application=a, status="placed", by=users[0]
            ),
            checks.delete_unneeded_checks,
        )
        second.refresh_from_db()
        kept = ConductCheck.objects.filter(volunteer=second.volunteer).exists()
        assert kept == (second.status == Status.PLACED)


@pytest.mark.slow
def test_two_applications_that_end_at_once_take_the_certificate_along(programme, users):
    for number in range(ROUNDS):
        first = make(programme, number)
        chance = factories.make_entry(organisation=programme.organisation, part_of=programme)
        second = make(programme, number, entry=chance, volunteer=first.volunteer)
        inspection(first, users[0])
        at_once(
            lambda a=first: applications.withdraw_application(application=a),
            lambda a=second: applications.change_status(
                application=a, status="declined", by=users[1], reason="Passt nicht"
            ),
        )
        assert not ConductCheck.objects.filter(volunteer=first.volunteer).exists()
