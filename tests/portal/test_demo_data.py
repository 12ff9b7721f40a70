"""The demo's invented records: marked, complete, and created once."""

import datetime
import itertools
import json
from collections import Counter

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from portal.demo_accounts import DEMO_ACCOUNTS
from portal.demo_data import load_demo
from portal.demo_data.files import DEMO_DATA, SOURCE
from portal.models import LoadedRecord, SavedSearch
from portal.reference import load
from portal.saved_searches.wanted import kept_query
from programs.models import Entry, Event, Membership, Opportunity, Organisation
from tests.bench import search
from volunteers.models import (
    Application,
    Certificate,
    ConductCheck,
    Consent,
    HoursEntry,
    Message,
    Qualification,
    Registration,
    StatusChange,
    StepRecord,
    Tandem,
    User,
    Volunteer,
)
from volunteers.models.registrations import RegistrationStatus
from volunteers.models.statuses import TRANSITIONS, Status
from volunteers.reads import honours
from volunteers.reads.answering import answering_organisation
from volunteers.reads.joining import free_places, places_taken
from volunteers.reads.persons import confirmed_addresses, people_at
from volunteers.reads.preparation import (
    placed_without_certificate,
    progress_of_all,
    soon_due,
    with_steps,
)
from volunteers.services import hours

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

COUNTED = (
    Entry,
    Event,
    Membership,
    User,
    EmailAddress,
    Volunteer,
    Application,
    StatusChange,
    Consent,
    Message,
    Registration,
    Qualification,
    StepRecord,
    ConductCheck,
)


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """Starting data and demo, loaded once for this module; every test rolls back to it."""
    with django_db_blocker.unblock(), transaction.atomic():
        load()
        yield load_demo()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _on_loaded_data(loaded, db):
    pass


def counts():
    return {model.__name__: model.objects.count() for model in COUNTED}


def test_second_run_adds_nothing_even_weeks_later():
    before = counts()
    assert before["Application"] > 40
    report = load_demo(now=timezone.now() + datetime.timedelta(days=30))
    assert counts() == before
    assert str(report) == "Alles schon da, nichts geändert."


def test_what_was_deleted_in_the_demo_is_not_made_again():
    Opportunity.objects.filter(applications__isnull=True).first().delete()
    Application.objects.filter(email="grace.example@example.org").delete()
    before = counts()
    load_demo()
    assert counts() == before


def test_starting_data_stays_untouched_by_the_demo():
    report = load()
    assert {outcome.name for outcome, keys in report.keys.items() if keys} == {"UNCHANGED"}


def test_command_refuses_a_real_installation(settings):
    settings.MODE, settings.DEMO = "production", False
    with pytest.raises(CommandError, match="kein Vorführbetrieb"):
        call_command("load_demo")


def test_command_runs_in_a_real_installation_when_forced(settings, capsys):
    settings.MODE, settings.DEMO = "production", False
    call_command("load_demo", "--force")
    assert "Alles schon da" in capsys.readouterr().out


def test_every_demo_record_is_marked():
    opportunities = Opportunity.objects.all()
    assert opportunities.count() >= 24
    assert not opportunities.exclude(is_demo=True, source=SOURCE).exists()
    for record in (*opportunities, *Event.objects.all()):
        assert record.is_demo
        assert "frei erfunden" in record.description
    assert not Volunteer.objects.filter(is_demo=False).exists()
    assert not Application.objects.filter(is_demo=False).exists()
    assert set(Entry.objects.filter(is_demo=True).values_list("kind", flat=True)) == {
        "opportunity",
        "programme",
    }


def test_demo_people_have_addresses_that_reach_nobody():
    for model in (User, Volunteer, Application):
        assert model.objects.exists()
        assert not model.objects.exclude(email__endswith="@example.org").exists()


def test_demo_shows_searches_by_mail_that_the_catalogue_knows():
    searches = SavedSearch.objects.all()
    assert not searches.exclude(is_demo=True, email__endswith="@example.org").exists()
    assert searches.running().exists()
    assert searches.filter(status="ended").exists()
    assert searches.filter(stopped_at__isnull=False).exists()
    for one in searches:
        assert kept_query(one.query) == one.query


def test_demo_names_come_in_several_scripts():
    names = "".join(Volunteer.objects.values_list("name", flat=True))
    for letter in ("ö", "Ł", "я", "П", "أ", "ن", "Ε", "ሰ"):
        assert letter.lower() in names.lower(), letter


