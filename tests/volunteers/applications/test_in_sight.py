"""Coordinators see contact data from the confirmation until the retention period is over.

A hidden record is hidden in lists, pages, exports and searches alike, whether or not the nightly
job has run.
"""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import factories
from volunteers.models import (
    Application,
    CompanionRequest,
    HoursEntry,
    Message,
    Registration,
    Tandem,
    Volunteer,
)
from volunteers.periods import over_before
from volunteers.privacy import due
from volunteers.reads import known
from volunteers.services import answering

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

SECOND = datetime.timedelta(seconds=1)


@pytest.fixture
def circle():
    factories.make_clearing_office()
    return factories.make_circle("Freundeskreis Feuerbach")


@pytest.fixture
def katrin(circle):
    return factories.make_member(circle).user


def everything_shown(user):
    """Lists, searches and exports with contact data, as ``user`` gets them."""
    client = Client()
    client.force_login(user)
    found = []
    for model in ("application", "volunteer", "registration", "tandem", "companionrequest"):
        url = reverse(f"admin:volunteers_{model}_changelist")
        data = {"format": "csv", "purpose": "Rundmail"}
        exported = client.post(reverse(f"admin:volunteers_{model}_export"), data)
        found += [client.get(url, {"q": q}).content.decode() for q in ("", "Zwölfer")]
        found.append(b"".join(exported.streaming_content).decode("utf-8-sig"))
    found += [client.get(reverse("admin:index")).content.decode()]
    text = "\n".join(found)  # pages repeat what was looked for
    return text.replace('value="Zwölfer"', "").replace("Suche: Zwölfer.", "")


def close(application, at, status="declined"):
    Application.objects.filter(pk=application.pk).update(
        status=status, submitted_at=at, decline_reason="Kein Platz", confirmed_at=at
    )
    factories.make_change(application, status, at=at)


@pytest.mark.slow
def test_the_search_of_these_tests_finds_who_is_in_sight(circle, katrin):
    factories.make_application(circle, "Ida Zwölfer", email="ida@beispiel.de", phone="0711 98")
    text = everything_shown(katrin)
    for told in ("Ida Zwölfer", "ida@beispiel.de", "0711 98"):
        assert text.count(told) >= 3, told


@pytest.mark.slow
@pytest.mark.parametrize("status", ["unconfirmed", "withdrawn"])
def test_nobody_sees_who_has_not_confirmed(circle, katrin, status):
    """Not even after a withdrawal: nobody has proven whose address it is."""
    application = factories.make_application(
        circle, "Ida Zwölfer", email="ida@beispiel.de", status=status, confirmed_at=None
    )
    text = everything_shown(katrin)
    assert "Zwölfer" not in text
    assert "beispiel.de" not in text
    client = Client()
    client.force_login(katrin)
    url = reverse("admin:volunteers_application_change", args=[application.pk])
    assert client.get(url).status_code == 404
    assert not known.find_people(Volunteer.objects.visible_to(katrin), katrin, ["ida"]).exists()


@pytest.mark.slow
def test_who_handed_an_application_on_no_longer_sees_the_person(circle, katrin):
    application = factories.make_application(circle, "Ida Zwölfer", email="ida@beispiel.de")
    application.messages.create(sender="applicant", text="Hallo")
    other = factories.make_circle("Freundeskreis Süd")
    there = factories.make_member(other).user
    answering.hand_on_application(application=application, to=other, by=katrin)
    text = everything_shown(katrin)
    assert "Zwölfer" not in text
    assert "beispiel.de" not in text
    assert not Message.objects.visible_to(katrin).exists()
    client = Client()
    client.force_login(katrin)
    for page in ("change", "history", "message"):
        url = reverse(f"admin:volunteers_application_{page}", args=[application.pk])
        assert client.get(url).status_code == 404, page
    assert "ida@beispiel.de" in everything_shown(there)


@pytest.mark.slow
@pytest.mark.parametrize("status", ["declined", "withdrawn"])
def test_closed_ones_are_out_of_sight_when_their_time_is_over(circle, katrin, status):
    """The job has not run: the rows still exist."""
    application = factories.make_application(circle, "Ida Zwölfer", email="ida@beispiel.de")
    factories.make_hours(application)
    limit = over_before(6)
    close(application, limit, status)
    assert "ida@beispiel.de" in everything_shown(katrin)
    Application.objects.filter(pk=application.pk).update(submitted_at=limit - SECOND)
    application.changes.update(at=limit - SECOND)
    text = everything_shown(katrin)
    assert "Zwölfer" not in text
    assert "beispiel.de" not in text
    assert not HoursEntry.objects.visible_to(katrin).exists()
    assert not Volunteer.objects.visible_to(katrin).exists()
    assert Application.objects.filter(pk=application.pk).exists()


def test_how_long_they_are_in_sight_is_the_setting_of_retention(circle, katrin, settings):
    application = factories.make_application(circle)
    close(application, over_before(7))
    assert not Application.objects.visible_to(katrin).exists()
    settings.KEEP_CLOSED_APPLICATIONS_MONTHS = 8
    assert Application.objects.visible_to(katrin).get() == application


def test_what_is_out_of_sight_is_what_retention_deletes(circle, katrin):
    """Around the boundary, with and without a later step or a tandem."""
    limit = over_before(6)
    for offset in (-SECOND, datetime.timedelta(), SECOND):
        for status in ("declined", "withdrawn", "completed", "ready"):
            for more in ("", "step", "tandem"):
                application = factories.make_application(circle, submitted_at=limit + offset)
                close(application, limit + offset, status)
                if more == "step":
                    factories.make_change(application, status, at=timezone.now())
                if more == "tandem":
                    request = factories.make_request(organisation=circle)
                    factories.make_tandem(request, application, status="declined")
    due_ones = set(due.closed_applications().values_list("pk", flat=True))
    seen = set(Application.objects.visible_to(katrin).values_list("pk", flat=True))
    assert due_ones
    assert seen == set(Application.objects.values_list("pk", flat=True)) - due_ones


def test_tandems_requests_and_registrations_leave_the_sight_with_retention(circle, katrin):
    limit = over_before(12)
    for offset in (-SECOND, SECOND):
        at = limit + offset
        day = timezone.localdate(at)
        event = factories.make_event(
            organisation=circle, starts_at=at - datetime.timedelta(hours=2), ends_at=at
        )
        factories.make_registration(event)
        factories.make_request(organisation=circle, status="closed", closed_at=at)
        application = factories.make_ready(circle)
        ended = {"status": "ended", "ended_on": day, "end_reason": "moved", "started_on": day}
        factories.make_tandem(factories.make_request(organisation=circle), application, **ended)
        factories.make_tandem(
            factories.make_request(organisation=circle),
            application,
            status="lapsed",
            proposed_at=at,
        )
    for model, find in (
        (Tandem, due.tandems),
        (CompanionRequest, due.requests),
        (Registration, due.registrations),
    ):
        due_ones = set(find().values_list("pk", flat=True))
        seen = set(model.objects.visible_to(katrin).values_list("pk", flat=True))
        assert due_ones, model
        assert seen == set(model.objects.values_list("pk", flat=True)) - due_ones, model


def test_the_portalverwaltung_sees_what_the_job_has_left(circle):
    application = factories.make_application(circle)
    close(application, over_before(7))
    admin = factories.make_user("adm@example.org", is_superuser=True)
    assert Application.objects.visible_to(admin).get() == application
