"""The timeline of an organisation: what happened with it, as far as the reader may see it."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags

from portal.models import ChangeProposal, Upkeep
from programs.addresses import admin_path
from programs.confirming import confirm
from programs.models import Membership
from tests import factories
from tests.clients import client_of
from volunteers.models import GroupMessage

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def lines_of(user, organisation):
    page = client_of(user).get(admin_path(organisation, "timeline"))
    assert page.status_code == 200
    found = re.findall(r"<li><time[^>]*>.*?</time>(.*?)</li>", page.text, re.DOTALL)
    return [" ".join(strip_tags(one).split()) for one in found]


@pytest.fixture
def office():
    return factories.make_clearing_office()


@pytest.fixture
def circle(office):
    return factories.make_circle("Freundeskreis Feuerbach", department=office)


@pytest.fixture
def staff(office):
    return factories.make_member(office, role="staff").user


@pytest.fixture
def coordinator(circle):
    return factories.make_member(circle).user


@pytest.fixture
def busy(circle, coordinator):
    """Everything has happened to it that a timeline tells."""
    now = timezone.now()
    today = timezone.localdate()
    confirm(circle)
    entry = factories.make_entry("Sprachcafé", organisation=circle)
    entry.summary = "Neu."
    entry.save()
    entry.delete()
    ChangeProposal.objects.create(
        entry=circle,
        before={"summary": ""},
        after={"summary": "Neu."},
        state="accepted",
        decided_at=now,
    )
    Upkeep.objects.create(organisation=circle, kind="phoned")
    factories.make_proposal(status="accepted", organisation=circle, decided_at=now)
    factories.make_invited(circle, reminded_at=now, opened_at=now)
    factories.make_survey_answer(circle, asked_at=now, answered_at=now, number=12)
    factories.make_access_request(circle)
    factories.make_invitation(circle)
    GroupMessage.objects.create(organisation=circle, text="Bis Samstag")
    factories.make_counselling(circle)
    factories.make_cooperation(circle, company="Backhaus Nord")
    past = now - datetime.timedelta(days=2)
    over = past + datetime.timedelta(hours=2)
    factories.make_event("Sommerfest", organisation=circle, starts_at=past, ends_at=over)
    room = factories.make_room("Raum Nord", organisation=circle)
    factories.make_carrier_period(room, organisation=circle, since=today)
    factories.make_visit_count(room, today, number=40)
    gone = factories.make_member(circle, role="deputy", until=today)
    gone.user.name = "Gerd Gegangen"
    gone.user.save()
    gone.delete()
    return circle


def test_whatever_happened_is_a_sentence(busy, coordinator, staff):
    everything = "\n".join(lines_of(factories.make_user("a@example.org", is_superuser=True), busy))
    for part in (
        "Eintrag „Freundeskreis Feuerbach“ angelegt.",
        "Eintrag „Freundeskreis Feuerbach“ bestätigt.",
        "Eintrag „Sprachcafé“ gelöscht.",
        "Änderung per Link vorgeschlagen: „Freundeskreis Feuerbach“.",
        "Vorschlag zum Eintrag „Freundeskreis Feuerbach“: übernommen.",
        "Hat sich selbst für das Verzeichnis vorgeschlagen.",
        "Der Vorschlag ist angenommen.",
        "Stimmen die Einträge noch? am Telefon bestätigt.",
        "Eingeladen, den Eintrag selbst zu pflegen.",
        "An die Einladung erinnert.",
        "Hat die Einladung geöffnet.",
        "Nach der Zahl der Engagierten am ",
        "beantwortet. Engagierte: 12.",
        "Jemand bittet um Zugang („Das sind wir“).",
        "Jemand ist eingeladen (Koordination).",
        "Zugang beginnt: Katrin Koordination (Koordination).",
        "Zugang endet: Gerd Gegangen (Vertretung).",
        "Hat eine Nachricht an viele geschrieben. Bis Samstag",
        "Beratung angefragt",
        "„Backhaus Nord“ bietet etwas an.",
        "„Sommerfest“.",
        "Trägt ab jetzt den Raum „Raum Nord“.",
        "in „Raum Nord“: 40.",
    ):
        assert part in everything, f"{part} is missing in\n{everything}"


def test_the_department_sees_the_entries_and_no_people(busy, staff):
    lines = "\n".join(lines_of(staff, busy))
    assert "Eintrag „Freundeskreis Feuerbach“ bestätigt." in lines
    assert "beantwortet. Engagierte: 12." in lines
    assert "Bis Samstag" not in lines
    assert "Beratung angefragt" not in lines
    assert "Gegangen" not in lines


def test_who_is_gone_has_no_name_for_colleagues(busy, coordinator):
    lines = lines_of(coordinator, busy)
    assert "Zugang endet: jemand (Vertretung)." in lines
    assert "Zugang beginnt: Katrin Koordination (Koordination)." in lines
    assert not any("Gegangen" in line for line in lines)


def test_others_see_nothing(busy):
    other = factories.make_member(factories.make_organisation("Caritas")).user
    assert client_of(other).get(admin_path(busy, "timeline")).status_code == 404


def test_who_reports_reads_no_history(busy, office):
    lines = lines_of(factories.make_member(office, role="reporting").user, busy)
    assert not any(line.startswith(("Eintrag", "Zugang", "Jemand")) for line in lines)


def test_many_changes_of_a_day_are_one_line(circle, coordinator):
    for number in range(5):
        circle.summary = f"Fassung {number}"
        circle.save()
    changed = [one for one in lines_of(coordinator, circle) if "geändert" in one]
    assert changed == ["Eintrag „Freundeskreis Feuerbach“ geändert."]


def test_a_membership_that_ran_out_is_told(circle, coordinator):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    factories.make_member(circle, role="deputy", until=yesterday)
    assert Membership.objects.filter(until=yesterday).exists()
    assert "Zugang endet: Katrin Koordination (Vertretung)." in lines_of(coordinator, circle)


def test_the_page_of_the_organisation_begins_with_the_newest(busy, coordinator):
    page = client_of(coordinator).get(admin_path(busy)).text
    assert page.count("<li><time datetime=") == 5
    assert f'{admin_path(busy, "timeline")}?ab=5"' in page
    assert page.index("Zeitleiste") < page.index('id="id_title"')


def test_every_link_opens(busy, coordinator, staff):
    for user in (coordinator, staff):
        client = client_of(user)
        page = client.get(admin_path(busy, "timeline")).text
        links = set(re.findall(r'<li><time[^>]*>.*?</time> <span><a href="([^"]+)"', page))
        assert links
        for link in links:
            assert client.get(link, follow=True).status_code == 200, link


def test_the_queries_do_not_grow(busy, coordinator):
    client = client_of(coordinator)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(admin_path(busy, "timeline"))
        return len(queries)

    before = asked()
    for _number in range(30):
        Upkeep.objects.create(organisation=busy, kind="asked")
    assert asked() == before <= 10
