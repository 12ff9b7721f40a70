"""After an end for reasons of safety: the two are kept apart, and the volunteer is proposed to nobody."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from programs.addresses import admin_path
from tests import factories
from volunteers import matching
from volunteers.errors import DomainError
from volunteers.matching import rounds
from volunteers.matching.loading import load_helpers, load_seekers
from volunteers.models import Application, CompanionRequest, KeptApart, Tandem
from volunteers.reads.apart import marks_of
from volunteers.reads.date_candidates import may_come
from volunteers.services import concerns, date_offers, tandems
from volunteers.services.concerns import Report

pytestmark = pytest.mark.django_db


@pytest.fixture
def circle():
    office = factories.make_clearing_office()
    return factories.make_circle(department=office)


@pytest.fixture
def thea(circle):
    return factories.make_member(circle, role="trust").user


@pytest.fixture
def concern(circle, thea):
    request = factories.make_request(organisation=circle, phone="0711 555 12 34")
    tandem = factories.make_tandem(request, factories.make_ready(circle, email="jan@example.org"))
    report = Report(text="Er droht mir.")
    return concerns.raise_concern(report=report, organisation=circle, tandem=tandem)


def again(circle, **fields):
    """A new request, by default of the same person."""
    fields = {"email": "", "phone": "+49 711 5551234"} | fields
    return factories.make_request(organisation=circle, **fields)


def ready_again(concern):
    application = Application.objects.get(pk=concern.tandem.application_id)
    application.status = "ready"
    application.save()
    return application


def test_the_tandem_ends_without_the_reason_anywhere(client, circle, thea, concern):
    client.force_login(thea)
    page = admin_path(concern, "step", "schuetzen")
    assert "kein Grund" in client.get(page).text
    mail.outbox.clear()
    LogEntry.objects.all().delete()
    client.post(page)
    client.post(page)
    tandem = Tandem.objects.get()
    assert (tandem.status, tandem.end_reason, tandem.hold) == ("ended", "other", "")
    assert KeptApart.objects.count() == 1
    assert not LogEntry.objects.exists()
    for message in mail.outbox:
        assert "chutz" not in message.subject + message.body.partition("Datenschutz")[0]
    assert page not in client.get(admin_path(concern)).text


@pytest.mark.slow
def test_the_pair_is_never_proposed_again_and_the_volunteer_to_nobody_until_freed(
    client, circle, thea, concern
):
    concerns.end_for_safety(concern=concern, by=thea)
    application = ready_again(concern)
    same, other = again(circle), again(circle, email="", phone="0711 999 88 77")
    words = "Die Person ist zurzeit nicht vermittelbar."
    for request in (same, other):
        assert words in [one.text for one in matching.obstacles(request, application)]
        with pytest.raises(tandems.NoMatch):
            tandems.propose(request=request, application=application, by=thea)
    client.force_login(thea)
    freed = {"action": "free_selected", "_selected_action": [KeptApart.objects.get().pk]}
    client.post(admin_path(KeptApart), freed)
    assert concern.notes.filter(kind="freed").count() == 1
    assert matching.obstacles(other, application) == []
    (left,) = matching.obstacles(same, application)
    assert "schon einmal abgelehnt" in left.text  # nobody can tell it from an ordinary no


def test_another_address_of_the_same_search_changes_nothing(thea, concern):
    concerns.end_for_safety(concern=concern, by=thea)
    concerns.free(apart=KeptApart.objects.get(), by=thea)
    request = concern.tandem.request
    request.email, request.phone = "neu@example.org", ""
    request.save()
    (left,) = matching.obstacles(request, ready_again(concern))
    assert "schon einmal abgelehnt" in left.text


def test_nobody_kept_back_is_asked_for_a_single_date(circle, thea, concern):
    volunteer = concern.tandem.volunteer
    volunteer.single_dates = True
    volunteer.languages = ["de", "ar"]
    volunteer.save()
    date = factories.make_date()
    assert volunteer in may_come(date)
    offer = factories.make_date_offer(date, concern.tandem.application)
    concerns.end_for_safety(concern=concern, by=thea)
    ready_again(concern)
    assert volunteer not in may_come(factories.make_date("Leila"))
    with pytest.raises(date_offers.NotWantedAnyMore):
        date_offers.accept(offer=offer)


def test_a_date_that_somebody_kept_back_had_accepted_goes_to_others_without_a_reason(thea, concern):
    date = factories.make_date()
    offer = factories.make_date_offer(date, concern.tandem.application)
    date_offers.accept(offer=offer)
    mail.outbox.clear()
    concerns.end_for_safety(concern=concern, by=thea)
    date.refresh_from_db()
    assert (date.status, date.companion) == ("open", None)
    told = {one.to[0]: one.subject for one in mail.outbox if "Termin" in one.subject}
    assert set(told) == {date.email, offer.volunteer.email}
    for message in mail.outbox:
        assert "chutz" not in message.subject + message.body.partition("Datenschutz")[0]
    with pytest.raises(date_offers.NotWantedAnyMore):
        date_offers.accept(offer=offer)


def test_a_kept_round_says_neither_who_is_kept_back_nor_a_mark(circle, thea, concern):
    concerns.end_for_safety(concern=concern, by=thea)
    ready_again(concern)
    again(circle)
    seekers = load_seekers(CompanionRequest.objects.open())
    helpers = load_helpers(Application.objects.all())
    kept = str(rounds.write(rounds.keep(seekers, helpers), []))
    assert "True" not in kept.partition("kept_back")[2][:8]
    assert not any(mark in kept for mark in marks_of("", "0711 555 12 34"))


def test_the_coordination_the_portalverwaltung_and_reporting_do_not_see_it(
    client, circle, thea, concern
):
    concerns.end_for_safety(concern=concern, by=thea)
    for role in ("coordinator", "staff", "reporting"):
        client.force_login(factories.make_member(circle, role=role).user)
        assert client.get(reverse("admin:volunteers_keptapart_changelist")).status_code == 403
    client.force_login(factories.make_user("admin@example.org", is_superuser=True))
    page = client.get(reverse("admin:volunteers_keptapart_changelist"))
    assert page.status_code == 403 or concern.tandem.volunteer.name not in page.text
    client.force_login(thea)
    page = client.get(reverse("admin:volunteers_keptapart_changelist")).text
    assert concern.tandem.volunteer.name in page
    assert concern.tandem.request.name not in page


def test_no_address_can_be_read_from_a_mark():
    (mark,) = marks_of("Jan@Example.org ", "")
    assert mark == marks_of("jan@example.org", "")[0]
    assert "jan" not in mark
    assert marks_of("", "0711 555") == marks_of("", "+49 711 555")


def test_who_deletes_their_data_takes_the_record_along(circle, thea, concern):
    concerns.end_for_safety(concern=concern, by=thea)
    volunteer = concern.tandem.volunteer
    Tandem.objects.all().delete()
    volunteer.applications.all().delete()
    volunteer.delete()
    assert not KeptApart.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_end_for_safety_and_a_proposal_at_once_leave_no_proposal_after_it():
    """Both lock the volunteer: the proposal comes first, or is refused."""
    circle = factories.make_circle(department=factories.make_clearing_office())
    thea = factories.make_member(circle, role="trust").user
    request = factories.make_request(organisation=circle)
    application = factories.make_ready(circle, tandem_limit=3)
    tandem = factories.make_tandem(request, application)
    report = Report(text="Etwas stimmt nicht.")
    concern = concerns.raise_concern(report=report, organisation=circle, tandem=tandem)
    other = factories.make_request(organisation=circle, email="andere@example.org")

    def end():
        try:
            concerns.end_for_safety(concern=concern, by=thea)
        finally:
            connection.close()

    def propose():
        try:
            tandems.propose(request=other, application=application, by=thea)
        except DomainError as error:
            return str(error)
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(max_workers=2) as executor:
        ended, refused = executor.submit(end), executor.submit(propose)
        ended.result()
        words = refused.result()
    since = KeptApart.objects.get().since
    late = Tandem.objects.filter(
        request=other, proposed_at__gt=since + datetime.timedelta(seconds=1)
    )
    assert not late.exists()
    assert not words or "vermittelbar" in words or "startbereit" in words
    assert timezone.now() > since
