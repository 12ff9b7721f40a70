"""Inspected certificates of good conduct: recorded, valid, due again, and deleted in time."""

import datetime

import pytest
from django.core import mail
from django.db import IntegrityError, connection, models
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal import worklist
from tests import factories
from volunteers import chores, reminders
from volunteers.errors import DomainError, NotReady
from volunteers.links import applications as application_links
from volunteers.matching.conditions import obstacles
from volunteers.models import Application, ConductCheck, Reminder, StatusChange
from volunteers.models.statuses import Status
from volunteers.reads import preparation
from volunteers.reads.preparation import progress_of
from volunteers.reminders import checks as kinds
from volunteers.services import applications, checks, rounds

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 11, 20)


@pytest.fixture
def go_to(time_machine):
    """Travel to ten o'clock in Stuttgart on that day."""

    def go(day):
        noon = datetime.datetime.combine(day, datetime.time(10), tzinfo=factories.BERLIN)
        time_machine.move_to(noon)

    return go


@pytest.fixture(autouse=True)
def _friday(go_to):
    go_to(TODAY)


@pytest.fixture
def programme(db):
    return factories.make_programme("STARTklar", requires_conduct_check=True)


@pytest.fixture
def eva(programme):
    return factories.make_member(programme.organisation, factories.make_user(name="Eva")).user


@pytest.fixture
def application(programme, eva):
    return factories.make_application(
        programme.organisation, entry=programme, status=Status.IN_CONTACT
    )


def inspect(application, by, **fields):
    values = {"seen_on": TODAY, "issued_on": TODAY - datetime.timedelta(days=9), "is_clear": True}
    return checks.record_inspection(application=application, by=by, **(values | fields))


def move(application, status, by, **more):
    return applications.change_status(application=application, status=status, by=by, **more)


def place(application, by, **fields):
    inspect(application, by, **fields)
    for status in ("ready", "placed"):
        move(application, status, by)


# --- Entering -----------------------------------------------------------------------------


def test_inspection_is_all_that_is_kept():
    kept = {f.name for f in ConductCheck._meta.get_fields()}
    assert kept == {
        "id",
        "volunteer",
        "organisation",
        "seen_on",
        "issued_on",
        "seen_by",
        "is_clear",
    }
    for field in ConductCheck._meta.get_fields():
        assert not isinstance(field, models.FileField | models.BinaryField | models.TextField)


def test_new_inspection_takes_the_place_of_the_old_one(application, eva):
    first = inspect(application, eva, is_clear=False)
    second = inspect(application, eva)
    assert (first.pk, ConductCheck.objects.get().is_clear) == (second.pk, True)
    assert progress_of(application).is_complete


def test_inspection_leaves_no_trace_in_the_history_that_would_outlive_it(application, eva):
    before = application.changes.count()
    inspect(application, eva, is_clear=False)
    assert application.changes.count() == before


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"seen_on": datetime.date(2026, 11, 21)}, "Zukunft"),
        ({"issued_on": datetime.date(2026, 11, 21)}, "nicht erst nach der Einsicht"),
    ],
)
def test_days_have_to_be_possible(application, eva, fields, sentence):
    with pytest.raises(DomainError, match=sentence):
        inspect(application, eva, **fields)
    assert not ConductCheck.objects.exists()


def test_what_no_programme_needs_may_not_be_kept(eva):
    circle = factories.make_application(factories.make_circle())
    with pytest.raises(DomainError, match="kein Führungszeugnis vorgesehen"):
        inspect(circle, eva)


def test_closed_application_takes_no_inspection(application, eva):
    applications.withdraw_application(application=application)
    with pytest.raises(DomainError, match="beendet"):
        inspect(application, eva)


def test_certificate_stands_where_the_step_puts_it_and_else_last(programme, application):
    factories.make_step(programme, "Erstgespräch")
    assert [i.title for i in progress_of(application).items] == ["Erstgespräch", "Führungszeugnis"]
    factories.make_step(programme, "Zeugnis", kind="conduct_check", position=1)
    assert [i.title for i in progress_of(application).items] == ["Zeugnis", "Erstgespräch"]


