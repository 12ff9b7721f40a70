"""„System“: every check finds what it is there for, and says what to do; the page and the command agree."""

import datetime
import io
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from portal.operations import checks, outage
from portal.operations.checks import CHECKS, Level
from portal.operations.facts import Facts
from programs.models import Membership
from tests import factories
from tests.portal.operations.test_health import job_waits, worker_seen
from volunteers.models import OutgoingMail, RetentionRun
from volunteers.tasks import SIGN_OF_LIFE

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)
BY_KEY = {check.key: check for check in CHECKS}


def found(key: str) -> checks.Finding:
    return BY_KEY[key].probe(Facts())


def all_well() -> None:
    """As an installation is after its first night."""
    worker_seen(seconds_ago=1)
    RetentionRun.objects.create(rule="run", deleted=0)
    chores_ran()


def chores_ran(
    *, ago: datetime.timedelta = HOUR * 0, how: str = "succeeded", task: str = "chores"
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status)"
            " VALUES ('chores', %s, %s::procrastinate_job_status)"
            " RETURNING id",
            [task, how],
        )
        (job,) = cursor.fetchone()
        cursor.execute(
            "INSERT INTO procrastinate_events (job_id, type, at) VALUES (%s, %s::procrastinate_job_event_type, %s)",
            [job, how, timezone.now() - ago],
        )


@pytest.fixture
def backed_up(monkeypatch):
    """Have the last backup be so many hours old."""

    def backed_up(*, hours: float) -> None:
        monkeypatch.setattr(Facts, "backup_at", timezone.now() - hours * HOUR)

    return backed_up


@pytest.mark.parametrize(("hours", "level"), [(29.9, Level.FINE), (30.1, Level.ALARM)])
def test_backup_may_miss_no_night(backed_up, hours, level):
    backed_up(hours=hours)
    assert found("backup").level == level
    assert bool(found("backup").do) is bool(level)


@pytest.fixture
def verwaltung(client):
    client.force_login(factories.make_user("verwaltung@example.org", is_superuser=True))
    return client


@pytest.fixture
def well_set(settings):
    settings.SECOND_FACTOR_REQUIRED = True
    settings.SITE_URL = "https://engagement.example.org"
    settings.DISK_FREE_MB = 1


@pytest.mark.parametrize(
    ("hours", "said"),
    [(1, "1\xa0Stunde"), (24, "1\xa0Tag"), (50, "2\xa0Tagen"), (2000, "2\xa0Monaten")],
)
def test_how_long_ago_is_said_as_germans_say_it(hours, said):
    assert checks.ago(timezone.now() - hours * HOUR) == f"vor {said}"
    assert checks.lasting(hours * 3600 + 1) == said


def test_keys_are_there_once():
    assert len(BY_KEY) == len(CHECKS)


def test_all_is_well_after_the_first_night(well_set, backed_up):
    backed_up(hours=1)
    all_well()
    assert [check.key for check, finding in checks.run(Facts()) if finding.level] == []


def mail(**values: object) -> OutgoingMail:
    made = OutgoingMail.objects.create(recipients=["a@example.org"], subject="Geheimer Betreff")
    OutgoingMail.objects.filter(pk=made.pk).update(**values)
    return made


def old_retention(*, hours: float) -> None:
    RetentionRun.objects.create(rule="run", deleted=0)
    RetentionRun.objects.update(at=timezone.now() - hours * HOUR)


def left_organisation() -> None:
    circle = factories.make_circle()
    user = factories.make_user("weg@example.org")
    gone = timezone.localdate() - datetime.timedelta(days=1)
    Membership.objects.create(organisation=circle, user=user, role="coordinator", until=gone)


def escalated() -> None:
    long_ago = timezone.localdate() - datetime.timedelta(days=60)
    factories.make_application(factories.make_circle(), status="new", answer_by=long_ago)


BROKEN = {
    "worker": (lambda: None, Level.ALARM),
    "queue_mail": (lambda: job_waits("mail", seconds=901), Level.ALARM),
    "queue_retention": (
        lambda: job_waits("retention", seconds=151, task=SIGN_OF_LIFE),
        Level.ALARM,
    ),
    "mails": (lambda: mail(created_at=timezone.now() - 2 * HOUR), Level.NOTE),
    "given_up": (lambda: mail(failed_at=timezone.now()), Level.NOTE),
    "reminders": (lambda: chores_ran(ago=HOUR), Level.ALARM),
    "failed_tasks": (lambda: chores_ran(how="failed", task="check_websites"), Level.NOTE),
    "retention": (lambda: old_retention(hours=48.1), Level.ALARM),
    "unanswered": (escalated, Level.NOTE),
    "left_alone": (left_organisation, Level.NOTE),
}


