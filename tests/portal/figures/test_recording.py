"""Figures of each month are written down once, whenever the job runs, however often and whoever is killed."""

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.figures import recording
from portal.figures.measures import MEASURES
from portal.figures.models import Figure
from portal.figures.months import moments
from tests import factories
from volunteers.models import StatusChange, Volunteer
from volunteers.privacy import erasing

pytestmark = pytest.mark.django_db

JUNE = datetime.date(2026, 6, 30)


def at(day: str) -> datetime.datetime:
    """A moment on the clock of the city."""
    return datetime.datetime.fromisoformat(day).replace(tzinfo=factories.BERLIN)


@pytest.fixture(autouse=True)
def _july(time_machine):
    time_machine.move_to(at("2026-07-09 02:11"), tick=False)


@pytest.fixture
def circle():
    return factories.make_circle("Kreis Nord", districts=[factories.make_district()])


def sign_up(circle, name="Amira Haddad", day="2026-06-10 12:00", **fields):
    fields = {"submitted_at": at(day), "confirmed_at": at(day)} | fields
    return factories.make_application(circle, name, **fields)


def value(measure, split="total", row="", stand=JUNE, period="month"):
    found = Figure.objects.newest().filter(
        measure=measure, split=split, row=row, stand=stand, period=period
    )
    return found.get().value if found else None


def test_a_month_is_counted_by_city_organisation_programme_district_and_field(circle):
    programme = factories.make_programme(fields=[factories.make_field("Sprache")])
    sign_up(circle)
    sign_up(programme.organisation, "Bernd Blum", entry=programme)
    recording.record_due()
    assert value("applications") == 2
    assert value("applications", "organisation", str(circle.pk)) == 1
    assert value("applications", "programme", str(programme.pk)) == 1
    assert value("applications", "programme", "none") == 1
    assert value("applications", "district", str(circle.districts.get().pk)) == 1
    assert value("applications", "district", "several") == 1
    assert value("applications", "field", str(programme.fields.get().pk)) == 1


def test_what_began_and_ended_in_the_month(circle):
    placed = sign_up(circle, day="2026-05-10 12:00")
    factories.make_change(placed, "in_contact", at=at("2026-06-01 12:00"), actor="staff")
    factories.make_change(placed, "placed", at=at("2026-06-02 12:00"), actor="staff")
    request = factories.make_request(organisation=circle)
    ended = {"status": "ended", "started_on": "2026-05-01", "ended_on": "2026-06-30"}
    factories.make_tandem(request, placed, end_reason="moved", **ended)
    running = {"started_on": "2026-06-30"}
    factories.make_tandem(factories.make_request("Ali", organisation=circle), placed, **running)
    staff = factories.make_member(circle).user
    factories.make_hours(placed, "2.5", by=staff, on=datetime.date(2026, 6, 30))
    factories.make_hours(placed, "4", by=staff, on=datetime.date(2026, 7, 1))
    room = factories.make_room()
    factories.make_visit_count(room, JUNE, number=30)
    training = factories.make_event(kind="training", starts_at=at("2026-06-30 18:00"))
    factories.make_registration(training)
    factories.make_registration(training, "Bernd Blum", attended=False)
    recording.record_due()
    assert value("placements") == 1
    assert value("active") == 1
    assert value("answer_days") == 22
    assert value("tandems") == 1
    assert value("tandems_ended", "reason", "moved") == 1
    assert value("hours") == Decimal("2.5")
    assert value("visits") == 30
    assert value("training_places") == 1


def test_figures_of_the_directory_are_those_of_the_last_day_not_of_today(time_machine):
    time_machine.move_to(at("2026-06-20 12:00"), tick=False)
    circle = factories.make_circle("Kreis Nord")
    with connection.cursor() as cursor:  # the clock of the database is that of today
        cursor.execute(
            "UPDATE programs_entryhistory SET pgh_created_at = %s", [at("2026-06-20 12:00")]
        )
    time_machine.move_to(at("2026-07-05 12:00"), tick=False)
    circle.status = "ended"
    circle.save()
    recording.record_due()
    assert value("circles") == 1


