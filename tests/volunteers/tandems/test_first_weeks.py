"""The first weeks of a tandem: have they met, does it fit, and the free change without blame."""

import datetime
import re
import threading
from urllib.parse import urlparse

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.utils import timezone

from programs.addresses import admin_path
from tests import factories
from volunteers import chores, matching
from volunteers.links import tandems as tandem_links
from volunteers.matching import suggestions
from volunteers.models import CheckIn, FirstMeeting, Tandem
from volunteers.models.companions import Hold, Side
from volunteers.services import ending, first_weeks, holds, tandems

pytestmark = pytest.mark.django_db

ANSWERS = ("ja", "nein", "passt", "offen", "passt-nicht", "frage")


def fresh(record):
    return type(record).objects.get(pk=record.pk)


def later(days):
    """Travel to the afternoon, when the reminders of the day are due."""
    moment = timezone.localtime() + datetime.timedelta(days=days)
    return time_machine.travel(moment.replace(hour=15), tick=False)


def began_days_ago(tandem, days):
    day = timezone.localdate() - datetime.timedelta(days=days)
    Tandem.objects.filter(pk=tandem.pk).update(started_on=day)


def subjects():
    return sorted(message.subject for message in mail.outbox)


def paths_in(message):
    return [urlparse(url).path for url in re.findall(r"https?://\S+", message.body)]


def path_of(tandem, side, answer="frage"):
    return tandem_links.first_meeting_path(tandem, side, answer)


def said(tandem, side):
    row = FirstMeeting.objects.get(tandem=tandem, side=side)
    return row.met, row.fit


@pytest.mark.slow
def test_both_are_asked_on_the_tenth_day_once_whether_they_have_met(running, request_):
    with later(9):
        chores.run_all()
    assert not mail.outbox
    with later(10):
        chores.run_all()
        chores.run_all()
    assert {m.to[0] for m in mail.outbox} == {request_.email, running.application.email}
    assert set(subjects()) == {"Haben Sie sich schon getroffen?"}
    for message in mail.outbox:
        assert [path.split("/")[-2] for path in paths_in(message)][:2] == ["ja", "nein"]


@pytest.mark.slow
def test_who_has_met_or_reports_that_all_is_well_is_not_asked(running):
    first_weeks.say_met(tandem=running, side=Side.NEWCOMER, met=True)
    assert fresh(running).met_on == timezone.localdate()
    with later(10):
        chores.run_all()
    assert "Haben Sie sich schon getroffen?" not in subjects()


def test_a_good_reply_says_that_they_have_met(client, running):
    check_in = CheckIn.objects.create(tandem=running, side="newcomer", due_on=timezone.localdate())
    client.post(tandem_links.check_in_path(check_in, "good"), {"note": ""})
    assert fresh(running).met_on == timezone.localdate()


@pytest.mark.slow
def test_a_tandem_without_a_meeting_is_on_the_worklist_of_its_coordinators_only(
    client, running, coordinator
):
    stranger = factories.make_member(factories.make_circle("Freundeskreis Ost")).user
    url = admin_path(Tandem, treffen="fehlt")
    tile = "Tandem ohne erstes Treffen"
    client.force_login(coordinator)
    began_days_ago(running, 9)
    assert tile not in client.get("/verwaltung/").content.decode()
    began_days_ago(running, 10)
    assert tile in client.get("/verwaltung/").content.decode()
    assert list(client.get(url).context["cl"].result_list) == [running]
    client.force_login(stranger)
    assert tile not in client.get("/verwaltung/").content.decode()
    assert not client.get(url).context["cl"].result_list
    first_weeks.record_met(tandem=running)
    client.force_login(coordinator)
    assert not client.get(url).context["cl"].result_list


@pytest.mark.slow
def test_opening_a_link_of_a_mail_changes_nothing(client, running):
    for side in Side:
        for answer in ANSWERS:
            assert client.get(path_of(running, side, answer)).status_code == 200
    assert not FirstMeeting.objects.exists()
    assert fresh(running).met_on is None
    assert client.get(path_of(running, Side.NEWCOMER, "quatsch")).status_code == 404


