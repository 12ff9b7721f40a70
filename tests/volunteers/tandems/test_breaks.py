"""Breaks and capacity that volunteers set themselves; suggestions, the assignment and proposals respect them."""

import datetime
import json

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from programs.addresses import admin_path
from tests import factories
from volunteers.links import applications as application_links
from volunteers.matching import rounds, suggestions
from volunteers.matching.loading import load_helpers, load_seekers
from volunteers.matching.rules import Rules
from volunteers.models import Application, CompanionRequest, Volunteer
from volunteers.models.companions import Side
from volunteers.services import breaks, tandems

pytestmark = pytest.mark.django_db


def path_of(application):
    return application_links.status_path(application) + "pause/"


def rest(application, until=None, more=None):
    breaks.set_break(volunteer=application.volunteer_id, until=until, more_tandems=more)


def in_days(days):
    return timezone.localdate() + datetime.timedelta(days=days)


def found(request, user):
    one = [pair.application for pair in suggestions.for_request(request, user).fitting]
    together = [pair.application for pair in suggestions.overall(user)]
    assert one == together
    return one


@pytest.mark.slow
def test_during_a_break_nobody_is_suggested_and_after_it_everybody_again(
    request_, application, coordinator
):
    assert found(request_, coordinator) == [application]
    rest(application, until=in_days(3))
    assert found(request_, coordinator) == []
    with pytest.raises(tandems.NoMatch, match=r"macht Pause bis \d\d\.\d\d\.\d{4}"):
        tandems.propose(request=request_, application=application)
    with time_machine.travel(timezone.now() + datetime.timedelta(days=3), tick=False):
        assert found(request_, coordinator) == [], "the last day belongs to the break"
    with time_machine.travel(timezone.now() + datetime.timedelta(days=4), tick=False):
        assert found(request_, coordinator) == [application]
    assert not mail.outbox, "nobody is told that it ends"


@pytest.mark.slow
def test_one_more_counts_down_when_a_tandem_begins(circle, request_, application, coordinator):
    application.tandem_limit = 5
    application.save()
    rest(application, more=1)
    tandem = tandems.propose(request=request_, application=application)
    second = factories.make_request("Olena", organisation=circle)
    assert found(second, coordinator) == [], "a proposal may become the last one"
    for side in Side:
        tandems.answer(tandem=tandem, side=side, answer="yes")
    assert Volunteer.objects.get().more_tandems == 0
    assert found(second, coordinator) == []
    rest(application, more=None)
    assert found(second, coordinator) == [application]


def test_a_declined_proposal_does_not_count(circle, request_, application, coordinator):
    rest(application, more=1)
    tandem = tandems.propose(request=request_, application=application)
    tandems.answer(tandem=tandem, side=Side.NEWCOMER, answer="no")
    assert Volunteer.objects.get().more_tandems == 1
    second = factories.make_request("Olena", organisation=circle)
    assert found(second, coordinator) == [application]


@pytest.mark.slow
def test_the_person_sets_it_on_their_page_and_reads_there_what_holds(
    client, programme, circle, coordinator
):
    application = factories.make_ready(circle, entry=programme)
    status = application_links.status_path(application)
    assert "Pause machen" in client.get(status).content.decode()
    until = in_days(40)
    response = client.post(path_of(application), {"until": until.isoformat(), "more": "1"})
    assert response.url == status
    volunteer = Volunteer.objects.get()
    assert (volunteer.break_until, volunteer.more_tandems) == (until, 1)
    assert "Sie machen Pause bis zum" in client.get(status).content.decode()
    page = client.get(path_of(application)).content.decode()
    assert until.isoformat() in page
    client.force_login(coordinator)
    assert (
        f"macht Pause bis {until:%d.%m.%Y}" in client.get(admin_path(application)).content.decode()
    )
    client.logout()
    client.post(path_of(application), {"until": "", "more": ""})
    volunteer.refresh_from_db()
    assert (volunteer.break_until, volunteer.more_tandems) == (None, None)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"until": "gestern"}, "Bitte geben Sie ein Datum ein"),
        ({"until": "1999-01-01"}, "von heute an"),
        ({"until": "9999-12-31"}, "höchstens in zwei Jahren"),
        ({"until": "x" * 5000}, "Bitte geben Sie ein Datum ein"),
        ({"until": "2027-01-01\x00"}, "Bitte geben Sie ein Datum ein"),
        ({"more": "99"}, "keine gültige Auswahl"),
    ],
)
def test_unfriendly_words_get_a_sentence_and_change_nothing(client, application, typed, sentence):
    response = client.post(path_of(application), typed)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    volunteer = Volunteer.objects.get()
    assert (volunteer.break_until, volunteer.more_tandems) == (None, None)


def test_a_closed_application_and_an_offer_without_tandems_have_no_break(client, circle):
    closed = factories.make_application(circle, "Ben", status="withdrawn")
    assert client.get(path_of(closed)).status_code == 302
    cafe = factories.make_ready(circle, "Cem", entry=factories.make_entry(organisation=circle))
    assert "Pause machen" not in client.get(application_links.status_path(cafe)).content.decode()


def test_a_kept_case_of_the_matching_knows_that_nobody_is_suggested_and_not_until_when(
    request_, application
):
    rest(application, until=in_days(3))
    (seeker,) = load_seekers(CompanionRequest.objects.all())
    (helper,) = load_helpers(Application.objects.all())
    case = rounds.keep([seeker], [helper])
    kept = json.dumps(rounds.write(case, []))
    assert in_days(3).isoformat() not in kept
    again, _pairs = rounds.read(json.loads(kept))
    assert again.pairs(Rules()) == case.pairs(Rules()) == []