@pytest.mark.parametrize("key", BROKEN)
def test_what_is_broken_is_found_with_what_to_do(key):
    breaks, level = BROKEN[key]
    breaks()
    finding = found(key)
    assert (finding.level, bool(finding.do)) == (level, True)
    assert "Geheim" not in finding.says


@pytest.mark.parametrize(
    ("key", "name", "value"),
    [
        ("disk", "DISK_FREE_MB", 1e12),
        ("second_factor", "SECOND_FACTOR_REQUIRED", False),
        ("transport", "SITE_URL", "http://engagement.example.org"),
        ("debug", "DEBUG", True),
        ("certificate_key", "CERTIFICATE_KEY", ""),
    ],
)
def test_settings_that_are_weak_are_named(settings, key, name, value):
    setattr(settings, name, value)
    finding = found(key)
    assert finding.level
    assert finding.do


@contextmanager
def without(statement: str):
    """Undone at the end."""
    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT before_fault")
        cursor.execute(statement)
        yield
        cursor.execute("ROLLBACK TO SAVEPOINT before_fault")


def test_a_migration_that_has_not_run_and_an_extension_that_is_gone_are_named():
    with without("DELETE FROM django_migrations WHERE app = 'portal' AND name = '0001_initial'"):
        assert "portal.0001_initial" in found("migrations").says
    with without("DROP EXTENSION unaccent CASCADE"):
        assert "unaccent" in found("extensions").says


def test_mail_that_reached_its_address_later_is_no_problem():
    mail(failed_at=timezone.now(), reached_at=timezone.now())
    assert found("given_up").level == Level.FINE


def test_who_is_new_is_no_problem(well_set):
    """An organisation in which nobody has ever worked is answered by the office above."""
    factories.make_circle()
    assert found("left_alone").level == Level.FINE


@pytest.mark.parametrize(("hours", "level"), [(47.9, Level.FINE), (48.1, Level.ALARM)])
def test_retention_may_miss_one_night(hours, level):
    old_retention(hours=hours)
    assert found("retention").level == level


def test_the_page_says_the_problems_first_in_few_queries(verwaltung, django_assert_max_num_queries):
    left_organisation()
    with django_assert_max_num_queries(10):
        page = verwaltung.get(reverse("admin:system")).content.decode()
    assert (
        page.index("Das ist zu tun")
        < page.index("kein Worker gemeldet")
        < page.index("In Ordnung</h2>")
    )
    assert page.index("kein Worker gemeldet") < page.index("antwortet niemand mehr")
    assert "?zugaenge=beendet" in page


def test_the_page_says_that_all_is_well(verwaltung, well_set, settings, backed_up):
    backed_up(hours=1)
    settings.SECURE_SSL_REDIRECT = False
    all_well()
    settings.SECOND_FACTOR_REQUIRED = False
    page = verwaltung.get(reverse("admin:system")).content.decode()
    assert "In den nächsten Tagen ist etwas zu tun" in page
    assert "brauchen Sie jetzt" not in page


def said(*arguments: str) -> tuple[int, str]:
    """Exit code and words of ``manage.py system``."""
    output = io.StringIO()
    try:
        call_command("system", *arguments, stdout=output)
    except SystemExit as end:
        return int(end.code or 0), output.getvalue()
    return 0, output.getvalue()


def test_the_command_says_the_same_by_its_exit_code(well_set, settings, backed_up):
    backed_up(hours=1)
    code, words = said()
    assert code == 2
    assert words.startswith("✗ Worker: Seit 90 Sekunden")
    all_well()
    assert said() == (0, "Alles in Ordnung.\n")
    settings.SECOND_FACTOR_REQUIRED = False
    code, words = said()
    assert (code, words.count("\n")) == (1, 1)
    assert "SECOND_FACTOR_REQUIRED=1" in words
    assert said("--all")[1].count("\n") == len(CHECKS)


def test_list_of_organisations_shows_those_that_were_left(verwaltung):
    left_organisation()
    other = factories.make_circle()
    page = verwaltung.get(reverse("admin:programs_organisation_changelist") + "?zugaenge=beendet")
    assert page.context["cl"].result_count == 1
    assert other not in page.context["cl"].result_list


@pytest.mark.logs_errors("Service Unavailable")
def test_health_names_retention_and_backup_that_are_late(client, backed_up):
    all_well()
    old_retention(hours=49)
    backed_up(hours=31)
    told = client.get("/healthz")
    assert told.status_code == 503
    assert told.json()["retention"] == "did not run for 48 hours"
    assert told.json()["backup"] == "older than 30 hours"


def test_database_that_does_not_answer_ends_the_command_with_a_sentence(monkeypatch):
    def gone(*_args: object) -> None:
        raise outage.Error("gone")

    monkeypatch.setattr(checks, "run", gone)
    code, words = said()
    assert code == 2
    assert "Sie antwortet nicht" in words