def test_other_organisations_inspection_does_not_count(programme, application, eva):
    chance = factories.make_entry(part_of=programme)
    elsewhere = factories.make_application(
        chance.organisation, entry=chance, volunteer=application.volunteer
    )
    factories.make_conduct_check(elsewhere, eva)
    assert not progress_of(application).is_complete
    assert list(preparation.without_valid_certificate(Application.objects.all())) == [application]


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("conduct_check_once_per_person_and_organisation", {}),
        ("conduct_check_issued_before_seen", {"issued_on": datetime.date(2027, 1, 1)}),
    ],
)
def test_database_keeps_the_rules(application, eva, name, fields):
    if not fields:
        factories.make_conduct_check(application, eva)
    with pytest.raises(IntegrityError, match=name):
        factories.make_conduct_check(application, eva, **fields)


# --- Valid for so long --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("issued", "last_day"),
    [
        (datetime.date(2021, 11, 21), datetime.date(2026, 11, 20)),
        (datetime.date(2024, 2, 29), datetime.date(2029, 2, 27)),
        (datetime.date(2024, 2, 28), datetime.date(2029, 2, 27)),
        (datetime.date(2023, 3, 1), datetime.date(2028, 2, 29)),
        (datetime.date(2019, 2, 28), datetime.date(2024, 2, 27)),
    ],
)
def test_certificate_holds_five_years_less_a_day_in_object_and_database(
    application, eva, go_to, issued, last_day
):
    check = factories.make_conduct_check(application, eva, issued_on=issued)
    for day, valid in ((last_day, True), (last_day + datetime.timedelta(days=1), False)):
        go_to(day)
        assert check.is_valid is valid
        assert ConductCheck.objects.valid().exists() is valid
        assert progress_of(application).is_complete is valid
        assert (
            preparation.without_valid_certificate(Application.objects.all()).exists() is not valid
        )
    assert check.due_on == last_day + datetime.timedelta(days=1)


# --- The gate -----------------------------------------------------------------------------


def test_nobody_starts_without_an_inspection(application, eva):
    with pytest.raises(NotReady) as refusal:
        move(application, "ready", eva)
    assert str(refusal.value) == (
        "Es fehlt: Führungszeugnis (Einsicht). "
        "Eintragen unter „Vorbereitung“ auf der Seite der Anmeldung."
    )


def test_certificate_with_entries_lets_nobody_start_and_is_told_without_stigma(application, eva):
    inspect(application, eva, is_clear=False)
    with pytest.raises(NotReady) as refusal:
        move(application, "ready", eva)
    assert "lässt diesen Einsatz nicht zu" in str(refusal.value)
    for word in ("Straf", "verurteil", "vorbestraft", "Eintrag "):
        assert word not in str(refusal.value)


def test_validity_is_checked_again_when_somebody_is_placed(application, eva, go_to):
    inspect(application, eva, issued_on=datetime.date(2021, 11, 22))
    move(application, "ready", eva)
    go_to(datetime.date(2026, 11, 22))
    with pytest.raises(NotReady, match=r"fällig seit 22\.11\.2026"):
        move(application, "placed", eva)


def test_paused_person_comes_back_only_with_a_valid_certificate(application, eva, go_to):
    place(application, eva, issued_on=datetime.date(2021, 12, 1))
    move(application, "paused", eva)
    go_to(datetime.date(2026, 12, 1))
    with pytest.raises(NotReady):
        move(application, "placed", eva)


# --- Deleted in time ----------------------------------------------------------------------


def end(application, eva, how):
    if how == "withdrawn":
        return applications.withdraw_application(application=application)
    return move(application, how, eva, **({"reason": "Passt nicht"} if how == "declined" else {}))


@pytest.mark.parametrize("how", ["withdrawn", "declined"])
@pytest.mark.parametrize("is_clear", [True, False])
def test_goes_at_once_when_the_application_ends_without_a_placement(
    application, eva, how, is_clear
):
    inspect(application, eva, is_clear=is_clear)
    end(application, eva, how)
    assert not ConductCheck.objects.exists()


