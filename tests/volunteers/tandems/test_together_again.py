"""A former pair finds together again: both wish it, a coordinator proposes it, nobody learns of a no."""

import datetime
import re

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from programs.addresses import admin_path
from tests import factories
from tests.people import person_at
from tests.volunteers.applications.test_races import at_once
from volunteers.links import tandems as tandem_links
from volunteers.models import Application, Concern, Tandem
from volunteers.models.companions import Side
from volunteers.privacy.disclosure import disclose
from volunteers.reads.together_again import wished_by_both
from volunteers.services import applications, ending, requests, tandems, together_again

pytestmark = pytest.mark.django_db

YEAR = datetime.timedelta(days=365)
QUESTION = "Möchten Sie sich eines Tages wiedersehen?"


def fresh(record):
    return type(record).objects.get(pk=record.pk)


@pytest.fixture
def ended(running):
    """Ended by the newcomer; the volunteer is ready for another tandem."""
    ending.end_tandem(tandem=running, reason="no_time", side=Side.NEWCOMER)
    ending.say_again(tandem=fresh(running), again=True)
    mail.outbox.clear()
    return fresh(running)


def both_wish(tandem):
    for side in Side:
        together_again.wish(tandem=tandem, side=side, again=True)


def page(client, tandem, side):
    """Without what is different at each request: the secret of its forms, and times of signatures."""
    text = client.get(tandem_links.page_of(tandem, side)).text
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"|:\w{6}:[\w-]{43}', "", text)


@pytest.mark.slow
def test_each_side_wishes_on_its_own_page_and_can_take_it_back(client, ended):
    for side in Side:
        path = tandem_links.together_again_path(ended, side)
        column = f"{side.value}_again_at"
        assert QUESTION in page(client, ended, side)
        assert client.get(path).status_code == 200
        assert getattr(fresh(ended), column) is None  # a GET changes nothing
        assert client.post(path, {"answer": "ja"}).url == tandem_links.page_of(ended, side)
        since = getattr(fresh(ended), column)
        client.post(path, {"answer": "ja"})
        assert getattr(fresh(ended), column) == since is not None  # a double click is one wish
        assert "Sie möchten sich gern wiedersehen." in page(client, ended, side)
        client.post(path, {"answer": "nein"})
        assert getattr(fresh(ended), column) is None
        for nonsense in ({}, {"answer": "x" * 10_000}, {"answer": "\u202eja"}):
            assert client.post(path, nonsense).status_code == 200
        assert getattr(fresh(ended), column) is None
    assert not mail.outbox


@pytest.mark.slow
def test_a_no_is_like_no_answer_and_a_yes_stays_with_its_side(client, ended):
    newcomer = tandem_links.together_again_path(ended, Side.NEWCOMER)
    before = page(client, ended, Side.VOLUNTEER)
    for answer in ("nein", "ja"):
        client.post(newcomer, {"answer": answer})
        assert page(client, ended, Side.VOLUNTEER) == before
    since = str(fresh(ended).newcomer_again_at.year)
    for activity in disclose(person_at(ended.application.email)):
        for table in activity.tables:
            for row in table.rows:
                told = [cell for cell in row if cell.name == "newcomer_again_at"]
                assert all(cell.is_withheld and since not in cell.text for cell in told)


@pytest.mark.slow
def test_the_coordinator_sees_it_when_both_wish_and_proposes_the_two(client, ended, coordinator):
    client.force_login(coordinator)
    change, step = admin_path(ended), admin_path(ended, "step", "wieder-vorschlagen")
    together_again.wish(tandem=ended, side=Side.VOLUNTEER, again=True)
    assert "noch einmal vorschlagen" not in client.get(change).text
    assert "möchte wieder" not in client.get(reverse("admin:index")).text
    client.post(step)
    assert Tandem.objects.count() == 1
    together_again.wish(tandem=ended, side=Side.NEWCOMER, again=True)
    assert "früheres Tandem möchte wieder" in client.get(reverse("admin:index")).text
    assert "noch einmal vorschlagen" in client.get(change).text
    assert client.post(step).status_code == 302
    new = Tandem.objects.exclude(pk=ended.pk).get()
    assert (new.status, new.request, new.application) == (
        "proposed",
        ended.request,
        ended.application,
    )
    assert (fresh(ended.request).status, fresh(ended.request).closed_at) == ("open", None)
    assert {m.to[0] for m in mail.outbox} == {ended.request.email, ended.application.email}
    assert not wished_by_both(Tandem.objects.all()).exists()
    for side in Side:
        tandems.answer(tandem=new, side=side, answer="yes")
    assert fresh(new).status == "running"


def test_all_conditions_hold_and_a_refusal_changes_nothing(ended, coordinator):
    both_wish(ended)
    Application.objects.filter(pk=ended.application_id).update(status="paused")
    with pytest.raises(tandems.NoMatch, match="startbereit"):
        together_again.propose_again(tandem=ended, by=coordinator)
    assert fresh(ended.request).status == "closed"
    assert wished_by_both(Tandem.objects.all()).get() == ended


