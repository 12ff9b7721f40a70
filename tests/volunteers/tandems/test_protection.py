"""What the protection concept says to both sides of a tandem, and the second person at the first meeting."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from programs.addresses import admin_path
from tests import factories
from tests.people import person_at
from volunteers.links import applications as application_links
from volunteers.links import tandems as tandem_links
from volunteers.models import Tandem, TandemRule
from volunteers.models.companions import Side
from volunteers.reads import health
from volunteers.sections import preparation
from volunteers.sections import tandems as sections
from volunteers.services import first_weeks, holds, tandems

pytestmark = pytest.mark.django_db

NOTICE = "Beim ersten Treffen ist dabei: jemand von der Koordination."


@pytest.fixture
def concept(programme):
    return factories.make_protection(programme)


@pytest.fixture
def application(circle, programme):
    return factories.make_ready(circle, phone="0711 222", entry=programme)


@pytest.fixture
def begun(concept, request_, application, coordinator, mailoutbox):
    """Begun today with a second person at the first meeting; the mails of the start are there."""
    tandem = tandems.propose(request=request_, application=application, by=coordinator)
    mailoutbox.clear()
    for side in Side:
        tandem = tandems.answer(tandem=tandem, side=side, answer="yes")
    assert tandem.status == "running"
    return tandem


def fresh(record):
    return type(record).objects.get(pk=record.pk)


def test_mail_at_the_start_says_it_to_each_side_in_its_words(begun, concept, mailoutbox):
    told = {message.to[0]: message for message in mailoutbox}
    family, volunteer = told[begun.request.email].body, told[begun.application.email].body
    for body in (family, volunteer):
        assert concept.meeting_places in body
        assert concept.meeting_times in body
        assert (
            "dabei: jemand von der Koordination. Bitte treffen Sie sich vorher nicht allein."
            in body
        )
        assert "Koordination der Lernpaten, 0711 216-57000" in body
    assert concept.note_for_family in family
    assert concept.note_for_family not in volunteer
    assert concept.note_for_volunteers in volunteer
    assert concept.note_for_volunteers not in family


def test_without_a_concept_nothing_is_said(running, client, mailoutbox):
    for side in Side:
        assert "schützen" not in client.get(tandem_links.page_of(running, side)).text
    assert not running.first_meeting_with


@pytest.mark.slow
def test_pages_of_both_sides_say_it(client, begun, concept):
    family = client.get(tandem_links.page_of(begun, Side.NEWCOMER)).text
    assert concept.note_for_family in family
    assert concept.note_for_volunteers not in family
    assert 'href="tel:+4971121657000"' in family
    volunteer = client.get(application_links.status_path(begun.application)).text
    assert concept.note_for_volunteers in volunteer
    assert concept.note_for_family not in volunteer
    for page in (family, volunteer):
        assert page.count(concept.meeting_places) == 1
        assert NOTICE in page
    for side in Side:
        assert NOTICE in client.get(tandem_links.first_meeting_path(begun, side, "frage")).text
        assert NOTICE in client.get(tandem_links.agreement_path(begun, side)).text


def test_my_page_says_it_for_both_roles(begun, concept):
    row = sections.of_person(person_at(begun.request.email)).context["running"][0]
    assert row["protection"] == concept
    shown = preparation.of_person(person_at(begun.application.email)).context["preparations"]
    assert [one.protection for one in shown] == [concept]


@pytest.mark.slow
def test_family_reads_it_before_anything_begins(
    client, concept, request_, application, coordinator
):
    page = client.get(tandem_links.status_path(request_)).text
    assert concept.note_for_family in page
    tandem = tandems.propose(request=request_, application=application, by=coordinator)
    asked = client.get(tandem_links.answer_path(tandem, Side.NEWCOMER)).text
    assert concept.note_for_family in asked
    asked = client.get(tandem_links.answer_path(tandem, Side.VOLUNTEER)).text
    assert concept.note_for_volunteers in asked
    assert concept.note_for_family not in asked


def test_search_without_a_programme_goes_by_that_of_the_volunteer(
    circle, concept, application, coordinator
):
    request = factories.make_request("Olena", organisation=circle)
    tandem = tandems.propose(request=request, application=application, by=coordinator)
    for side in Side:
        tandem = tandems.answer(tandem=tandem, side=side, answer="yes")
    assert tandem.first_meeting_with == concept.first_meeting_with


@pytest.mark.slow
def test_coordination_confirms_the_second_person_and_the_notice_goes(client, begun, coordinator):
    client.force_login(coordinator)
    assert "Die zweite Person war dabei" in client.get(admin_path(begun)).text
    step = admin_path(begun, "step", "zu-dritt")
    assert client.get(step).status_code == 200
    assert fresh(begun).accompanied_on is None  # a GET changes nothing
    for _click in range(2):
        assert client.post(step).status_code == 302
        assert fresh(begun).accompanied_on == fresh(begun).met_on == timezone.localdate()
    assert "Die zweite Person war dabei" not in client.get(admin_path(begun)).text
    for side in Side:
        assert NOTICE not in client.get(tandem_links.page_of(begun, side)).text


def test_a_pair_that_met_needs_attention_until_it_is_confirmed(begun):
    def attention():
        return health.event_of(health.with_attention(Tandem.objects.all()).get())

    assert attention() is None
    first_weeks.say_met(tandem=begun, side=Side.NEWCOMER, met=True)
    assert attention() == TandemRule.Event.ALONE
    holds.hold(tandem=fresh(begun), as_="coordination")
    assert attention() is None
    with pytest.raises(first_weeks.Resting):
        first_weeks.confirm_accompanied(tandem=begun)
    Tandem.objects.update(hold="", held_at=None)
    first_weeks.confirm_accompanied(tandem=begun)
    assert attention() is None


@pytest.mark.slow
def test_worklist_leads_to_the_pairs_that_met_without_a_confirmation(client, begun, coordinator):
    client.force_login(coordinator)
    tile = "War die zweite Person dabei?"
    assert tile not in client.get(reverse("admin:index")).text
    first_weeks.say_met(tandem=begun, side=Side.VOLUNTEER, met=True)
    assert tile in client.get(reverse("admin:index")).text
    assert "War niemand dabei?" in client.get(tandem_links.page_of(begun, Side.NEWCOMER)).text
    listed = client.get(admin_path(Tandem, treffen="allein"))
    assert list(listed.context["cl"].queryset) == [begun]
    first_weeks.confirm_accompanied(tandem=begun)
    assert tile not in client.get(reverse("admin:index")).text
    assert not client.get(admin_path(Tandem, treffen="allein")).context["cl"].queryset


def test_rule_about_the_second_person_counts_from_the_day_they_met(begun):
    first_weeks.say_met(tandem=begun, side=Side.NEWCOMER, met=True)
    found = health.with_signs(Tandem.objects.all())
    today = timezone.localdate()
    for days, is_due in ((0, True), (1, False)):
        assert found.filter(health.is_due("alone", days, today)).exists() is is_due
    tomorrow = today + datetime.timedelta(days=1)
    assert found.filter(health.is_due("alone", 1, tomorrow)).exists()


def test_a_later_concept_changes_no_tandem_that_has_begun(running, programme):
    factories.make_protection(programme)
    first_weeks.say_met(tandem=running, side=Side.VOLUNTEER, met=True)
    assert fresh(running).comes_along == ""
