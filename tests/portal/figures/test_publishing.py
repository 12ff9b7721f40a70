"""The result of a survey becomes a key figure, once, by a person, and never tells what one organisation said."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from portal.figures import publishing
from portal.models import KeyFigure
from programs.addresses import admin_path
from tests import factories
from tests.clients import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey():
    today = timezone.localdate()
    day, deadline = today - datetime.timedelta(days=30), today - datetime.timedelta(days=1)
    return factories.make_survey(day=day, deadline=deadline)


@pytest.fixture
def staff():
    return factories.make_member(factories.make_clearing_office(), role="staff").user


def answers(survey, *numbers, silent=0):
    now = timezone.now()
    for place, number in enumerate(numbers):
        factories.make_survey_answer(
            factories.make_circle(f"Kreis {place}"), survey=survey, number=number, answered_at=now
        )
    for place in range(silent):
        factories.make_survey_answer(factories.make_circle(f"Still {place}"), survey=survey)


def step(survey):
    return admin_path(survey, "step", "kennzahl")


def test_staff_sees_what_it_will_say_and_publishes_it(client, survey, staff):
    answers(survey, 10, 10, 10, 10, 10, silent=5)
    page = client_of(staff).get(step(survey))
    assert page.status_code == 200
    assert "5 von 10 Organisationen haben geantwortet (50 %)." in page.text
    assert not KeyFigure.objects.exists()
    answer = client_of(staff).post(step(survey))
    figure = KeyFigure.objects.get()
    assert answer.url == admin_path(figure)
    assert (figure.value, figure.as_of) == (100, survey.day)
    assert figure.source
    public = client.get(reverse("portal:figures")).text
    assert "Engagierte laut Umfrage" in public
    assert figure.source in public


def test_twice_makes_one(survey, staff):
    answers(survey, 1, 2, 3, 4, 5)
    for _again in range(2):
        assert client_of(staff).post(step(survey)).status_code == 302
    assert KeyFigure.objects.get().value == 15
    assert "Zur Kennzahl" in client_of(staff).get(admin_path(survey)).text


def test_what_was_published_stays_when_it_is_published_again(survey):
    answers(survey, 1, 2, 3, 4, 5)
    publishing.publish(survey=survey)
    survey.answers.update(number=9)
    assert publishing.publish(survey=survey)[1] is False
    assert KeyFigure.objects.get().value == 15


def test_a_running_survey_has_no_result_yet(survey, staff):
    answers(survey, 1, 2, 3, 4, 5)
    type(survey).objects.update(deadline=timezone.localdate())
    client = client_of(staff)
    assert "Als Kennzahl veröffentlichen" not in client.get(admin_path(survey)).text
    page = client.post(step(survey), follow=True)
    assert "Die Umfrage läuft noch." in page.text
    assert not KeyFigure.objects.exists()


def test_few_answers_are_never_published(survey, staff):
    answers(survey, 40, 1, 1, 1, silent=1)
    page = client_of(staff).post(step(survey), follow=True)
    assert "Zu wenige Organisationen haben geantwortet" in page.text
    assert not KeyFigure.objects.exists()


def test_who_reports_publishes_nothing(survey):
    answers(survey, 1, 2, 3, 4, 5)
    office = factories.make_organisation("Abteilung", type="office")
    reader = factories.make_member(office, role="reporting").user
    assert client_of(reader).post(step(survey)).status_code == 403


def test_the_database_keeps_one_a_day(survey):
    answers(survey, 1, 2, 3, 4, 5)
    publishing.figure_of(survey).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        publishing.figure_of(survey).save()