def test_opportunities_are_spread_over_city_and_week():
    tally = Counter()
    for opportunity in Opportunity.objects.prefetch_related("districts", "fields"):
        tally.update(("district", d.pk) for d in opportunity.districts.all())
        tally.update(("field", f.slug) for f in opportunity.fields.all())
        tally.update(("day", day) for day in opportunity.weekdays)
        tally.update(("language", code) for code in opportunity.languages)
    kinds = Counter(kind for kind, _ in tally)
    assert kinds["district"] >= 10
    assert kinds["field"] >= 15
    assert kinds["day"] == 7
    assert kinds["language"] >= 8
    assert Opportunity.objects.filter(without_german=True).count() >= 5
    assert Opportunity.objects.filter(newcomers_welcome=True).count() >= 5


def test_one_opportunity_is_full_with_somebody_waiting_and_one_is_paused():
    full = [o for o in Opportunity.objects.all() if free_places(o) == 0]
    assert [o.title for o in full] == ["Hausaufgabenhilfe am Nachmittag"]
    assert full[0].applications.filter(status=Status.WAITING).count() == 1
    assert Opportunity.objects.filter(status="paused").count() == 1


def test_no_opportunity_has_more_people_than_places():
    limited = Opportunity.objects.filter(places__isnull=False)
    assert limited.count() > 5
    assert all(places_taken(one) <= one.places for one in limited)
    assert Application.objects.filter(group_size__gt=1).exists()


def test_events_lie_ahead_and_begin_this_week():
    events = Event.objects.upcoming()
    assert events.count() == Event.objects.count() - 1 >= 12  # one training is over
    assert set(Event.Kind.values) == set(events.values_list("kind", flat=True))
    assert events.first().starts_at < timezone.now() + datetime.timedelta(days=3)
    assert not events.filter(starts_at__week_day=1).exists()  # Sunday


@pytest.mark.slow
def test_events_keep_their_hour_across_the_change_to_winter_time():
    Registration.objects.all().delete()
    Qualification.objects.all().delete()
    Event.objects.all().delete()
    records = json.loads((DEMO_DATA / "events.json").read_text())
    day = datetime.datetime(2026, 10, 20, 12, tzinfo=datetime.UTC)
    _forget("demo:event:")
    load_demo(now=day)
    hours = {e.slug: f"{timezone.localtime(e.starts_at):%H:%M}" for e in Event.objects.all()}
    assert hours == {record["slug"]: record["at"] for record in records}


def _forget(prefix):
    LoadedRecord.objects.filter(key__startswith=prefix).delete()


@pytest.mark.parametrize("account", DEMO_ACCOUNTS, ids=[a.email for a in DEMO_ACCOUNTS])
def test_account_can_log_in(account):
    user = User.objects.get(email=account.email)
    assert user.check_password(account.password)
    assert EmailAddress.objects.filter(user=user, verified=True, primary=True).count() == 1


@pytest.mark.slow
def test_search_answers_what_people_ask():
    answers = search.ask_all()
    assert len(answers) >= 120
    wrong = [one.question for one in answers if not one.place or one.place > 5]
    assert search.share(answers, 5) >= search.GOAL, wrong


def test_accounts_have_the_roles_that_the_demo_prints():
    roles = {user.email: set(user.roles) for user in User.objects.all()}
    assert roles == {
        "verwaltung@example.org": {"administrator"},
        "integrationspolitik@example.org": {"staff"},
        "sozialamt@example.org": {"staff"},
        "eva@example.org": {"coordinator"},
        "koordination@example.org": {"coordinator"},
        "paul@example.org": {"coordinator"},
        "vertretung@example.org": {"deputy"},
        "sozialplanung@example.org": {"room_staff"},
        "berichtswesen@example.org": {"reporting"},
        "vertrauen@example.org": {"trust"},
        "uebersetzung@example.org": {"translator"},
        "mitmachen@example.org": set(),
    }
    works_for = Organisation.objects.of(User.objects.get(email="koordination@example.org"))
    assert {str(organisation) for organisation in works_for} == {
        "Freundeskreis Flüchtlinge Feuerbach (FFF)",
        "Freundeskreis Flüchtlinge Stuttgart-Süd",
    }


def test_applications_stand_in_every_status_and_some_are_overdue():
    assert set(Application.objects.values_list("status", flat=True)) == set(Status.values)
    assert Application.objects.overdue().count() >= 3
    assert not Application.objects.expired().exists()
    assert all(a.decline_reason for a in Application.objects.filter(status=Status.DECLINED))


def test_every_account_that_answers_has_new_applications_of_its_own():
    for membership in Membership.objects.answering():
        answered = Application.objects.filter(organisation=membership.organisation)
        assert answered.filter(status=Status.NEW).exists(), membership


@pytest.mark.slow
def test_application_is_answered_by_whom_the_portal_would_choose():
    for application in Application.objects.all():
        assert application.organisation == answering_organisation(application.entry)


