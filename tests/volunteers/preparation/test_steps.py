"""Steps before the start: which are open, who takes them, and the check before „startbereit“."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from programs.models import ProgrammeStep
from tests import factories
from volunteers.errors import DomainError, NotReady, TransitionNotAllowed
from volunteers.models import Application, StatusChange, StepRecord
from volunteers.models.statuses import Status
from volunteers.reads import preparation, timeline
from volunteers.reads.preparation import State, progress_of, progress_of_all
from volunteers.services import applications, steps

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _friday(time_machine):
    time_machine.move_to(datetime.datetime(2026, 11, 20, 10, tzinfo=factories.BERLIN))


@pytest.fixture
def programme(db):
    return factories.make_prepared_programme()


@pytest.fixture
def eva(programme):
    return factories.make_member(programme.organisation, factories.make_user(name="Eva")).user


@pytest.fixture
def application(programme):
    return factories.make_application(
        programme.organisation, entry=programme, status=Status.IN_CONTACT
    )


def step_of(programme, kind):
    return programme.steps.get(kind=kind)


def take(application, step, by, **fields):
    values = {"on": TODAY, "how": "talk"} | fields
    return steps.record_step(application=application, step=step, by=by, **values)


def take_all(application, programme, by):
    for step in programme.steps.exclude(kind="conduct_check"):
        take(application, step, by)


def move(application, status, by):
    return applications.change_status(application=application, status=status, by=by)


# --- What is open -------------------------------------------------------------------------


def test_steps_stand_in_the_programmes_order_and_are_open_until_recorded(programme, application):
    programme.steps.filter(kind="interview").update(position=1)
    progress = progress_of(application)
    assert [i.title for i in progress.items] == [
        "Erstgespräch",
        "Einführungsabend",
        "Verschwiegenheit",
    ]
    assert {item.state for item in progress.items} == {State.OPEN}
    assert progress.next.title == "Erstgespräch"


def test_an_opportunity_asks_for_the_steps_of_its_programme(programme):
    chance = factories.make_entry(organisation=programme.organisation, part_of=programme)
    application = factories.make_application(programme.organisation, entry=chance)
    assert len(progress_of(application).items) == 3


def test_rooms_circles_and_open_wishes_ask_for_nothing(programme):
    office = programme.organisation
    room = factories.make_room()
    in_room = factories.make_entry("Café", organisation=office, part_of=room)
    for entry in (None, room, in_room, factories.make_circle()):
        application = factories.make_application(office, entry=entry)
        assert not progress_of(application)
        assert progress_of(application).is_complete


@pytest.mark.slow
def test_progress_of_many_takes_as_many_queries_as_of_one(
    programme, eva, django_assert_num_queries
):
    many = [
        factories.make_application(programme.organisation, f"Person {n}", entry=programme)
        for n in range(30)
    ]
    for application in many:
        take(application, step_of(programme, "interview"), eva)
    with django_assert_num_queries(5):
        progress_of_all(many[:1])
    with django_assert_num_queries(5):
        found = progress_of_all(many)
        assert sum(len(one.missing) for one in found.values()) == 60
        assert all(
            item.record.by.name for one in found.values() for item in one.items if item.record
        )


def test_lists_of_open_preparation_agree_with_the_page_of_each(programme, eva, application):
    done = factories.make_application(programme.organisation, "Fertig", entry=programme)
    take_all(done, programme, eva)
    chance = factories.make_entry(organisation=programme.organisation, part_of=programme)
    open_chance = factories.make_application(programme.organisation, "Offen", entry=chance)
    factories.make_application(programme.organisation, "Ohne", entry=factories.make_room())
    flagged = factories.make_programme("STARTklar", requires_conduct_check=True)
    unseen = factories.make_application(programme.organisation, "Schule", entry=flagged)
    everyone = Application.objects.all()
    lacking = preparation.with_open_steps(everyone)
    assert set(lacking) == {application, open_chance, unseen}
    assert {one for one in everyone if not progress_of(one).is_complete} == set(lacking)
    assert set(preparation.with_steps(everyone)) == {application, open_chance, unseen, done}


# --- Taking steps -------------------------------------------------------------------------


def test_recorded_step_says_when_how_and_by_whom(programme, eva, application):
    take(application, step_of(programme, "interview"), eva, how="talk", note="Sehr herzlich.")
    item = progress_of(application).items[1]
    assert item.state == State.DONE
    assert (item.on, item.record.get_how_display(), item.record.by) == (TODAY, "im Gespräch", eva)


def test_history_shows_the_staff_who_recorded_what_and_the_person_only_moves(
    programme, eva, application
):
    StatusChange.objects.create(application=application, status="in_contact", actor="staff")
    take(application, step_of(programme, "interview"), eva)
    last = timeline.for_staff(application)[-1]
    assert (last.who, last.text) == ("Eva", "Erstgespräch: erledigt am 20.11.2026, im Gespräch.")
    assert [one.status for one in timeline.for_person(application)] == ["in_contact"]


def test_step_cannot_be_taken_tomorrow(programme, eva, application):
    with pytest.raises(DomainError, match="Zukunft"):
        take(application, step_of(programme, "interview"), eva, on=datetime.date(2026, 11, 21))
    assert not StepRecord.objects.exists()


def test_step_is_recorded_once(programme, eva, application):
    take(application, step_of(programme, "interview"), eva)
    with pytest.raises(steps.AlreadyRecorded):
        take(application, step_of(programme, "interview"), eva)
    assert StepRecord.objects.count() == 1


def test_step_of_another_programme_is_refused(eva, application):
    other = factories.make_prepared_programme("Andere")
    with pytest.raises(DomainError, match="gehört nicht"):
        take(application, step_of(other, "interview"), eva)


@pytest.mark.parametrize("status", [Status.UNCONFIRMED, Status.WITHDRAWN, Status.COMPLETED])
def test_nothing_is_recorded_before_confirmation_or_after_the_end(programme, eva, status):
    application = factories.make_application(programme.organisation, entry=programme, status=status)
    with pytest.raises(DomainError, match="beendet oder noch nicht bestätigt"):
        take(application, step_of(programme, "interview"), eva)


def test_waived_step_needs_a_reason_and_counts_as_settled(programme, eva, application):
    step = step_of(programme, "training")
    with pytest.raises(DomainError, match="warum"):
        steps.waive_step(application=application, step=step, by=eva, reason="  ")
    steps.waive_step(application=application, step=step, by=eva, reason="War 2025 dabei.")
    item = progress_of(application).items[0]
    assert item.state == State.WAIVED
    assert not item.is_open
    assert application.changes.last().note == "Einführungsabend: erlassen. War 2025 dabei."


def test_certificate_can_neither_be_waived_nor_ticked_off(programme, eva, application):
    step = factories.make_step(programme, "Führungszeugnis", kind="conduct_check")
    for attempt in (
        lambda: take(application, step, eva),
        lambda: steps.waive_step(application=application, step=step, by=eva, reason="Bekannt"),
    ):
        with pytest.raises(DomainError, match="Einsicht eintragen"):
            attempt()
    assert not StepRecord.objects.exists()


def test_reopened_step_is_open_and_the_history_keeps_what_it_was(programme, eva, application):
    step = step_of(programme, "interview")
    take(application, step, eva)
    steps.reopen_step(application=application, step=step, by=eva)
    assert progress_of(application).items[1].is_open
    last = application.changes.last()
    assert (last.by, "eingetragen war „erledigt“ am 20.11.2026" in last.note) == (eva, True)
    with pytest.raises(DomainError, match="schon offen"):
        steps.reopen_step(application=application, step=step, by=eva)
    take(application, step, eva)


# --- Commitment ---------------------------------------------------------------------------


def test_accepted_commitment_keeps_version_and_words(programme, application):
    step = step_of(programme, "commitment")
    record = steps.accept_commitment(application=application, step=step, version=1)
    assert (record.text_version, record.text, record.how) == (1, step.text, "portal")
    step.text = "Neue Worte."
    step.save()
    item = progress_of(application).items[2]
    assert item.record.text == "Ich schweige über alles, was mir anvertraut wird."
    assert item.has_newer_text
    assert not item.is_open


def test_commitment_whose_text_changed_meanwhile_has_to_be_read_again(programme, application):
    step = step_of(programme, "commitment")
    step.text = "Neue Worte."
    step.save()
    with pytest.raises(steps.TextChanged):
        steps.accept_commitment(application=application, step=step, version=1)
    assert not StepRecord.objects.exists()


def test_other_steps_cannot_be_accepted_by_the_person(programme, application):
    with pytest.raises(DomainError):
        steps.accept_commitment(
            application=application, step=step_of(programme, "interview"), version=1
        )
    assert not StepRecord.objects.exists()


def test_commitment_on_paper_keeps_the_words_of_that_day(programme, eva, application):
    step = step_of(programme, "commitment")
    record = take(application, step, eva, how="paper")
    assert (record.text_version, record.text) == (1, step.text)


# --- Training -----------------------------------------------------------------------------


def test_attended_training_takes_the_first_open_training_step(programme, application):
    factories.make_step(programme, "Grundschulung", kind="training")
    event = factories.make_event(organisation=programme.organisation, part_of=programme)
    person = application.volunteer
    assert steps.complete_training(volunteer=person, event=event, on=TODAY) == 1
    first, *_, last = progress_of(application).items
    assert (first.state, first.record.how, first.record.note) == (State.DONE, "event", event.title)
    assert last.is_open
    assert application.changes.last().actor == StatusChange.Actor.SYSTEM
    assert steps.complete_training(volunteer=person, event=event, on=TODAY) == 0  # told again
    more = factories.make_event(
        "Grundschulung", organisation=programme.organisation, part_of=programme
    )
    assert steps.complete_training(volunteer=person, event=more, on=TODAY) == 1
    assert steps.complete_training(volunteer=person, event=more, on=TODAY) == 0


def test_training_of_an_opportunity_counts_for_the_whole_programme(programme, application):
    chance = factories.make_entry(organisation=programme.organisation, part_of=programme)
    event = factories.make_event(organisation=programme.organisation, part_of=chance)
    assert steps.complete_training(volunteer=application.volunteer, event=event, on=TODAY) == 1


def test_training_counts_only_where_it_belongs(programme, application):
    own = {"organisation": programme.organisation}
    person = application.volunteer
    elsewhere = factories.make_prepared_programme("Andere")
    for event in (
        factories.make_event("Ohne Programm", **own),
        factories.make_event("Anderes", part_of=elsewhere, **own),
        factories.make_event("Fest", part_of=programme, kind="encounter", **own),
        factories.make_event("Raum", part_of=factories.make_room(), **own),
    ):
        assert steps.complete_training(volunteer=person, event=event, on=TODAY) == 0
    event = factories.make_event(part_of=programme, **own)
    stranger = factories.make_volunteer("Fremde")
    assert steps.complete_training(volunteer=stranger, event=event, on=TODAY) == 0
    Application.objects.update(status=Status.WITHDRAWN)
    assert steps.complete_training(volunteer=person, event=event, on=TODAY) == 0
    assert not StepRecord.objects.exists()


# --- The gate -----------------------------------------------------------------------------


def test_nobody_is_ready_while_steps_are_open_and_the_sentence_lists_them(
    programme, eva, application
):
    take(application, step_of(programme, "training"), eva)
    with pytest.raises(NotReady) as refusal:
        move(application, "ready", eva)
    assert str(refusal.value) == (
        "Es fehlt: Erstgespräch, Verschwiegenheit. "
        "Eintragen unter „Vorbereitung“ auf der Seite der Anmeldung."
    )
    application.refresh_from_db()
    assert application.status == Status.IN_CONTACT


def test_prepared_person_becomes_ready_and_is_placed(programme, eva, application):
    take_all(application, programme, eva)
    move(application, "ready", eva)
    assert move(application, "placed", eva).status == Status.PLACED


def test_step_added_by_the_programme_stops_a_ready_person_before_the_start(
    programme, eva, application
):
    take_all(application, programme, eva)
    move(application, "ready", eva)
    factories.make_step(programme, "Hospitation", kind="other")
    with pytest.raises(NotReady, match="Es fehlt: Hospitation"):
        move(application, "placed", eva)


def test_impossible_move_is_told_as_such_and_not_as_missing_steps(programme, eva, application):
    with pytest.raises(TransitionNotAllowed):
        move(application, "placed", eva)


def test_entry_without_steps_goes_straight_to_ready(eva):
    circle = factories.make_circle()
    application = factories.make_application(circle)
    assert move(application, "ready", eva).status == Status.READY


# --- The database -------------------------------------------------------------------------


def test_database_keeps_one_record_a_step(programme, application):
    step = step_of(programme, "interview")
    values = {"application": application, "step": step, "on": TODAY, "how": "talk"}
    StepRecord.objects.create(**values)
    with pytest.raises(IntegrityError, match="step_record_once_per_application"):
        StepRecord.objects.create(**values)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("programme_step_commitment_has_text", {"kind": "commitment", "text": ""}),
        ("programme_step_one_conduct_check", {"kind": "conduct_check"}),
    ],
)
def test_database_keeps_the_rules_of_steps(programme, name, make):
    factories.make_step(programme, "Führungszeugnis", kind="conduct_check")
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        ProgrammeStep.objects.create(programme=programme, title="Noch einer", **make)


def test_text_version_grows_with_the_words_only(programme):
    step = step_of(programme, "commitment")
    step.title = "Schweigepflicht"
    step.save()
    assert step.text_version == 1
    step.text = "Andere Worte."
    step.save()
    assert ProgrammeStep.objects.get(pk=step.pk).text_version == 2


def test_day_is_that_of_stuttgart(programme, eva, application, time_machine):
    time_machine.move_to(datetime.datetime(2026, 11, 20, 23, 30, tzinfo=datetime.UTC))
    take(application, step_of(programme, "interview"), eva, on=datetime.date(2026, 11, 21))
    assert timezone.localdate() == datetime.date(2026, 11, 21)
