"""The health of all tandems at a glance, and who is told what, by rules that are data."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.reference import load
from programs.addresses import admin_path
from tests import factories
from volunteers import chores
from volunteers.models import CheckIn, FirstMeeting, Reminder, Tandem, TandemRule
from volunteers.models.companions import Hold, Side
from volunteers.privacy.old_reminders import old_reminders
from volunteers.reads import health
from volunteers.services import check_ins, ending, holds

pytestmark = pytest.mark.django_db

URL = "/verwaltung/volunteers/tandem/"
TODAY = timezone.localdate


def ago(days):
    return timezone.now() - datetime.timedelta(days=days)


def pair(circle, name, days, **fields):
    """A tandem that began so many days ago and has met, if nothing else is said."""
    request = factories.make_request(name, organisation=circle)
    began = TODAY() - datetime.timedelta(days=days)
    fields = {"started_on": began, "met_on": began} | fields
    return factories.make_tandem(request, factories.make_ready(circle, f"{name} Weber"), **fields)


def asked(tandem, days, reply="", replied=None, side="newcomer"):
    at = ago(days)
    replied_at = ago(replied) if replied is not None else None
    fields = {"due_on": timezone.localdate(at), "reply": reply, "replied_at": replied_at}
    return CheckIn.objects.create(tandem=tandem, side=side, sent_at=at, **fields)


def rule(event, days, whom="coordination"):
    return TandemRule.objects.create(event=event, days=days, whom=whom)


def attention():
    found = health.with_attention(Tandem.objects.all())
    return {one.request.name: health.event_of(one) for one in found.select_related("request")}


def test_each_rule_marks_from_its_day_on_what_it_is_about(circle):
    rule("not_met", 14)
    rule("no_reply", 10)
    rule("silence", 90)
    pair(circle, "Fein", 40)
    pair(circle, "Neu", 13, met_on=None)
    pair(circle, "Ungetroffen", 14, met_on=None)
    asked(pair(circle, "Gefragt", 24), 9)
    asked(pair(circle, "Stumm", 24), 10)
    asked(pair(circle, "Gemeldet", 200), 150, "good", 20)
    pair(circle, "Still", 90)
    pair(circle, "Hilfe", 90, needs_support_since=ago(0))
    assert {name: event for name, event in attention().items() if event} == {
        "Ungetroffen": "not_met",
        "Stumm": "no_reply",
        "Still": "silence",
        "Hilfe": "support",
    }


def test_an_answer_of_either_side_ends_the_silence(circle):
    rule("silence", 30)
    rule("no_reply", 10)
    tandem = pair(circle, "Samira", 60)
    asked(tandem, 20)
    assert attention() == {"Samira": "no_reply"}
    asked(tandem, 20, "good", 1, side="volunteer")
    assert attention() == {"Samira": None}
    CheckIn.objects.all().delete()
    assert attention() == {"Samira": "silence"}
    said = FirstMeeting.objects.create(tandem=tandem, side="newcomer", met="yes", met_at=ago(2))
    assert attention() == {"Samira": None}
    said.delete()
    factories.make_hours(tandem.application, "2")
    assert attention() == {"Samira": None}


def test_what_rests_or_is_over_needs_no_attention(circle):
    rule("silence", 1)
    held, over = pair(circle, "Ruht", 50), pair(circle, "Vorbei", 50)
    holds.hold(tandem=held, as_=Hold.COORDINATION)
    ending.end_tandem(tandem=over, reason="moved")
    assert set(attention().values()) == {None}


@pytest.mark.slow
def test_list_begins_with_what_needs_attention_says_why_and_what_comes_next(client, circle):
    coordinator = factories.make_member(circle).user
    rule("silence", 30)
    fine = pair(circle, "Fein", 20)
    asked(fine, 6, "good", 5)
    FirstMeeting.objects.create(tandem=fine, side="volunteer", fit="open", fit_at=ago(10))
    still = pair(circle, "Still", 40)
    red = pair(circle, "Hilfe", 30)
    check_ins.ask_for_support(tandem=red, side=Side.NEWCOMER)
    client.force_login(coordinator)
    page = client.get(URL)
    assert list(page.context["cl"].result_list) == [red, still, fine]
    text = page.content.decode()
    day = f"{TODAY() - datetime.timedelta(days=40):%d.%m.%Y}"
    assert f"lange nichts gehört seit {day}" in text
    assert "bei den beiden melden" in text
    assert f"Rückfrage am {fine.started_on + datetime.timedelta(weeks=6):%d.%m.%Y}" in text
    spoken = f"begleitete Person: läuft gut ({timezone.localdate(ago(5)):%d.%m.%Y})"
    assert text.count(spoken) == 2, "as the name of the drawing, and as its title"
    assert f"engagierte Person: noch offen ({timezone.localdate(ago(10)):%d.%m.%Y})" in text
    assert list(client.get(URL, {"achten": "ja"}).context["cl"].result_list) == [red, still]
    assert list(client.get(URL, {"achten": "still"}).context["cl"].result_list) == [still]
    start = client.get("/verwaltung/").content.decode()
    assert "Tandem, von dem nichts zu hören ist" in start


@pytest.mark.slow
def test_fifty_rows_cost_as_many_queries_as_one(client, circle):
    coordinator = factories.make_member(circle).user
    load_rules()
    client.force_login(coordinator)

    def cost():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(URL).status_code == 200
        return len(queries)

    asked(pair(circle, "Erste", 30), 6, "good", 5)
    client.get(URL)
    one = cost()
    for number in range(49):
        asked(pair(circle, f"Weitere {number}", 30), 6, "good", 5)
    assert cost() == one
    assert (
        one <= 12
    )  # the menu of saved lists is one, the estimate of how many rows there are another


def load_rules():
    for event in TandemRule.Event.values:
        rule(event, 30)


def at_noon(days=0):
    moment = timezone.localtime() + datetime.timedelta(days=days)
    return time_machine.travel(moment.replace(hour=12), tick=False)


def about_rules():
    return [m for m in mail.outbox if m.subject.startswith("Tandems")]


@pytest.mark.slow
def test_one_mail_a_day_counts_all_tandems_and_each_of_them_once(circle):
    coordinator = factories.make_member(circle).user
    rule("silence", 30)
    rule("not_met", 14)
    with at_noon():
        for name in ("Eins", "Zwei"):
            pair(circle, name, 40)
        pair(circle, "Drei", 14, met_on=None)
        chores.run_all()
        chores.run_all()
    (message,) = about_rules()
    assert message.to == [coordinator.email]
    assert "2 Tandems: lange nichts gehört (seit 30 Tagen)" in message.body
    assert "1 Tandem: noch kein erstes Treffen (seit 14 Tagen)" in message.body
    for name in ("Eins", "Zwei", "Drei"):
        assert name not in message.body
    with at_noon(1):
        chores.run_all()
    assert len(about_rules()) == 1


@pytest.mark.slow
def test_a_new_silence_is_told_again(circle):
    factories.make_member(circle)
    rule("silence", 30)
    with at_noon():
        tandem = pair(circle, "Samira", 40)
        chores.run_all()
        asked(tandem, 0, "good", 0)
        chores.run_all()
    assert len(about_rules()) == 1
    with at_noon(31):
        chores.run_all()
    assert len(about_rules()) == 2


def test_the_department_hears_only_how_many_and_where(circle, office):
    staff = factories.make_member(office, role="staff").user
    rule("silence", 30, whom="department")
    with at_noon():
        pair(circle, "Samira", 40)
        chores.run_all()
    (message,) = about_rules()
    assert message.to == [staff.email]
    assert circle.title in message.body
    assert "1 Tandem: lange nichts gehört" in message.body
    assert "Samira" not in message.body
    assert admin_path(Tandem) not in message.body


def test_tandems_without_an_organisation_are_told_to_the_office(office):
    staff = factories.make_member(office, role="staff").user
    rule("silence", 30)
    rule("silence", 30, whom="department")
    ready = factories.make_ready(office, entry=None)
    began = TODAY() - datetime.timedelta(days=40)
    with at_noon():
        factories.make_tandem(
            factories.make_request(organisation=None), ready, started_on=began, met_on=began
        )
        chores.run_all()
    assert [m.to for m in about_rules()] == [[staff.email]]


@pytest.mark.slow
def test_a_reminder_of_a_running_tandem_stays_so_that_it_is_told_once(circle):
    factories.make_member(circle)
    rule("silence", 30)
    with at_noon():
        tandem = pair(circle, "Samira", 40)
        chores.run_all()
    kept = Reminder.objects.filter(purpose="tandem.silence.coordination")
    kept.update(sent_at=ago(1000))
    assert not old_reminders().filter(pk__in=kept.values("pk")).exists()
    ending.end_tandem(tandem=tandem, reason="moved")
    assert old_reminders().filter(pk__in=kept.values("pk")).exists()


@pytest.mark.slow
def test_rules_come_with_the_starting_data_and_only_the_portal_s_own_people_change_them(
    client, circle
):
    load()
    assert set(TandemRule.objects.values_list("event", flat=True)) == set(TandemRule.Event.values)
    one = TandemRule.objects.get(event="silence", whom="coordination")
    url = f"/verwaltung/volunteers/tandemrule/{one.pk}/change/"
    client.force_login(factories.make_member(circle).user)
    assert client.get(url).status_code == 200
    assert (
        client.post(url, {"event": "silence", "whom": "coordination", "days": 5}).status_code == 403
    )
    client.force_login(factories.make_user("chefin@example.org", is_superuser=True))
    saved = client.post(url, {"event": "silence", "whom": "coordination", "days": 5})
    assert saved.status_code == 302
    for days in ("366", "-1", "viele", ""):
        wrong = client.post(url, {"event": "silence", "whom": "coordination", "days": days})
        assert wrong.status_code == 200
        assert wrong.context["adminform"].form.errors
    twice = client.post(url, {"event": "silence", "whom": "department", "days": 5})
    assert "Diese Regel gibt es schon" in twice.content.decode()
    load()
    one.refresh_from_db()
    assert one.days == 5, "a load leaves alone what was changed"