def test_stays_while_another_application_of_the_person_there_needs_it(programme, application, eva):
    chance = factories.make_entry(organisation=programme.organisation, part_of=programme)
    other = factories.make_application(
        programme.organisation, entry=chance, volunteer=application.volunteer
    )
    inspect(application, eva)
    end(application, eva, "withdrawn")
    assert ConductCheck.objects.exists()
    end(other, eva, "withdrawn")
    assert not ConductCheck.objects.exists()


def test_open_application_that_needs_none_does_not_keep_it(programme, application, eva):
    own = programme.organisation
    entry = factories.make_entry(organisation=own)
    factories.make_application(own, entry=entry, volunteer=application.volunteer)
    inspect(application, eva)
    end(application, eva, "withdrawn")
    assert not ConductCheck.objects.exists()


@pytest.mark.parametrize(
    ("ended", "last_day"),
    [
        (datetime.date(2026, 11, 20), datetime.date(2027, 5, 19)),
        (datetime.date(2027, 8, 31), datetime.date(2028, 2, 28)),
        (datetime.date(2027, 8, 29), datetime.date(2028, 2, 28)),
        (datetime.date(2026, 8, 31), datetime.date(2027, 2, 27)),
    ],
)
def test_goes_six_months_after_the_placement_ended(application, eva, go_to, ended, last_day):
    go_to(datetime.date(2026, 3, 2))
    place(application, eva, seen_on=datetime.date(2026, 3, 1), issued_on=datetime.date(2026, 2, 1))
    go_to(ended)
    end(application, eva, "completed")
    go_to(last_day)
    assert checks.delete_unneeded_checks() == 0
    go_to(last_day + datetime.timedelta(days=1))
    assert checks.delete_unneeded_checks() == 1
    assert not ConductCheck.objects.exists()


def test_day_of_the_end_is_that_of_stuttgart(application, eva, time_machine, go_to):
    place(application, eva)
    time_machine.move_to(datetime.datetime(2026, 11, 30, 23, 30, tzinfo=datetime.UTC))
    end(application, eva, "completed")  # in Stuttgart it is 1 December already
    go_to(datetime.date(2027, 5, 31))
    assert checks.delete_unneeded_checks() == 0
    go_to(datetime.date(2027, 6, 1))
    assert checks.delete_unneeded_checks() == 1


def test_placement_without_an_end_keeps_it_however_long(application, eva, go_to):
    place(application, eva)
    go_to(datetime.date(2040, 1, 1))
    assert checks.delete_unneeded_checks() == 0


@pytest.mark.parametrize("after", ["paused", "ready"])
def test_pause_and_being_ready_again_end_a_placement_though_the_application_stays_open(
    application, eva, go_to, after
):
    place(application, eva)
    move(application, after, eva)
    go_to(datetime.date(2027, 5, 19))
    assert checks.delete_unneeded_checks() == 0
    go_to(datetime.date(2027, 5, 20))
    assert checks.delete_unneeded_checks() == 1
    with pytest.raises(NotReady):
        move(application, "placed", eva)


def test_placement_taken_up_again_keeps_it(application, eva, go_to):
    place(application, eva)
    move(application, "paused", eva)
    go_to(datetime.date(2027, 3, 1))
    move(application, "placed", eva)
    go_to(datetime.date(2028, 3, 1))
    assert checks.delete_unneeded_checks() == 0


def test_inspection_made_after_the_last_placement_counts_anew(programme, application, eva, go_to):
    place(application, eva)
    end(application, eva, "completed")
    go_to(datetime.date(2027, 3, 1))
    again = factories.make_application(
        programme.organisation,
        entry=programme,
        volunteer=application.volunteer,
        status=Status.IN_CONTACT,
    )
    inspect(again, eva, seen_on=datetime.date(2027, 3, 1))
    go_to(datetime.date(2027, 9, 1))
    assert checks.delete_unneeded_checks() == 0
    end(again, eva, "withdrawn")
    assert not ConductCheck.objects.exists()