def test_history_follows_the_table_and_the_clock():
    for application in Application.objects.prefetch_related("changes"):
        changes = list(application.changes.all())
        assert changes[0].status == Status.UNCONFIRMED
        assert changes[-1].status == application.status
        assert changes[-1].at <= timezone.now()
        for before, after in itertools.pairwise(changes):
            if not after.note or after.status != before.status:  # else it is only a note
                assert Status(after.status) in TRANSITIONS[Status(before.status)]
            assert before.at <= after.at
            assert after.actor == "applicant" or after.by is not None


def test_confirmed_application_has_its_person_and_everybody_consented():
    for application in Application.objects.all():
        confirmed = application.status != Status.UNCONFIRMED
        assert (application.confirmed_at is not None) == confirmed
        assert (application.volunteer is not None) == confirmed
        assert application.consents.count() == 1
        withdrawn = application.consents.filter(withdrawn_at__isnull=False).exists()
        assert withdrawn == (application.status == Status.WITHDRAWN)


def test_volunteer_account_sees_its_applications():
    user = User.objects.get(email="mitmachen@example.org")
    assert user.volunteer.applications.count() == 4
    [person] = people_at(confirmed_addresses(user))
    assert Application.objects.of_person(person.emails, person.name).count() == 4


def test_events_show_seats_a_waiting_list_and_a_training_that_certifies():
    full = Event.objects.get(slug="beispiel-schulung-missverstaendnisse-klaeren")
    held = Registration.objects.filter(event=full).holding_a_seat().count()
    assert held == full.capacity
    assert Registration.objects.filter(event=full).waiting().count() == 2
    assert set(Registration.objects.values_list("status", flat=True)) >= {
        *RegistrationStatus.values
    } - {"lapsed"}
    assert Qualification.objects.filter(volunteer__email="mitmachen@example.org").exists()
    attended = Registration.objects.filter(attended=True)
    assert attended.count() == Qualification.objects.count() >= 4
    for registration in Registration.objects.all():
        registration.full_clean(exclude=["volunteer"])
        assert registration.is_demo
        assert registration.consents.count() == (0 if registration.is_invited else 1)


@pytest.mark.slow
def test_every_demo_record_passes_the_checks_of_its_model():
    for model in (Opportunity, Event, Volunteer, Application):
        for row in model.objects.all():
            row.full_clean(exclude=["entry_ptr", "user"])


def test_the_same_day_gives_the_same_people():
    before = list(Volunteer.objects.order_by("email").values("email", "phone", "weekdays"))
    Tandem.objects.all().delete()
    Application.objects.all().delete()
    Volunteer.objects.all().delete()
    _forget("demo:person:")
    load_demo()
    assert list(Volunteer.objects.order_by("email").values("email", "phone", "weekdays")) == before


# --- Preparation --------------------------------------------------------------------------


def test_demo_shows_preparations_at_every_stage():
    prepared = list(with_steps(Application.objects.exclude(status=Status.UNCONFIRMED)))
    progress = progress_of_all(prepared)
    shares = {len(one.missing) / len(one.items) for one in progress.values()}
    assert {0, 1} < shares
    for application in prepared:
        one = progress[application.pk]
        lacking = [item for item in one.missing if not item.is_certificate]
        if application.status in {Status.READY, Status.PLACED}:
            assert not lacking, application
        for item in one.items:
            assert item.on is None or item.on <= timezone.localdate()


def test_demo_has_certificates_that_are_due_soon_and_overdue():
    assert soon_due(ConductCheck.objects.all()).count() == 2
    assert placed_without_certificate(Application.objects.all()).count() == 1


def test_somebody_waits_for_an_answer_and_somebody_too_long():
    open_messages = Message.objects.unhandled()
    assert open_messages.count() >= 2
    assert Message.objects.filter(sender="staff", by__isnull=False).exists()
    sozialamt = User.objects.get(email="sozialamt@example.org")
    reasons = {a.contact_answer for a in Application.objects.escalated_to(sozialamt)}
    assert reasons == {"", "no"}
    for message in Message.objects.select_related("application"):
        assert message.at > message.application.confirmed_at
        assert message.sender == "applicant" or message.application.status != Status.NEW


@pytest.mark.slow
def test_hours_certificates_and_the_card_can_be_seen():
    assert HoursEntry.objects.confirmed().count() >= 50
    assert HoursEntry.objects.unconfirmed().exists()
    assert Certificate.objects.valid().exists()
    assert Certificate.objects.filter(withdrawn_at__isnull=False).count() == 1
    engaged = Application.objects.filter(email="mitmachen@example.org", hours__isnull=False)
    assert honours.card_shown_to(engaged.distinct().first()) is not None
    for model in (HoursEntry, Certificate):
        for row in model.objects.all():
            row.full_clean()


@pytest.mark.slow
def test_demo_hours_obey_the_rules_of_the_service():
    for entry in HoursEntry.objects.select_related("application"):
        work = hours.Work(on=entry.on, hours=entry.hours, what=entry.what)
        hours.check(entry.application, work, besides=entry)
