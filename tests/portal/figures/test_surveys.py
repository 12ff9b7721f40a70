"""Stichtagsumfrage: every organisation is asked by mailed link, reminded once, and the estimate names its gaps."""

import datetime
import re

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.figures import surveying
from portal.figures.estimating import estimate
from portal.figures.survey_models import Survey, SurveyAnswer
from tests import factories
from tests.clients import client_of
from volunteers.links.organisations import Purpose, Recipient, url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _office():
    return factories.make_clearing_office()


@pytest.fixture
def circle():
    return factories.make_circle("Kreis Nord", contact_email="nord@example.org")


def start(**fields):
    today = timezone.localdate()
    survey = Survey(**({"day": today, "deadline": today + datetime.timedelta(days=21)} | fields))
    surveying.start(survey=survey)
    return survey


def page_of(circle):
    link = url(Purpose.COUNT, circle, Recipient(circle.contact_email))
    return link[link.index("/stichtag/") :]


def after(time_machine, days):
    time_machine.move_to(timezone.now() + datetime.timedelta(days=days))


def test_everybody_in_the_directory_is_asked_or_noted_as_out_of_reach(circle):
    initiative = factories.make_initiative("Ohne Adresse")
    factories.make_circle("Beendet", status="ended", contact_email="ende@example.org")
    factories.make_circle("Entwurf", is_published=False, contact_email="entwurf@example.org")
    factories.make_organisation("Firma", type="company", contact_email="firma@example.org")
    survey = start()
    asked = dict(survey.answers.values_list("organisation", "asked_at"))
    assert set(asked) == {circle.pk, initiative.pk}
    assert asked[circle.pk] is not None
    assert asked[initiative.pk] is None
    [message] = mail.outbox
    assert message.to == ["nord@example.org"]
    assert "/stichtag/" in message.body


def test_a_number_is_told_without_login_and_can_be_changed_until_the_end(circle, client):
    start()
    [path] = re.findall(r"https?://[^/]+(/\S+)", mail.outbox[0].body)[:1]
    page = client.get(path, follow=True)
    assert "Wie viele Engagierte hatten Sie am" in page.content.decode()
    path = page.redirect_chain[-1][0] if page.redirect_chain else path
    for number in ("12", "14"):
        thanks = client.post(path, {"number": number, "is_estimate": "on"})
        assert f"Notiert: {number}." in thanks.content.decode()
    answer = SurveyAnswer.objects.get()
    assert (answer.number, answer.is_estimate) == (14, True)
    assert 'value="14"' in client.get(path).content.decode()


@pytest.mark.parametrize("number", ["", "-1", "5001", "9" * 400, "viele", "\x00", "1,5"])
def test_what_is_no_number_is_not_kept_and_stays_in_the_form(circle, client, number):
    start()
    response = client.post(page_of(circle), {"number": number})
    assert response.status_code == 422
    assert SurveyAnswer.objects.get().number is None


def test_after_the_end_the_page_says_so_and_keeps_nothing(circle, client, time_machine):
    start()
    path = page_of(circle)
    after(time_machine, 22)
    for response in (client.get(path), client.post(path, {"number": "3"})):
        assert "Die Umfrage ist geschlossen" in response.content.decode()
    assert SurveyAnswer.objects.get().number is None


def test_a_link_to_a_former_address_opens_nothing(circle, client):
    start()
    path = page_of(circle)
    circle.contact_email = "neu@example.org"
    circle.save()
    assert client.get(path).status_code == 410


def test_who_has_not_answered_is_reminded_once_near_the_end(circle, time_machine):
    other = factories.make_circle("Kreis Süd", contact_email="sued@example.org")
    survey = start()
    survey.answers.filter(organisation=other).update(number=3, answered_at=timezone.now())
    after(time_machine, 10)
    assert surveying.remind() == 0
    after(time_machine, 5)
    mail.outbox.clear()
    assert surveying.remind() == 1
    assert surveying.remind() == 0
    [message] = mail.outbox
    assert message.to == ["nord@example.org"]
    assert message.subject.startswith("Erinnerung: ")


def test_nobody_is_reminded_after_the_end(circle, time_machine):
    start()
    after(time_machine, 30)
    assert surveying.remind() == 0


