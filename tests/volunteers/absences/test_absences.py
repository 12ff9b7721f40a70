"""Who is away is noted without a reason; mails go to those who are there; the past is forgotten."""

import datetime
import threading

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from programs.models import Membership
from tests import factories
from volunteers.notifications.people import addresses
from volunteers.services.absences import AlsoAway, forget_past_absences, note_absence

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


@pytest.fixture
def circle():
    return factories.make_circle(department=factories.make_clearing_office())


@pytest.fixture
def eva(circle):
    return factories.make_member(circle)


@pytest.fixture
def kofi(circle):
    return factories.make_member(
        circle, role=Membership.Role.DEPUTY, until=timezone.localdate() + 90 * DAY
    )


def client_of(membership):
    client = Client()
    client.force_login(membership.user)
    return client


def away(membership, first=0, last=7):
    today = timezone.localdate()
    Membership.objects.filter(pk=membership.pk).update(
        away_from=today + first * DAY, away_until=today + last * DAY
    )


def away_url(membership):
    return reverse("admin:programs_membership_away", args=[membership.pk])


def form_of(first=0, last=7, substitute=""):
    today = timezone.localdate()
    return {
        "first": (today + first * DAY).isoformat(),
        "last": (today + last * DAY).isoformat(),
        "substitute": getattr(substitute, "pk", substitute),
    }


def test_whoever_is_away_gets_no_mail_unless_all_are(circle, eva, kofi):
    away(eva)
    assert addresses(circle) == [kofi.user.email]
    away(kofi)
    assert addresses(circle) == sorted([eva.user.email, kofi.user.email])
    away(eva, first=1)
    assert addresses(circle) == [eva.user.email], "the first day is tomorrow"


def test_a_coordinator_notes_it_and_names_who_stands_in(circle, eva, kofi):
    client = client_of(eva)
    client.post(away_url(eva), form_of(substitute=kofi))
    eva.refresh_from_db()
    assert (eva.away_until, eva.substitute) == (timezone.localdate() + 7 * DAY, kofi)
    page = client.get(reverse("admin:programs_organisation_access", args=[circle.pk])).text
    assert f"vertreten von {kofi.user}" in page
    client.post(away_url(eva), {"first": "", "last": "", "substitute": ""})
    eva.refresh_from_db()
    assert (eva.away_from, eva.away_until, eva.substitute) == (None, None, None)


def test_the_department_notes_it_for_those_below(circle, eva):
    staff = factories.make_member(circle.department, role=Membership.Role.STAFF)
    assert client_of(staff).post(away_url(eva), form_of()).status_code == 302
    eva.refresh_from_db()
    assert eva.away_from == timezone.localdate()


def test_a_deputy_notes_only_their_own(eva, kofi):
    client = client_of(kofi)
    assert client.post(away_url(eva), form_of()).status_code == 403
    assert client.post(away_url(kofi), form_of()).status_code == 302


@pytest.mark.parametrize(
    "typed",
    [
        {"first": "2030-01-02", "last": "", "substitute": ""},
        {"first": "", "last": "2030-01-02", "substitute": ""},
        {"first": "2030-01-02", "last": "2030-01-01", "substitute": ""},
        {"first": "2020-01-02", "last": "2020-01-03", "substitute": ""},
        {"first": "2030-01-02", "last": "2035-01-01", "substitute": ""},
        {"first": "\x00", "last": "<b>", "substitute": "999999"},
        {"first": "9999-12-31", "last": "9999-12-31", "substitute": "-1"},
    ],
)
def test_what_cannot_be_is_said_at_the_field(eva, typed):
    response = client_of(eva).post(away_url(eva), typed)
    assert response.status_code == 422
    assert response.context["form"].errors
    eva.refresh_from_db()
    assert eva.away_from is None


def test_nobody_stands_in_who_is_away_then(eva, kofi):
    away(kofi, first=5, last=9)
    response = client_of(eva).post(away_url(eva), form_of(substitute=kofi))
    assert response.status_code == 422
    assert str(AlsoAway.message) in response.text


def test_dates_are_forgotten_on_the_day_after(eva, kofi):
    away(eva, first=-3, last=-1)
    away(kofi, first=-3, last=0)
    assert forget_past_absences() == 1
    assert not Membership.objects.filter(pk=eva.pk, away_from__isnull=False).exists()
    assert Membership.objects.filter(pk=kofi.pk, away_from__isnull=False).exists()


def test_the_database_wants_both_days_in_order(eva):
    today = timezone.localdate()
    for wrong in (
        {"away_from": today},
        {"away_until": today},
        {"away_from": today, "away_until": today - DAY},
        {"substitute": eva},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.filter(pk=eva.pk).update(**wrong)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_two_who_name_each_other_at_once_one_is_refused(circle, eva, kofi):
    today, refused = timezone.localdate(), []
    start = threading.Barrier(2)

    def note(membership, substitute):
        start.wait()
        try:
            note_absence(
                membership=membership,
                first=today,
                last=today + DAY,
                substitute=substitute,
                by=membership.user,
            )
        except AlsoAway:
            refused.append(membership)
        finally:
            connections.close_all()

    pairs = [(eva, kofi), (kofi, eva)]
    threads = [threading.Thread(target=note, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1


@pytest.mark.slow
def test_the_load_shows_counts_and_who_is_there_in_few_queries(circle, eva, kofi):
    staff = factories.make_member(circle.department, role=Membership.Role.STAFF)
    away(eva)
    away(kofi, first=3)
    factories.make_application(circle, status="new")
    factories.make_enquiry(circle)
    for number in range(30):
        factories.make_member(
            factories.make_circle(f"Kreis {number}", department=circle.department)
        )
    client, url = client_of(staff), reverse("admin:programs_membership_load")
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(url)
    row = next(one for one in page.context["rows"] if one.organisation.pk == circle.pk)
    assert (row.applications, row.questions, row.here, row.people) == (1, 1, 1, 2)
    assert row.next_away == timezone.localdate() + 3 * DAY
    assert len(page.context["rows"]) == 32
    assert eva.user.email not in page.text
    assert len(queries) <= 10