def test_a_late_run_writes_down_each_month_as_it_was(circle, time_machine):
    placed = sign_up(circle)
    factories.make_change(placed, "placed", at=at("2026-06-20 12:00"))
    factories.make_change(placed, "completed", at=at("2026-08-20 12:00"))
    time_machine.move_to(at("2026-10-20 02:11"), tick=False)
    recording.record_due()
    stands = [datetime.date(2026, month, 1) for month in (7, 8, 9, 10)]
    stands = [day - datetime.timedelta(days=1) for day in stands]
    assert [value("active", stand=stand) for stand in stands] == [1, 1, 0, 0]
    assert [value("applications", stand=stand) for stand in stands] == [1, 0, 0, 0]


def test_running_again_writes_nothing_down(circle):
    sign_up(circle)
    assert recording.record_due() > 0
    before = Figure.objects.count()
    sign_up(circle, "Bernd Blum")
    assert recording.record_due() == 0
    assert Figure.objects.count() == before
    assert value("applications") == 1


@pytest.mark.parametrize(("now", "written"), [("2026-07-07 23:59", None), ("2026-07-08 00:00", 1)])
def test_flows_wait_until_everything_of_the_month_is_settled(circle, time_machine, now, written):
    sign_up(circle)
    time_machine.move_to(at(now), tick=False)
    recording.record_due()
    assert value("applications") == written
    assert value("active") == 0


@pytest.mark.parametrize("year_and_month", [(2024, 3), (2027, 10), (2026, 3), (2026, 10)])
def test_a_month_with_a_change_of_the_clock_is_whole(circle, time_machine, year_and_month):
    """In March 2024 and October 2027 the clock changes on the last day of the month itself."""
    first = datetime.date(*year_and_month, 1)
    stand = recording.last_day(first)
    since, until = moments(stand)
    assert timezone.localtime(since).isoformat()[:16] == f"{first}T00:00"
    assert (until.timestamp() - since.timestamp()) % 86_400 in {3_600, 82_800}
    second = datetime.timedelta(seconds=1)
    for number, moment in enumerate((since - second, since, until - second, until)):
        sign_up(circle, f"Person {number}", submitted_at=moment, confirmed_at=moment)
    time_machine.move_to(until + datetime.timedelta(days=9), tick=False)
    recording.record_due()
    assert value("applications", stand=stand) == 2


def test_who_is_deleted_stays_in_the_figures_of_the_month(circle):
    placed = sign_up(circle)
    factories.make_change(placed, "placed", at=at("2026-06-20 12:00"))
    request = factories.make_request(organisation=circle)
    ended = {"status": "ended", "started_on": "2026-05-01", "ended_on": "2026-06-30"}
    factories.make_tandem(request, placed, end_reason="moved", **ended)
    erasing.erase_volunteer(volunteer=placed.volunteer_id, due=Volunteer.objects.all())
    recording.record_due()
    assert not StatusChange.objects.exists()
    assert value("applications") == 1
    assert value("placements", "organisation", str(circle.pk)) == 1
    assert value("tandems_ended", "reason", "moved") == 1


def test_the_year_is_the_sum_of_its_months(circle, time_machine):
    sign_up(circle, day="2026-10-10 12:00")
    sign_up(circle, "Bernd Blum", day="2026-12-31 23:59")
    time_machine.move_to(at("2027-01-20 02:11"), tick=False)
    recording.record_due()
    stand = datetime.date(2026, 12, 31)
    assert value("applications", stand=stand, period="year") == 2
    assert value("applications", "organisation", str(circle.pk), stand, "year") == 2
    assert not Figure.objects.filter(measure="active", period="year").exists()


@pytest.mark.parametrize(
    "change", ["UPDATE portal_figure SET value = 7", "DELETE FROM portal_figure"]
)
def test_what_is_published_never_changes(circle, change):
    sign_up(circle)
    recording.record_due()
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_a_correction_needs_a_reason(circle):
    sign_up(circle)
    recording.record_due()
    figure = Figure.objects.first()
    figure.pk, figure.number, figure.revision = None, 10_000, 1
    with pytest.raises(IntegrityError), transaction.atomic():
        figure.save(force_insert=True)


def test_a_month_takes_few_queries_however_many_people_there_are(circle, time_machine):
    def queries():
        with CaptureQueriesContext(connection) as made, transaction.atomic():
            for measure in MEASURES.values():
                recording.record(measure, JUNE)
            transaction.set_rollback(True)
        return len(made)

    sign_up(circle)
    few = queries()
    for number in range(30):
        sign_up(factories.make_circle(f"Kreis {number}"), f"Person {number}")
    assert queries() == few