def test_yes_leads_to_the_question_whether_it_fits_and_no_to_ones_own_page(client, running):
    yes = client.post(path_of(running, Side.VOLUNTEER, "ja"), {"answer": "ja"})
    assert yes.url == path_of(running, Side.VOLUNTEER)
    assert "Passt es mit Samira?" in client.get(yes.url).content.decode()
    no = client.post(path_of(running, Side.NEWCOMER, "nein"))
    assert no.url == tandem_links.page_of(running, Side.NEWCOMER)
    assert (said(running, "volunteer"), said(running, "newcomer")) == (("yes", ""), ("no", ""))


@pytest.mark.slow
def test_who_has_not_said_whether_it_fits_is_asked_the_next_day(running):
    first_weeks.say_fit(tandem=running, side=Side.VOLUNTEER, fit="fits")
    chores.run_all()
    assert not mail.outbox
    with later(1):
        chores.run_all()
        chores.run_all()
    (message,) = mail.outbox
    assert (message.subject, message.to) == ("Passt es?", [running.request.email])
    assert [p.split("/")[-2] for p in paths_in(message)][:3] == ["passt", "offen", "passt-nicht"]


@pytest.mark.slow
def test_one_sees_the_open_question_on_ones_page_and_never_the_answer_of_the_other(client, running):
    first_weeks.say_fit(tandem=running, side=Side.VOLUNTEER, fit="open")
    own = client.get(tandem_links.page_of(running, Side.VOLUNTEER)).content.decode()
    assert "Passt es mit Samira?" in own
    first_weeks.say_fit(tandem=running, side=Side.VOLUNTEER, fit="fits")
    own = client.get(tandem_links.page_of(running, Side.VOLUNTEER)).content.decode()
    theirs = client.get(tandem_links.page_of(running, Side.NEWCOMER)).content.decode()
    assert "Passt es mit Samira?" not in own
    assert "Passt es mit Amira?" in theirs


def test_no_fit_takes_both_back_to_matching_without_asking_anything(client, running, coordinator):
    waiting_since = fresh(running.request).confirmed_at
    path = path_of(running, Side.NEWCOMER, "passt-nicht")
    response = client.post(path, {"answer": "passt-nicht"})
    assert response.url == tandem_links.page_of(running, Side.NEWCOMER)
    tandem = fresh(running)
    assert (tandem.status, tandem.end_reason, tandem.ended_by) == ("ended", "change", "")
    assert tandem.ended_on == timezone.localdate()
    assert (tandem.request.status, tandem.request.confirmed_at) == ("open", waiting_since)
    assert (tandem.request.closed_at, tandem.application.status) == (None, "ready")
    assert not ending.may_say_again(tandem)
    told = {message.to[0]: message for message in mail.outbox}
    assert set(told) == {tandem.request.email, tandem.application.email, coordinator.email}
    for address in (tandem.request.email, tandem.application.email):
        assert told[address].subject == "Wir suchen weiter für Sie"
        for name in ("Samira", "Amira", "passt nicht"):
            assert name not in told[address].body
    assert client.get(path).status_code == 410
    assert client.post(path).status_code == 410


def test_a_changed_pair_is_found_again_but_not_for_each_other(running, coordinator, circle):
    other = factories.make_ready(circle, "Berta Weber")
    first_weeks.say_fit(tandem=running, side=Side.VOLUNTEER, fit="no_fit")
    found = suggestions.for_request(fresh(running.request), coordinator)
    assert [pair.application for pair in found.fitting] == [other]
    assert matching.obstacles(running.request, running.application)
    with pytest.raises(tandems.NoMatch, match="nicht gepasst"):
        tandems.propose(request=running.request, application=running.application)
    assert tandems.propose(request=running.request, application=other).status == "proposed"


def test_who_lacks_a_requirement_by_now_pauses_and_the_coordination_is_told(
    running, programme, coordinator
):
    running.application.entry = programme
    running.application.save()
    factories.make_step(programme)
    first_weeks.say_fit(tandem=running, side=Side.NEWCOMER, fit="no_fit")
    assert fresh(running.application).status == "paused"
    assert "Wieder bereit, aber es fehlt noch etwas" in subjects()


def test_another_running_tandem_of_the_volunteer_stays(running, circle):
    second = factories.make_tandem(
        factories.make_request("Olena", organisation=circle), running.application
    )
    first_weeks.say_fit(tandem=running, side=Side.VOLUNTEER, fit="no_fit")
    assert fresh(second).status == "running"
    assert fresh(running.application).status == "placed"


