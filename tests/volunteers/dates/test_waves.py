"""Who is asked for a single date, in which order, how many at once and how often."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from tests import factories
from volunteers.guard import stops
from volunteers.models import DateOffer, MailKind, Volunteer
from volunteers.services.date_waves import send_waves

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 20, 9, 0, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def circle():
    return factories.make_circle()


def asked(date):
    offers = DateOffer.objects.filter(date=date).order_by("pk")
    return list(offers.values_list("volunteer__name", flat=True))


def test_a_few_are_asked_at_once_and_the_next_ones_after_a_quiet_while(circle, settings):
    settings.DATE_WAVE = 2
    for number in range(5):
        factories.make_single(circle, f"Ida {number}")
    date = factories.make_date()
    assert [send_waves(), send_waves()] == [2, 0]
    with time_machine.travel(NOW + 59 * HOUR / 60, tick=False):
        assert send_waves() == 0
    with time_machine.travel(NOW + HOUR, tick=False):
        assert send_waves() == 2
    assert asked(date) == ["Ida 0", "Ida 1", "Ida 2", "Ida 3"]
    assert len(mail.outbox) == 4


def test_the_question_says_nothing_about_the_person(circle):
    factories.make_single(circle, "Ida Weber")
    date = factories.make_date("Samira", place="Geheimweg 3", phone="0711 12345")
    send_waves()
    (question,) = mail.outbox
    for private in ("Samira", "Geheimweg", "12345", date.email):
        assert private not in question.body + question.subject
    assert date.district.short_name in question.body
    assert "Arabisch" in question.body


def test_at_night_nobody_is_asked(circle):
    factories.make_single(circle, "Ida Weber")
    factories.make_date()
    with time_machine.travel(datetime.datetime(2026, 11, 20, 20, 0, tzinfo=datetime.UTC)):
        assert send_waves() == 0  # 21:00 in Stuttgart
    with time_machine.travel(datetime.datetime(2026, 11, 21, 7, 0, tzinfo=datetime.UTC)):
        assert send_waves() == 1  # 8:00


def test_only_those_who_may_be_asked_speak_the_language_and_are_met(circle):
    factories.make_single(circle, "Ida Gut")
    factories.make_ready(circle, "Ben Nichtgefragt")
    factories.make_single(circle, "Cem Ohnesprache", languages=["de"])
    factories.make_single(circle, "Dana Minderjährig", age="minor")
    factories.make_single(circle, "Emil Neu", status="new")
    stopped = factories.make_single(circle, "Fee Abbestellt")
    stops.stop(MailKind.DATE, stopped.volunteer.email)
    busy = factories.make_single(circle, "Gül Vergeben")
    date = factories.make_date()
    factories.make_date(status="taken", companion=busy.volunteer, starts_at=date.starts_at + HOUR)
    asks = factories.make_single(circle, "Hal Selbst")
    Volunteer.objects.filter(pk=asks.volunteer_id).update(email=date.email)
    assert send_waves() == 1
    assert asked(date) == ["Ida Gut"]


def test_an_interpreter_speaks_both_languages(circle):
    factories.make_single(circle, "Ida Eine", languages=["ar", "de"])
    factories.make_single(circle, "Ben Beide", languages=["ar", "fr"])
    date = factories.make_date(kind="interpreting", to_language="fr")
    send_waves()
    assert asked(date) == ["Ben Beide"]


def test_whom_it_suits_best_comes_first_then_whose_turn_it_is(circle):
    date = factories.make_date()
    weekday = timezone.localtime(date.starts_at).weekday()
    often, fits, seldom = (
        factories.make_single(circle, name) for name in ("Ida Oft", "Ben Passt", "Cem Selten")
    )
    Volunteer.objects.filter(pk=fits.volunteer_id).update(weekdays=[weekday], dayparts=["morning"])
    fits.volunteer.districts.add(date.district)
    past = timezone.now() - 20 * 24 * HOUR
    factories.make_date("Vorher", companion=often.volunteer, status="done", starts_at=past)
    send_waves()
    assert asked(date) == ["Ben Passt", "Cem Selten", "Ida Oft"]
    assert seldom


@pytest.mark.slow
def test_nobody_is_asked_more_often_than_a_week_allows(circle, settings):
    settings.DATE_OFFERS_A_WEEK = 2
    factories.make_single(circle, "Ida Weber")
    for number in range(4):
        factories.make_date(f"Nummer {number}")
    assert send_waves() == 2
    with time_machine.travel(NOW + 24 * HOUR, tick=False):
        assert send_waves() == 0
    later = NOW + 8 * 24 * HOUR
    with time_machine.travel(later, tick=False):
        factories.make_date("Später")
        assert send_waves() == 1


def test_urgent_dates_are_marked_and_asked_in_half_the_time(circle, settings):
    settings.DATE_WAVE = 1
    for name in ("Ida Eins", "Ben Zwei"):
        factories.make_single(circle, name)
    factories.make_date(starts_at=timezone.now() + 20 * HOUR)
    send_waves()
    with time_machine.travel(NOW + HOUR / 2, tick=False):
        assert send_waves() == 1
    assert all(one.subject.startswith("Eilig: ") for one in mail.outbox)


@pytest.mark.slow
def test_a_wave_takes_the_same_queries_whoever_is_ready(circle, django_assert_max_num_queries):
    for number in range(12):
        factories.make_single(circle, f"Ida {number}")
    factories.make_date()
    with django_assert_max_num_queries(70):  # five mails among them
        assert send_waves() == 5
