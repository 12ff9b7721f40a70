"""The timeline of a person: what happened, newest first, and only what the reader may see."""

import datetime
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags

from programs.addresses import admin_path
from tests import factories
from tests.clients import client_of
from volunteers.models import (
    Application,
    CheckIn,
    CompanionRequest,
    GroupMessage,
    Message,
    Registration,
    Reminder,
    Tandem,
    Volunteer,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

NOW = timezone.now()


def days_ago(days: int) -> datetime.datetime:
    return NOW - datetime.timedelta(days=days)


@pytest.fixture
def circle():
    return factories.make_circle("Freundeskreis Feuerbach")


@pytest.fixture
def coordinator(circle):
    return factories.make_member(circle).user


@pytest.fixture
def amira(circle, coordinator):
    """Somebody to whom everything has happened that a timeline tells."""
    one = factories.make_engaged(circle, days=90)
    factories.make_change(one, "placed", at=days_ago(80), note="Telefonat: mag Kinder")
    said = {"application": one, "at": days_ago(70)}
    Message.objects.create(sender="applicant", text="Wann geht es los?", **said)
    Message.objects.create(sender="staff", text="An alle", to_many=True, **said)
    request = factories.make_request("Samira", organisation=circle)
    tandem = factories.make_tandem(
        request,
        one,
        proposed_at=days_ago(60),
        volunteer_answered_at=days_ago(59),
        newcomer_answered_at=days_ago(58),
        started_on=days_ago(57).date(),
        ended_on=days_ago(5).date(),
        end_reason="moved",
        status="ended",
    )
    CheckIn.objects.create(
        tandem=tandem, side="volunteer", due_on=days_ago(30).date(),
        reply="good", replied_at=days_ago(30),
    )  # fmt: skip
    event = factories.make_event(
        "Asylrecht für Einsteiger", organisation=circle, kind="training",
        starts_at=days_ago(40), ends_at=days_ago(40) + datetime.timedelta(hours=2),
    )  # fmt: skip
    seat = factories.make_registration(
        event, volunteer=one.volunteer, attended=True, confirmed_at=days_ago(45)
    )
    group = GroupMessage.objects.create(organisation=circle, text="Bitte Ausweis mitbringen")
    group.recipients.create(registration=seat, outcome="sent")
    Reminder.objects.create(
        purpose="event.invitation", subject=seat.pk, due_on=timezone.localdate()
    )
    check = factories.make_conduct_check(one, coordinator)
    Reminder.objects.create(
        purpose="conduct_check.person", subject=check.pk, due_on=timezone.localdate()
    )
    factories.make_hours(one, "2.5", on=days_ago(3).date().replace(day=1))
    factories.make_certificate(one, name=one.name)
    question = factories.make_enquiry(circle, one.name, email=one.email, organisation=circle)
    question.answered_at = NOW
    question.save()
    factories.make_counselling(circle, one.name, email=one.email)
    return one


def lines_of(client: Client, record: object) -> list[str]:
    """The sentences of the whole timeline, as the page shows them."""
    page = client.get(admin_path(record, "timeline"))
    assert page.status_code == 200
    found = re.findall(r"<li><time[^>]*>.*?</time>(.*?)</li>", page.content.decode(), re.DOTALL)
    return [" ".join(strip_tags(one).split()) for one in found]


def test_whatever_happened_to_a_person_is_a_sentence(amira, coordinator):
    lines = lines_of(client_of(coordinator), amira)
    text = "\n".join(lines)
    for part in (
        "Anmeldung „Freundeskreis Feuerbach“: jetzt im Einsatz.",
        "Vermerk zur Anmeldung „Freundeskreis Feuerbach“. Telefonat: mag Kinder",
        "Hat eine Nachricht geschrieben („Freundeskreis Feuerbach“). Wann geht es los?",
        "Hat eine Nachricht an viele bekommen („Freundeskreis Feuerbach“). An alle",
        "Tandem vorgeschlagen: Samira.",
        "Hat Ja zum Tandem gesagt. Vorgeschlagen war: Samira.",
        "Die andere Seite hat Ja zum Tandem gesagt: Samira.",
        "Das Tandem hat begonnen: Samira.",
        "Das Tandem ist zu Ende, mit: Samira. Grund: Umzug.",
        "Sagt zum Tandem: „läuft gut“.",
        "Hat einen Platz beim Termin „Asylrecht für Einsteiger“.",
        "War da: Schulung „Asylrecht für Einsteiger“.",
        "Das Portal hat zum Termin „Asylrecht für Einsteiger“ eingeladen.",
        "Bitte Ausweis mitbringen",
        "Führungszeugnis eingesehen, gilt bis ",
        "Das Portal hat um ein neues Führungszeugnis gebeten.",
        "2,5, davon bestätigt: 0.",
        "Engagementnachweis ausgestellt, ",
        "Hat eine Frage gestellt.",
        "Die Frage ist beantwortet.",
        "Beratungsanfrage ist angekommen.",
    ):
        assert part in text, f"{part} is missing in\n{text}"


def test_the_newest_comes_first_by_month(amira, coordinator):
    page = client_of(coordinator).get(admin_path(amira, "timeline")).content.decode()
    days = re.findall(r'<li><time datetime="([\d-]+)"', page)
    assert len(days) > 15
    assert days == sorted(days, reverse=True)
    months = list(dict.fromkeys(day[:7] for day in days))
    assert page.count('class="happened"') == len(months) > 1


def test_another_organisation_reads_what_it_knows_itself(amira, circle):
    """The same person signs up at the Caritas, which learns nothing of the other engagement."""
    caritas = factories.make_organisation("Caritas")
    there = factories.make_application(caritas, amira.name, volunteer=amira.volunteer)
    factories.make_change(there, "new")
    mine = lines_of(client_of(factories.make_member(caritas).user), there)
    assert mine == ["Die Anmeldung „Caritas“ ist bestätigt."]
    stranger = client_of(
        factories.make_member(caritas, role="deputy", until=timezone.localdate()).user
    )
    assert stranger.get(admin_path(amira, "timeline")).status_code == 404


def test_concerns_are_in_no_timeline(amira, circle):
    factories.make_concern(circle, tandem=Tandem.objects.get(), text="Er kommt betrunken")
    user = factories.make_user("adm@example.org", is_superuser=True)
    for record in (amira, Volunteer.objects.get(), CompanionRequest.objects.get()):
        lines = "\n".join(lines_of(client_of(user), record))
        assert "Tandem" in lines
        assert not re.search("Hinweis|betrunken|Nachricht ist angekommen", lines)


def test_the_other_side_of_a_tandem_has_its_own_timeline(amira, coordinator):
    request = CompanionRequest.objects.get()
    lines = lines_of(client_of(coordinator), request)
    assert "Das Tandem hat begonnen: Amira Haddad." in lines
    assert "Die Suche nach Begleitung ist eingetragen." in lines
    assert not any("läuft gut" in line for line in lines)  # what the other side said


def test_a_refused_certificate_of_conduct_says_no_day(amira, coordinator):
    amira.volunteer.conduct_checks.update(is_clear=False)
    assert "Führungszeugnis eingesehen." in lines_of(client_of(coordinator), amira)


def test_the_page_of_the_record_shows_the_newest_and_leads_on(amira, coordinator):
    page = client_of(coordinator).get(admin_path(amira)).content.decode()
    assert page.count("<li><time datetime=") == 8
    assert f'{admin_path(amira, "timeline")}?ab=8"' in page


def test_paging_shows_each_line_once(amira, coordinator):
    for number in range(60):
        factories.make_change(amira, "placed", at=days_ago(100), note=f"Anruf {number}")
    client, seen, start = client_of(coordinator), [], 0
    while start is not None:
        url = f"{admin_path(amira, 'timeline')}?ab={start}"
        timeline = client.get(url).context["timeline"]
        seen += [line for _month, lines in timeline.months for line in lines]
        start = timeline.earlier
    calls = [line.quote for line in seen if line.quote.startswith("Anruf")]
    assert sorted(calls) == sorted(f"Anruf {number}" for number in range(60))


@pytest.mark.parametrize("start", ["-1", "x", "9" * 30, "٣", "", "99999"])
def test_an_address_that_somebody_changed_gives_a_page(start, amira, coordinator):
    page = client_of(coordinator).get(admin_path(amira, "timeline"), {"ab": start})
    assert page.status_code == 200


def test_the_queries_do_not_grow(amira, coordinator):
    client = client_of(coordinator)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(admin_path(amira, "timeline"))
        return len(queries)

    before = asked()
    for _number in range(30):
        factories.make_change(amira, "placed", note="Telefonat")
    assert asked() == before <= 10


def test_a_long_or_strange_text_is_shown_as_text(amira, coordinator):
    factories.make_change(amira, "placed", note="<script>alert(1)</script> " + "x" * 900)
    page = client_of(coordinator).get(admin_path(amira, "timeline")).content.decode()
    assert "<script>alert(1)" not in page
    assert "x" * 200 not in page


def test_a_registration_without_an_answer_is_no_place(amira, coordinator):
    Registration.objects.update(status="invited", attended=None)
    lines = "\n".join(lines_of(client_of(coordinator), amira))
    assert "einen Platz" not in lines
    assert Application.objects.count() == 1