def test_note_in_the_history_during_a_placement_does_not_end_it(programme, application, eva):
    place(application, eva)
    StatusChange.objects.create(application=application, status="placed", actor="staff", note="–")
    assert checks.delete_unneeded_checks() == 0
    end(application, eva, "completed")
    assert ConductCheck.objects.exists()


def test_more_of_them_go_with_as_many_queries_and_a_batch_after_the_other(
    programme, eva, monkeypatch
):
    def queries(number):
        for n in range(number):
            address = f"{n}-{Application.objects.count()}@example.org"
            person = factories.make_volunteer(email=address)
            application = factories.make_application(
                programme.organisation, entry=programme, volunteer=person, status="withdrawn"
            )
            factories.make_conduct_check(application, eva)
        with CaptureQueriesContext(connection) as captured:
            assert checks.delete_unneeded_checks() == number
        return len(captured)

    assert queries(2) == queries(9)
    monkeypatch.setattr(rounds, "BATCH", 2)
    assert queries(5) > queries(2)


def test_programme_that_needs_none_any_more_keeps_none(programme, application, eva):
    inspect(application, eva)
    programme.requires_conduct_check = False
    programme.save()
    assert checks.delete_unneeded_checks() == 1


def test_chore_deletes_what_was_left_by_other_ways_and_looks_with_few_queries(
    programme, eva, django_assert_max_num_queries
):
    for number in range(30):
        kept = factories.make_application(
            programme.organisation, f"Person {number}", entry=programme, status=Status.READY
        )
        factories.make_conduct_check(kept, eva)
    with django_assert_max_num_queries(4):
        checks.delete_unneeded_checks()
    Application.objects.filter(name="Person 3").update(status=Status.WITHDRAWN)
    chores.run_all()
    assert ConductCheck.objects.count() == 29


# --- Due again ----------------------------------------------------------------------------


@pytest.fixture
def placed(application, eva):
    """A placed application with a certificate that is due on 1 March 2028."""
    place(application, eva, issued_on=datetime.date(2023, 3, 1))
    mail.outbox.clear()
    return application


@pytest.mark.slow
def test_person_and_members_are_reminded_sixty_days_before_once(placed, eva, go_to):
    go_to(datetime.date(2027, 12, 31))
    reminders.send_due()
    assert mail.outbox == []
    go_to(datetime.date(2028, 1, 1))
    for _ in range(3):
        reminders.send_due()
    assert sorted(m.to[0] for m in mail.outbox) == sorted([placed.email, eva.email])
    to_person = next(m for m in mail.outbox if m.to == [placed.email])
    assert "1. März 2028" in to_person.body
    assert application_links.status_url(placed) in to_person.body
    to_eva = next(m for m in mail.outbox if m.to == [eva.email])
    assert f"/volunteers/application/{placed.pk}/change/" in to_eva.body


def test_worker_that_slept_past_the_day_reminds_late(placed, go_to):
    go_to(datetime.date(2028, 4, 1))
    reminders.send_due()
    assert len(mail.outbox) == 2
    assert Reminder.objects.count() == 2


@pytest.mark.slow
def test_renewed_certificate_is_announced_anew_and_not_before(placed, eva, go_to):
    go_to(datetime.date(2028, 1, 1))
    reminders.send_due()
    day = datetime.date(2028, 1, 5)
    go_to(day)
    inspect(placed, eva, seen_on=day, issued_on=day)
    mail.outbox.clear()
    reminders.send_due()
    assert mail.outbox == []
    go_to(datetime.date(2032, 12, 1))
    reminders.send_due()
    assert len(mail.outbox) == 2


def test_nobody_is_reminded_of_what_is_not_needed_or_not_clear(placed, eva, go_to):
    end(placed, eva, "completed")
    mail.outbox.clear()
    go_to(datetime.date(2028, 1, 1))
    assert list(kinds.find(datetime.date(2028, 1, 1), purpose=kinds.PERSON)) == []
    Application.objects.update(status=Status.PLACED)
    assert len(list(kinds.find(datetime.date(2028, 1, 1), purpose=kinds.PERSON))) == 1
    ConductCheck.objects.update(is_clear=False)
    assert list(kinds.find(datetime.date(2028, 1, 1), purpose=kinds.PERSON)) == []