def test_staff_start_a_survey_and_read_the_result(circle):
    department = factories.make_organisation("Abteilung Integrationspolitik", type="office")
    staff = client_of(factories.make_member(department, role="staff").user)
    today = timezone.localdate()
    days = {
        "day": f"{today:%d.%m.%Y}",
        "deadline": f"{today + datetime.timedelta(days=9):%d.%m.%Y}",
    }
    response = staff.post(reverse("admin:portal_survey_add"), days, follow=True)
    assert "1 Mail geht hinaus." in response.content.decode()
    again = staff.post(reverse("admin:portal_survey_add"), days)
    assert again.status_code == 200
    assert Survey.objects.count() == 1
    page = staff.get(reverse("admin:portal_survey_change", args=[Survey.objects.get().pk]))
    text = " ".join(re.sub(r"<[^>]*>", " ", page.content.decode()).split())
    assert "0 von 1 Organisationen haben geantwortet (0 %)." in text
    assert "Für eine Hochrechnung haben zu wenige geantwortet." in text
    assert "Freundeskreis, noch ohne Antwort: Kreis Nord" in text


@pytest.mark.parametrize(("day", "deadline"), [(1, 20), (0, 0), (-9, -3)])
def test_a_survey_is_about_a_day_that_has_come_and_leaves_time(circle, day, deadline):
    admin = client_of(factories.make_user("adm@example.org", is_superuser=True))
    today = timezone.localdate()
    days = {
        "day": today + datetime.timedelta(day),
        "deadline": today + datetime.timedelta(deadline),
    }
    data = {name: f"{one:%d.%m.%Y}" for name, one in days.items()}
    assert admin.post(reverse("admin:portal_survey_add"), data).status_code == 200
    assert not Survey.objects.exists()
    assert mail.outbox == []


def answers(numbers, silent=0, unreachable=0, make=factories.make_circle, survey=None):
    survey = survey or factories.make_survey()
    for index, number in enumerate(numbers):
        said = {"number": number, "answered_at": timezone.now()}
        factories.make_survey_answer(make(f"Sagt {index}"), survey=survey, **said)
    for index in range(silent):
        factories.make_survey_answer(make(f"Schweigt {index}"), survey=survey)
    for index in range(unreachable):
        one = make(f"Ohne Adresse {index}")
        factories.make_survey_answer(one, survey=survey, asked_at=None)
    return survey


def result(survey):
    return estimate(survey.answers.select_related("organisation"))


def test_if_all_answer_the_estimate_is_the_sum():
    found = result(answers([10, 20, 30]))
    assert (found.reported, found.middle, found.low, found.high) == (60, 60, 60, 60)
    assert found.percent == 100


def test_those_who_answered_stand_for_their_kind():
    found = result(answers([10, 20, 30, 20, 20], silent=3, unreachable=2))
    assert (found.reported, found.middle) == (100, 200)
    assert 100 <= found.low < 200 < found.high
    [group] = found.groups
    assert (len(group.silent), len(group.unreachable), group.percent) == (3, 2, 50)


@pytest.mark.parametrize(("numbers", "silent"), [([10] * 4, 1), ([10] * 5, 12), ([], 3)])
def test_of_a_kind_with_too_few_answers_nothing_is_estimated(numbers, silent):
    found = result(answers(numbers, silent=silent))
    assert found.told == []
    assert found.middle == found.low == found.high == 10 * len(numbers)


def test_each_kind_is_estimated_by_itself():
    survey = answers([10] * 5, silent=5)
    answers([100], silent=4, make=factories.make_initiative, survey=survey)
    found = result(survey)
    assert found.reported == 150
    assert found.middle == 200  # the initiatives only with what one of them said
    assert [one.label for one in found.untold] == ["Initiative"]


@pytest.mark.parametrize("wrong", [{"number": 5001, "answered_at": timezone.now()}, {"number": 3}])
def test_the_database_refuses_what_cannot_be(circle, wrong):
    survey = factories.make_survey()
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.make_survey_answer(circle, survey=survey, **wrong)


def test_a_survey_ends_after_its_day():
    today = timezone.localdate()
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.make_survey(deadline=today - datetime.timedelta(days=1))


def test_the_result_takes_as_many_queries_for_thirty_as_for_one():
    survey = answers([1])
    admin = client_of(factories.make_user("adm@example.org", is_superuser=True))
    address = reverse("admin:portal_survey_change", args=[survey.pk])

    def queries():
        with CaptureQueriesContext(connection) as made:
            assert admin.get(address).status_code == 200
        return len(made)

    queries()
    few = queries()
    answers([2] * 30, make=factories.make_initiative, survey=survey)
    assert queries() == few
