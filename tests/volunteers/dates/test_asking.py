"""„Begleitung zu einem Termin“: the form, confirming by link, the asker's page, the list of the Sozialamt."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from programs.addresses import admin_path
from programs.models import Membership
from tests import factories
from volunteers.links import dates as links
from volunteers.models import DateOffer, DateRequest
from volunteers.privacy import retention
from volunteers.services import dates as services

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 20, 9, 0, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW, tick=False):
        yield


def answers(**changed):
    district = factories.make_district()
    return {
        "kind": "company",
        "language": "ar",
        "topic": "office",
        "day": "2026-11-24",
        "time": "10:00",
        "minutes": "60",
        "district": district.pk,
        "asker": "shelter",
        "place": "Eberhardstraße 39",
        "name": "Unterkunft Nord",
        "email": "Nord@Example.org",
    } | changed


def post(client, **changed):
    return client.post(reverse("volunteers:date_ask"), answers(**changed))


def test_a_date_is_stored_once_and_looked_for_after_the_click_in_the_mail(client):
    for _twice in range(2):
        assert post(client).status_code == 302
    date = DateRequest.objects.get()
    assert (date.email, date.status) == ("nord@example.org", "unconfirmed")
    assert f"{timezone.localtime(date.starts_at):%d.%m. %H:%M}" == "24.11. 10:00"
    assert len(mail.outbox) == 1
    assert "Unterkunft Nord" not in mail.outbox[0].body  # typed by who knows whom
    path = links.confirm_url(date).removeprefix("http://localhost:8000")
    path = "/" + path.split("/", 3)[-1] if "://" in path else path
    assert "Eberhardstraße 39" in client.get(path).text
    assert DateRequest.objects.get().status == "unconfirmed"  # a link scanner confirms nothing
    assert client.post(path).url == links.path(date)
    date.refresh_from_db()
    assert date.status == "open"
    assert date.next_wave_at is not None
    assert client.post(path).url == links.path(date)  # a second click
    assert [one.subject for one in mail.outbox][1:] == ["Wir suchen jemanden für Ihren Termin"]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"day": "2026-11-19"}, "Dieser Termin ist schon vorbei."),
        ({"day": "2026-11-20", "time": "14:00"}, "Das ist leider zu bald."),
        ({"day": "2027-03-01"}, "Das ist noch zu lange hin."),
        ({"day": "gestern"}, "Das ist kein Tag."),
        ({"time": "25:00"}, "Das ist keine Uhrzeit."),
        ({"language": "xx"}, "xx"),
        ({"minutes": "1000000"}, "1000000"),
        ({"place": ""}, "Bitte schreiben Sie, wohin die Begleitung kommen soll."),
        ({"place": "x\x00y"}, "Nullzeichen"),
        ({"place": "x" * 201}, "200"),
        ({"name": "zwei\nZeilen"}, "zwei"),
        ({"district": "99999"}, "ungültig"),
        ({"email": "keine"}, "Diese E-Mail-Adresse stimmt nicht."),
        ({"kind": "interpreting", "language": "de"}, "zwei verschiedene Sprachen"),
    ],
)
def test_what_cannot_be_gets_a_sentence_and_stays_typed(client, changed, sentence):
    page = post(client, **changed)
    assert page.status_code == 422
    assert sentence in page.text or "ungültig" in page.text or "nicht" in page.text
    assert "Unterkunft Nord" in page.text or "name" in changed
    assert not DateRequest.objects.exists()


def test_an_hour_that_the_change_to_summer_time_skips_is_no_time(client, settings):
    settings.DATE_AHEAD_DAYS = 200
    page = post(client, day="2027-03-28", time="02:30")
    assert "Diese Uhrzeit gibt es an diesem Tag nicht" in page.text
    assert post(client, day="2027-03-28", time="03:30").status_code == 302
    assert DateRequest.objects.get().starts_at == datetime.datetime(
        2027, 3, 28, 1, 30, tzinfo=datetime.UTC
    )


def test_an_interpreter_has_two_languages_and_a_companion_one(client):
    post(client, kind="interpreting")
    post(client, to_language="fr", day="2026-11-25")
    found = DateRequest.objects.order_by("starts_at").values_list("language", "to_language")
    assert list(found) == [("ar", "de"), ("ar", "")]


def test_a_link_is_too_old_when_the_date_is_past(client):
    post(client)
    date = DateRequest.objects.get()
    path = "/" + links.confirm_url(date).split("/", 3)[-1]
    with time_machine.travel(date.starts_at + datetime.timedelta(hours=1), tick=False):
        assert client.post(path).status_code == 410
        assert services.delete_expired_dates() == 1
    assert client.get(path).status_code == 410


def test_the_asker_cancels_and_who_wanted_to_come_is_told(client):
    circle = factories.make_circle()
    came = factories.make_single(circle, "Ida Weber")
    date = factories.make_date(status="taken", companion=came.volunteer)
    factories.make_date_offer(date, came)
    page = client.get(links.path(date))
    assert "Ida" in page.text
    assert "Weber" not in page.text
    for _twice in range(2):
        assert client.post(reverse("volunteers:date_cancel", args=[links.token(date)]))
    assert "Der Termin ist abgesagt." in client.get(links.path(date)).text
    assert [(one.to, one.subject) for one in mail.outbox] == [
        ([came.volunteer.email], "Der Termin ist abgesagt")
    ]


def test_when_nobody_is_found_the_asker_knows_it_before(client):
    date = factories.make_date()
    with time_machine.travel(date.starts_at - datetime.timedelta(hours=3), tick=False):
        assert services.lapse_dates() == 0
    with time_machine.travel(date.starts_at - datetime.timedelta(hours=1), tick=False):
        assert services.lapse_dates() == 1
        assert services.lapse_dates() == 0
    date.refresh_from_db()
    assert date.status == "lapsed"
    assert [one.to for one in mail.outbox] == [[date.email]]


def test_only_the_sozialamt_sees_dates_and_not_the_unconfirmed(client):
    office = factories.make_clearing_office()
    staff = factories.make_member(office, role=Membership.Role.STAFF).user
    other = factories.make_member(factories.make_circle()).user
    date = factories.make_date()
    factories.make_date("Unsicher", status="unconfirmed", confirmed_at=None)
    assert list(DateRequest.objects.visible_to(staff)) == [date]
    assert not DateRequest.objects.visible_to(other).exists()
    client.force_login(staff)
    assert "Eberhardstraße" in client.get(admin_path(date)).text


def test_the_list_takes_the_same_queries_for_many_dates(client, django_assert_max_num_queries):
    client.force_login(factories.make_user("chefin@example.org", is_superuser=True))
    for number in range(12):
        factories.make_date(f"Nummer {number}")
    with django_assert_max_num_queries(10):
        assert client.get(admin_path(DateRequest)).status_code == 200


@pytest.mark.slow
def test_dates_are_deleted_after_their_period(settings):
    came = factories.make_single(factories.make_circle(), "Ida Weber")
    date = factories.make_date()
    factories.make_date_offer(date, came)
    with time_machine.travel(NOW + datetime.timedelta(days=150), tick=False):
        retention.run()
        assert DateRequest.objects.exists()
    with time_machine.travel(NOW + datetime.timedelta(days=220), tick=False):
        retention.run()
    assert not DateRequest.objects.exists()
    assert not DateOffer.objects.exists()


def test_constraints_hold_in_the_database():
    date = factories.make_date()
    same = {"email": date.email, "starts_at": date.starts_at}
    with pytest.raises(IntegrityError, match="date_once_per_person"), transaction.atomic():
        factories.make_date(**same)
    factories.make_date(**same, status="cancelled")
    for to_language in ("", "ar"):
        with pytest.raises(IntegrityError, match="between_two"), transaction.atomic():
            factories.make_date(kind="interpreting", to_language=to_language)
    offer = factories.make_date_offer(
        date, factories.make_single(factories.make_circle(), "Ida Weber")
    )
    with pytest.raises(IntegrityError, match="date_offered_once"), transaction.atomic():
        DateOffer.objects.create(date=date, volunteer=offer.volunteer)