def test_reminder_whose_record_is_gone_sends_nothing(placed):
    kinds.send_to_person(0, TODAY)
    kinds.send_to_organisation(0, TODAY)
    assert mail.outbox == []


# --- Seen in the administration -----------------------------------------------------------


def labels(user):
    """The worklist labels for a user who opens the admin today."""
    user.memberships.update(last_used_on=timezone.localdate())
    return {str(tile.label): tile.count for tile in worklist.open_points(user)}


@pytest.mark.slow
def test_placed_person_whose_certificate_ran_out_stands_on_the_worklist(placed, eva, go_to):
    assert labels(eva) == {}
    go_to(datetime.date(2028, 1, 1))
    assert labels(eva) == {"Führungszeugnis zur Wiedervorlage": 1}
    go_to(datetime.date(2028, 3, 1))
    assert labels(eva)["Im Einsatz ohne gültiges Führungszeugnis"] == 1
    stranger = factories.make_member(factories.make_circle()).user
    assert labels(stranger) == {}


@pytest.mark.slow
def test_list_of_those_due_shows_people_as_told_to_the_organisation(client, placed, eva, go_to):
    placed.volunteer.name = "Anders Anderswo"
    placed.volunteer.save()
    go_to(datetime.date(2028, 3, 2))
    client.force_login(eva)
    url = reverse("admin:volunteers_conductcheck_changelist")
    page = client.get(f"{url}?wiedervorlage=ja").content.decode()
    assert "Amira Haddad" in page
    assert "Anders" not in page
    assert "fällig" in page
    assert "Amira Haddad" in client.get(f"{url}?q=haddad").content.decode()
    assert "Amira Haddad" not in client.get(f"{url}?q=anderswo").content.decode()
    go_to(TODAY)
    assert "Amira Haddad" not in client.get(f"{url}?wiedervorlage=ja").content.decode()


def test_list_takes_the_same_queries_at_one_and_at_thirty_rows(client, programme, eva):
    client.force_login(eva)
    url = reverse("admin:volunteers_conductcheck_changelist")
    counted = []
    for rows in (1, 30):
        for number in range(ConductCheck.objects.count(), rows):
            one = factories.make_application(
                programme.organisation, f"Person {number}", entry=programme
            )
            factories.make_conduct_check(one, eva)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).content.decode().count("Person ") >= rows
        counted.append(len(queries))
    assert counted[0] == counted[1]


# --- Tandems with somebody under 18 -------------------------------------------------------


@pytest.fixture
def companion():
    """A ready volunteer of a programme that makes tandems and requires no certificate."""
    programme = factories.make_programme("WillkommensPaten", makes_tandems=True)
    return factories.make_ready(programme.organisation, entry=programme)


def test_programme_with_tandems_asks_nobody_for_a_certificate_and_may_note_one(companion, eva):
    assert progress_of(companion).is_complete
    assert not progress_of(companion).asked

    inspect(companion, eva)

    assert progress_of(companion).certificate.check.is_valid
    assert [item.is_certificate for item in progress_of(companion).asked] == [True]
    assert checks.delete_unneeded_checks() == 0


def test_noted_for_a_tandem_it_goes_when_the_person_stops(companion, eva):
    inspect(companion, eva)

    applications.withdraw_application(application=companion)

    assert not ConductCheck.objects.exists()


def test_minor_finds_the_companion_whose_certificate_was_seen(companion, eva):
    minor = factories.make_request(
        "Navid", organisation=companion.organisation, age_group="minor", languages=["ar"]
    )
    (obstacle,) = obstacles(minor, companion)
    assert "unter „Vorbereitung“ auf der Seite der Anmeldung" in obstacle.text

    inspect(companion, eva)

    assert obstacles(minor, companion) == []