def again_closed(ended):
    found = fresh(ended.request)
    return (found.status, found.closed_at is not None)


@pytest.mark.parametrize("side", Side)
def test_a_no_closes_the_search_again_that_was_open_for_the_two_only(
    client, ended, coordinator, side
):
    both_wish(ended)
    tandem = together_again.propose_again(tandem=ended, by=coordinator)
    mail.outbox.clear()
    tandems.answer(tandem=tandem, side=side, answer="no")
    assert again_closed(ended) == ("closed", True)
    assert "uchen weiter" not in mail.outbox[0].body
    assert "uchen weiter" not in client.post(tandem_links.answer_path(tandem, side)).text


@pytest.mark.parametrize("how", ["retract", "lapse", "volunteer_leaves"])
def test_however_it_fails_the_search_is_closed_again(ended, coordinator, how):
    both_wish(ended)
    tandem = together_again.propose_again(tandem=ended, by=coordinator)
    if how == "retract":
        tandems.retract(tandem=tandem)
    elif how == "lapse":
        Tandem.objects.filter(pk=tandem.pk).update(proposed_at=timezone.now() - YEAR)
        assert tandems.lapse_proposals() == 1
    else:
        applications.withdraw_application(application=fresh(ended.application))
    assert not Tandem.objects.alive().exists()
    assert again_closed(ended) == ("closed", True)


def test_a_search_that_was_open_before_stays_open(ended, coordinator):
    type(ended.request).objects.update(status="open", closed_at=None, companions=2)
    both_wish(ended)
    tandem = together_again.propose_again(tandem=fresh(ended), by=coordinator)
    tandems.answer(tandem=tandem, side=Side.NEWCOMER, answer="no")
    assert fresh(ended.request).status == "open"


def test_another_open_search_of_the_person_is_named(ended, coordinator):
    both_wish(ended)
    wanted = {"email": ended.request.email, "organisation": ended.organisation}
    factories.make_request(ended.request.name, **wanted)
    with pytest.raises(together_again.SearchesAlready):
        together_again.propose_again(tandem=ended, by=coordinator)
    assert fresh(ended.request).status == "closed"


def test_after_a_concern_the_pair_is_never_offered_and_no_page_tells(client, ended, coordinator):
    both_wish(ended)
    pages = [page(client, ended, side) for side in Side]
    Concern.objects.create(
        tandem=ended,
        organisation=ended.organisation,
        text="Bitte lesen",
        answer_by=timezone.localdate(),
    )
    assert [page(client, ended, side) for side in Side] == pages
    assert not wished_by_both(Tandem.objects.all()).exists()
    with pytest.raises(together_again.NotWished):
        together_again.propose_again(tandem=ended, by=coordinator)
    assert Tandem.objects.count() == 1


def test_nobody_is_asked_while_it_runs_after_a_change_or_when_the_search_was_withdrawn(
    client, running
):
    path = tandem_links.together_again_path(running, Side.VOLUNTEER)
    assert client.post(path, {"answer": "ja"}).status_code == 410
    ending.change(tandem=running)
    assert QUESTION not in page(client, running, Side.VOLUNTEER)
    assert client.post(path, {"answer": "ja"}).status_code == 410
    assert fresh(running).volunteer_again_at is None


def test_nobody_is_asked_when_the_search_was_withdrawn(client, running):
    requests.withdraw_request(request=running.request)
    assert QUESTION not in page(client, running, Side.VOLUNTEER)
    with pytest.raises(together_again.WishTooLate):
        together_again.wish(tandem=running, side=Side.VOLUNTEER, again=True)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_coordinators_propose_at_once_and_one_proposal_is_made(ended, coordinator):
    both_wish(ended)
    results = at_once(*[lambda: together_again.propose_again(tandem=ended, by=coordinator)] * 2)
    assert sorted(isinstance(one, Tandem) for one in results) == [False, True], results
    assert sum(isinstance(one, together_again.NotWished) for one in results) == 1, results
    assert Tandem.objects.filter(status="proposed").count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_wish_taken_back_while_it_is_proposed_wins_or_is_too_late(ended, coordinator):
    both_wish(ended)
    proposed, taken_back = at_once(
        lambda: together_again.propose_again(tandem=ended, by=coordinator),
        lambda: together_again.wish(tandem=ended, side=Side.NEWCOMER, again=False),
    )
    made = Tandem.objects.filter(status="proposed").count()
    if isinstance(proposed, Tandem):
        assert isinstance(taken_back, together_again.WishTooLate)
        assert made == 1
    else:
        assert isinstance(proposed, together_again.NotWished)
        assert (made, fresh(ended.request).status) == (0, "closed")
