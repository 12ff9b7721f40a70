"""Reflection evenings that a programme asks of those who are placed: what is due, and who sees it."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from programs.models import Event
from tests import factories
from volunteers.links import applications as application_links
from volunteers.models import Application
from volunteers.reads.reflections import lacking, reflections_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation():
    return factories.make_circle()


@pytest.fixture
def programme(organisation):
    return factories.make_programme(organisation=organisation, reflections_a_year=2)


def engaged(organisation, programme, days, **fields):
    volunteer = factories.make_volunteer()
    return factories.make_engaged(
        organisation, days=days, entry=programme.entry_ptr, volunteer=volunteer, **fields
    )


def attend(application, days_ago, part_of, **fields):
    start = timezone.now() - datetime.timedelta(days=days_ago, hours=3)
    event = factories.make_event(
        "Reflexionsabend",
        **{"kind": Event.Kind.REFLECTION, "starts_at": start, "part_of": part_of} | fields,
    )
    factories.make_registration(event, volunteer=application.volunteer, attended=True)


@pytest.mark.parametrize(
    ("days", "due"), [(10, 0), (182, 0), (183, 1), (364, 1), (366, 2), (2000, 2)]
)
def test_what_is_due_grows_with_the_time_in_service(organisation, programme, days, due):
    application = engaged(organisation, programme, days)
    assert reflections_of(application).due == due
    assert lacking(Application.objects.all()).exists() == (due > 0)


def test_attendance_of_the_programme_counts_for_a_year(organisation, programme):
    application = engaged(organisation, programme, 400)
    other = factories.make_programme("Bildungsmentoren", organisation=organisation)
    opportunity = factories.make_entry("Mathe", organisation=organisation, part_of=programme)
    attend(application, 20, programme.entry_ptr)
    assert reflections_of(application).missing == 1
    attend(application, 400, programme.entry_ptr)
    attend(application, 5, other.entry_ptr)
    attend(application, 5, programme.entry_ptr, kind=Event.Kind.TRAINING)
    assert reflections_of(application).missing == 1
    attend(application, 60, opportunity.entry_ptr)
    assert reflections_of(application).missing == 0
    assert not lacking(Application.objects.all()).exists()


def test_only_those_in_service_lack_anything(organisation, programme):
    engaged(organisation, programme, 400, status=Application.Status.COMPLETED)
    factories.make_application(organisation, entry=programme.entry_ptr)
    without_duty = factories.make_programme("Ohne Pflicht", organisation=organisation)
    free = engaged(organisation, without_duty, 400)
    assert reflections_of(free) is None
    assert not lacking(Application.objects.all()).exists()


def test_person_reads_what_is_asked_and_when_the_next_one_is(client, organisation, programme):
    application = engaged(organisation, programme, 400)
    address = application_links.status_path(application)
    text = client.get(address).text
    assert "kommt 2-mal im Jahr" in text
    assert "Bitte suchen Sie sich den nächsten Termin aus." in text
    assert "steht noch nicht fest" in text
    event = factories.make_event(
        "Reflexionsabend im Advent", kind=Event.Kind.REFLECTION, part_of=programme.entry_ptr
    )
    assert event.get_absolute_url() in client.get(address).text


@pytest.mark.slow
def test_coordinator_finds_whom_to_invite(client, organisation, programme):
    application = engaged(organisation, programme, 400)
    client.force_login(factories.make_member(organisation).user)
    start = client.get(reverse("admin:index")).text
    assert "Im Einsatz, eine Reflexion fehlt" in start
    found = reverse("admin:volunteers_application_changelist") + "?vorbereitung=reflexion"
    assert found in start
    assert application.name in client.get(found).text
    attend(application, 20, programme.entry_ptr)
    attend(application, 40, programme.entry_ptr)
    assert "Im Einsatz, eine Reflexion fehlt" not in client.get(reverse("admin:index")).text


def test_calendar_knows_reflections(client, organisation):
    factories.make_event("Supervision im Rathaus", kind=Event.Kind.REFLECTION)
    factories.make_event("Einführung")
    text = client.get("/termine/", {"art": "reflexion"}).text
    assert "Supervision im Rathaus" in text
    assert "Einführung</a>" not in text
