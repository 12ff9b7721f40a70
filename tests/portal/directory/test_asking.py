"""Every half year organisations are asked; after two unanswered mails entries are marked, after a year hidden."""

import datetime

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone

from portal.directory import asking, confirming
from portal.directory.models import ChangeProposal, Upkeep
from portal.models import LinkCheck
from programs import confirming as entries
from programs.addresses import admin_path
from programs.models import Entry, Organisation
from tests import factories
from volunteers.models import OutgoingMail, Reminder
from volunteers.periods import add_months

pytestmark = pytest.mark.django_db
START = datetime.datetime(2026, 2, 1, 12, tzinfo=datetime.UTC)


@pytest.fixture
def today(time_machine):
    """Moves the clock to noon of a day that lies so many months and days after the start."""

    def move(months=0, days=0):
        day = add_months(START.date(), months) + datetime.timedelta(days=days)
        time_machine.move_to(datetime.datetime.combine(day, START.timetz()), tick=False)
        return day

    move()
    return move


@pytest.fixture
def office(today):
    return factories.make_clearing_office(confirmed_on=START.date() + datetime.timedelta(9999))


@pytest.fixture
def circle(office):
    return factories.make_circle(
        contact_email="kreis@example.org",
        department=office,
        phone="0711 123",
        description="Wir treffen uns.",
        confirmed_on=START.date(),
    )


def test_organisation_is_asked_after_six_months_and_once(circle, today):
    today(6, -1)
    assert asking.run() == 0
    today(6)
    assert [asking.run(), asking.run()] == [1, 0]
    (message,) = mail.outbox
    assert message.to == ["kreis@example.org"]
    for text in ("Wir treffen uns.", "Ja, stimmt noch:", "Etwas ändern:", "zuletzt bestätigt"):
        assert text in message.body
    assert Upkeep.objects.get().kind == Upkeep.Kind.ASKED
    today(11, 27)
    assert asking.run() == 0
    today(12)
    assert asking.run() == 1


def test_links_of_the_mail_open_what_they_say(circle, today, client):
    today(6)
    asking.run()
    (message,) = mail.outbox
    links = [line for line in message.body.splitlines() if line.startswith(settings.SITE_URL)]
    pages = [client.get(link.removeprefix(settings.SITE_URL), follow=True) for link in links[:2]]
    assert [page.status_code for page in pages] == [200, 200]
    assert "Stimmt das noch?" in pages[0].text
    assert "Eintrag ändern" in pages[1].text


def test_worker_that_was_down_for_weeks_asks_once_and_the_next_time_six_months_later(circle, today):
    today(8)
    assert asking.run() == 1
    today(13, 27)
    assert asking.run() == 0
    today(14)
    assert asking.run() == 1


def test_members_are_asked_before_the_known_address(circle, today):
    member = factories.make_member(circle)
    today(6)
    asking.run()
    assert [message.to for message in mail.outbox] == [[member.user.email]]


def test_nobody_is_asked_without_an_address_or_after_the_end(circle, today):
    today(6)
    Organisation.objects.filter(pk=circle.pk).update(contact_email="")
    assert asking.run() == 0
    Organisation.objects.filter(pk=circle.pk).update(
        contact_email="kreis@example.org", status="ended"
    )
    assert asking.run() == 0
    assert not Reminder.objects.exists()


@pytest.mark.slow
def test_after_two_unanswered_mails_the_entry_is_marked_and_says_so(circle, today, client):
    for months in (6, 12):
        day = today(months)
        asking.run()
    today(12, settings.CONFIRM_ANSWER_DAYS - 1)
    asking.run()
    circle.refresh_from_db()
    assert circle.unanswered_since is None
    today(12, settings.CONFIRM_ANSWER_DAYS)
    asking.run()
    circle.refresh_from_db()
    assert circle.unanswered_since == add_months(START.date(), 6)
    assert day > circle.unanswered_since
    assert "Lange nicht bestätigt." in client.get(circle.get_absolute_url()).text
    entries.confirm(Entry.objects.get(pk=circle.pk))
    assert "Lange nicht bestätigt." not in client.get(circle.get_absolute_url()).text


@pytest.mark.slow
def test_marked_entry_is_hidden_a_year_after_the_first_mail_and_back_when_confirmed(
    circle, today, client
):
    for months, days in ((6, 0), (12, 0), (12, 28), (18, -1)):
        today(months, days)
        asking.run()
    assert client.get(circle.get_absolute_url()).status_code == 200
    day = today(18)
    asking.run()
    circle.refresh_from_db()
    assert (circle.is_published, circle.hidden_on) == (False, day)
    assert client.get(circle.get_absolute_url()).status_code == 404
    Organisation.objects.filter(pk=circle.pk).update(is_published=True)
    asking.run()
    circle.refresh_from_db()
    assert circle.is_published, "what staff show again stays"
    Organisation.objects.filter(pk=circle.pk).update(is_published=False)
    entries.confirm(Entry.objects.get(pk=circle.pk))
    circle.refresh_from_db()
    assert (circle.is_published, circle.hidden_on) == (True, None)
    assert not circle.is_unanswered