@pytest.mark.slow
def test_who_said_that_it_fits_changes_freely_in_the_trial_phase_only(client, running):
    assert running.trial_until == timezone.localdate() + datetime.timedelta(weeks=6)
    first_weeks.say_fit(tandem=running, side=Side.VOLUNTEER, fit="fits")
    path = path_of(running, Side.VOLUNTEER, "passt-nicht")
    with later(43):
        assert "Es passt nicht" not in client.get(path).content.decode()
        response = client.post(path)
        assert response.status_code == 410
        assert "schon gesagt" in response.content.decode()
        assert fresh(running).status == "running"
    with later(42):
        assert client.post(path).status_code == 302
        assert fresh(running).status == "ended"


@pytest.mark.parametrize(("weeks", "days"), [(None, 42), (3, 21), (0, None)])
def test_the_programme_says_how_long_the_trial_phase_is(
    circle, programme, request_, application, weeks, days
):
    programme.trial_weeks = weeks
    programme.save()
    tandem = tandems.propose(request=request_, application=application)
    for side in Side:
        tandem = tandems.answer(tandem=tandem, side=side, answer="yes")
    until = days and tandem.started_on + datetime.timedelta(days=days)
    assert fresh(tandem).trial_until == until
    mailed = [m.body for m in mail.outbox if m.subject == "Ihr Tandem beginnt"]
    assert len(mailed) == 2
    assert all(("Schnupperphase" in body) == bool(days) for body in mailed)


def test_before_the_trial_phase_ends_only_who_is_unsure_is_asked_again(running):
    first_weeks.say_fit(tandem=running, side=Side.VOLUNTEER, fit="fits")
    first_weeks.say_fit(tandem=running, side=Side.NEWCOMER, fit="open")
    with later(39):
        chores.run_all()
        chores.run_all()
    asked = [m for m in mail.outbox if "Schnupperphase endet" in m.subject]
    assert [m.to for m in asked] == [[running.request.email]]


def test_odd_answers_and_tampered_links_show_the_question_and_store_nothing(client, running):
    path = path_of(running, Side.NEWCOMER)
    for answer in ("", "x" * 10_000, "\u202eja", "<b>", "ja\x00", "JA"):
        assert client.post(path, {"answer": answer}).status_code == 200
    assert client.get(path.replace("tandem/", "tandem/x")).status_code == 404
    assert not FirstMeeting.objects.exists()


def test_a_coordinator_lets_both_change_and_is_not_mailed_about_it(client, running, coordinator):
    client.force_login(coordinator)
    page = client.get(admin_path(running)).content.decode()
    assert "Erstes Treffen eintragen" in page
    client.post(admin_path(running, "step", "getroffen"))
    assert fresh(running).met_on == timezone.localdate()
    client.post(admin_path(running, "step", "wechseln"))
    assert fresh(running).end_reason == "change"
    assert {m.to[0] for m in mail.outbox} == {running.request.email, running.application.email}


def test_the_neutral_reason_cannot_be_chosen_at_an_ordinary_end(client, running):
    path = tandem_links.end_path(running, Side.NEWCOMER)
    assert "Wechsel nach dem Kennenlernen" not in client.get(path).content.decode()
    assert client.post(path, {"reason": "change"}).status_code == 422


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_who_say_no_at_once_end_it_once(running):
    results = []

    def say(side):
        try:
            first_weeks.say_fit(tandem=running, side=side, fit="no_fit")
            results.append("changed")
        except (ending.NotRunning, first_weeks.ChangeIsOver):
            results.append("too late")
        finally:
            connection.close()

    threads = [threading.Thread(target=say, args=(side,)) for side in Side]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["changed", "too late"]
    assert subjects().count("Wir suchen weiter für Sie") == 2


def test_while_a_tandem_rests_nobody_is_asked_and_no_answer_is_taken(client, running):
    holds.hold(tandem=running, as_=Hold.COORDINATION)
    with later(10):
        chores.run_all()
    assert not mail.outbox
    path = path_of(running, Side.NEWCOMER, "passt-nicht")
    for response in (client.get(path), client.post(path)):
        assert response.status_code == 410
        assert "ruht" in response.content.decode()
    with pytest.raises(first_weeks.Resting):
        first_weeks.say_fit(tandem=running, side=Side.NEWCOMER, fit="no_fit")
    page = client.get(tandem_links.page_of(running, Side.NEWCOMER)).content.decode()
    assert "schon getroffen?" not in page
    assert fresh(running).status == "running"