def test_an_answer_in_between_begins_anew(circle, today):
    today(6)
    asking.run()
    today(7)
    Upkeep.objects.create(organisation=circle, kind=Upkeep.Kind.CHANGED)
    today(12, 15)
    assert asking.run() == 0, "six months after the change"
    today(13)
    assert asking.run() == 1
    today(13, 40)
    asking.run()
    circle.refresh_from_db()
    assert circle.unanswered_since is None


def test_clearing_office_is_never_hidden(today):
    office = factories.make_clearing_office(unanswered_since=START.date())
    today(30)
    asking.hide_silent(timezone.localdate())
    office.refresh_from_db()
    assert office.is_published


def test_old_steps_and_decided_proposals_go_and_waiting_ones_stay(circle, today):
    Upkeep.objects.create(organisation=circle, kind=Upkeep.Kind.ASKED)
    ChangeProposal.objects.create(entry=circle, state="accepted")
    waiting = ChangeProposal.objects.create(entry=circle)
    today(settings.KEEP_PROPOSALS_MONTHS, -1)
    assert confirming.forget_old() == 0
    today(settings.KEEP_PROPOSALS_MONTHS)
    assert confirming.forget_old() == 2
    assert list(ChangeProposal.objects.all()) == [waiting]


def test_asking_has_a_fixed_number_of_queries(office, today, django_assert_max_num_queries):
    for number in range(20):
        factories.make_entry(f"Angebot {number}", organisation=office)
    with django_assert_max_num_queries(12):
        asking.run()


# --- The call list --------------------------------------------------------------------------------


@pytest.fixture
def staff(office, client):
    user = factories.make_member(office, role="staff").user
    client.force_login(user)
    return user


def calls(client):
    return client.get(admin_path(Upkeep, "calls"))


@pytest.mark.slow
def test_call_list_says_whom_to_ring_why_and_what_happened(circle, staff, client):
    Organisation.objects.filter(pk=circle.pk).update(
        confirmed_on=None, unanswered_since=START.date(), hidden_on=START.date()
    )
    Upkeep.objects.create(organisation=circle, kind=Upkeep.Kind.ASKED)
    page = calls(client).text
    for text in (
        "Freundeskreis Feuerbach",
        'href="tel:',
        "0711 123",
        "ausgeblendet",
        "per Mail gefragt",
    ):
        assert text in page
    assert "Organisation anrufen" in client.get("/verwaltung/").text


def test_one_click_after_the_talk_confirms_and_shows_again(circle, staff, client):
    Organisation.objects.filter(pk=circle.pk).update(
        confirmed_on=None, unanswered_since=START.date(), hidden_on=START.date(), is_published=False
    )
    url = admin_path(Upkeep, "called", circle.pk)
    assert "nicht erreicht" in client.post(url, {"missed": "1"}, follow=True).text
    assert "am Telefon nicht erreicht" in calls(client).text
    for _double_click in range(2):
        client.post(url)
    circle.refresh_from_db()
    assert (circle.is_published, circle.confirmed_on) == (True, timezone.localdate())
    kinds = list(Upkeep.objects.values_list("kind", "by"))
    assert kinds == [("phoned", staff.pk), ("missed", staff.pk)]
    assert "Niemand ist anzurufen" in calls(client).text


REASONS = {
    "keine Adresse bekannt": {"contact_email": "", "confirmed_on": None},
    "zwei Mails ohne Antwort": {"unanswered_since": datetime.date(2026, 3, 1)},
    "Webseite antwortet nicht": {"website": "https://weg.example/"},
    "Mails kommen dort nicht an": {"contact_email": "tot@example.org"},
}


@pytest.mark.parametrize("reason", REASONS)
def test_each_reason_brings_an_organisation_onto_the_list(circle, staff, client, reason):
    LinkCheck.objects.create(url="https://weg.example/", outcome="gone")
    OutgoingMail.objects.create(
        sender="a@example.org",
        recipients=["tot@example.org"],
        failed_at=timezone.now(),
        refused_with=550,
    )
    assert "Niemand ist anzurufen" in calls(client).text
    Organisation.objects.filter(pk=circle.pk).update(**REASONS[reason])
    page = calls(client).text
    assert "Freundeskreis Feuerbach" in page
    assert reason in page
    others = set(REASONS) - {reason}
    assert not [one for one in others if one in page]


def test_coordinator_rings_nobody_and_a_foreign_department_sees_nothing(circle):
    Organisation.objects.filter(pk=circle.pk).update(unanswered_since="2026-03-01")
    others = factories.make_organisation("Andere Abteilung", type="office")
    for member in (factories.make_member(circle), factories.make_member(others, role="staff")):
        client = Client()
        client.force_login(member.user)
        assert f"call-{circle.pk}" not in calls(client).text
        assert client.post(admin_path(Upkeep, "called", circle.pk)).status_code == 404


def test_call_list_has_a_fixed_number_of_queries(
    office, staff, client, django_assert_max_num_queries
):
    for number in range(20):
        one = factories.make_circle(f"Kreis {number}", department=office)
        Upkeep.objects.create(organisation=one, kind=Upkeep.Kind.MISSED)
    with django_assert_max_num_queries(10):
        page = calls(client)
    assert page.text.count('id="call-') == 20
