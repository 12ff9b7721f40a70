"""Counselling once it is confirmed: messages, statuses, notes, handing on, reminders, the worklist."""

import datetime

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal.counselling import links, reminders, services
from portal.models import CounsellingMessage, CounsellingRequest
from portal.worklist import open_points
from programs.addresses import admin_path
from tests import factories
from tests.clients import client_of
from tests.people import my_page_of
from volunteers.errors import AnsweredElsewhere, TooManyMessages, TransitionNotAllowed
from volunteers.models import Reminder
from volunteers.reads.load import loads
from volunteers.reads.persons import Person
from volunteers.sections import counselling

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(office, omar):
    return factories.make_counselling(office, "Nora Neu", email="nora@example.org")


def step(client, asked, name, **data):
    return client.post(admin_path(asked, "step", name), data)


def write(client, asked, text):
    address = reverse("portal:counselling_message", args=[links.token(asked)])
    return client.post(address, {"text": text})


def waiting(user):
    return [one.count for one in open_points(user) if "Beratung" in one.label]


def test_both_sides_write_through_the_portal_without_an_address(client, asked, omar):
    staff = client_of(omar)
    assert waiting(omar) == [1]
    step(staff, asked, "nachricht", text="Rufen Sie uns gern an.", seen=0)
    asked.refresh_from_db()
    assert asked.status == "in_contact"
    assert waiting(omar) == []
    (told,) = mail.outbox
    assert told.to == ["nora@example.org"]
    assert "> Rufen Sie uns gern an." in told.body
    assert omar.email not in told.body + str(told.extra_headers) + str(told.reply_to)

    assert write(client, asked, "Danke, das tue ich.").status_code == 302
    page = client.get(links.path(asked)).text
    assert page.index("Streit") < page.index("Rufen Sie uns") < page.index("Danke, das tue ich.")
    assert mail.outbox[-1].to == [omar.email]
    assert "nora@example.org" not in mail.outbox[-1].body
    assert waiting(omar) == [1]
    seen = asked.messages.last().pk
    step(staff, asked, "erledigt", seen=seen)
    assert waiting(omar) == []


def test_an_answer_leaves_what_came_in_meanwhile(asked, omar):
    first = services.write_message(asked=asked, text="Eins")
    services.write_message(asked=asked, text="Zwei")
    services.write_message(asked=asked, text="Zu eins", by=omar, seen=first.pk)
    assert [one.text for one in asked.messages.all().unhandled()] == ["Zwei"]


def test_a_double_click_is_one_message(asked, omar):
    services.write_message(asked=asked, text="Eins")
    services.write_message(asked=asked, text="Eins")
    assert asked.messages.count() == 1


def test_a_person_writes_only_so_often(asked, settings):
    settings.MESSAGES_A_DAY = 2
    for text in ("Eins", "Zwei"):
        services.write_message(asked=asked, text=text)
    with pytest.raises(TooManyMessages):
        services.write_message(asked=asked, text="Drei")


def test_a_refused_message_keeps_what_was_typed(client, asked, omar):
    refused = write(client, asked, "x" * 4001)
    assert refused.status_code == 422
    assert "x" * 4001 in refused.text
    services.withdraw(asked=asked)
    late = write(client, asked, "Noch etwas")
    assert late.status_code == 422
    assert "Noch etwas" in late.text
    staff = step(client_of(omar), asked, "nachricht", text="Zu spät", seen=0)
    assert staff.status_code == 422
    assert "Zu spät" in staff.text
    assert not CounsellingMessage.objects.exists()


def test_after_the_end_both_write_for_a_while(asked, omar, settings, time_machine):
    services.close(asked=asked, by=omar)
    services.write_message(asked=asked, text="Doch noch eine Frage")
    assert waiting(omar) == [1]
    services.write_message(asked=asked, text="Gern", by=omar)
    asked.refresh_from_db()
    assert (asked.status, asked.closed_at) == ("in_contact", None)
    services.close(asked=asked, by=omar)
    after = datetime.timedelta(days=settings.MESSAGES_AFTER_CLOSE_DAYS, minutes=1)
    time_machine.move_to(timezone.now() + after)
    with pytest.raises(services.NotTold):
        services.write_message(asked=asked, text="Zu spät")


def test_statuses_and_what_the_person_reads(client, asked, omar):
    staff = client_of(omar)
    says = {
        "gespraech": ("in_contact", "Sie sind im Gespräch"),
        "abschliessen": ("done", "abgeschlossen"),
    }
    for name, (status, words) in says.items():
        assert step(staff, asked, name).status_code == 302
        asked.refresh_from_db()
        assert asked.status == status
        assert words in client.get(links.path(asked)).text
    assert step(staff, asked, "gespraech").status_code == 302
    asked.refresh_from_db()
    assert (asked.status, asked.closed_at) == ("in_contact", None)


def test_the_person_says_that_it_is_over(client, asked, omar):
    address = reverse("portal:counselling_withdraw", args=[links.token(asked)])
    assert client.get(address)["Location"] == links.path(asked)
    asked.refresh_from_db()
    assert asked.status == "new"
    client.post(address)
    client.post(address)
    asked.refresh_from_db()
    assert asked.status == "withdrawn"
    assert waiting(omar) == []
    assert "zurückgezogen" in client.get(links.path(asked)).text
    with pytest.raises(TransitionNotAllowed):
        services.begin(asked=asked, by=omar)


def test_notes_are_the_departments_own(client, asked, omar):
    staff = client_of(omar)
    page = staff.get(admin_path(asked))
    form = page.context["adminform"].form
    data = {f.html_name: f.value() or "" for f in form}
    staff.post(admin_path(asked), data | {"notes": "Ruft am Montag an"})
    asked.refresh_from_db()
    assert asked.notes == "Ruft am Montag an"
    assert "Ruft am Montag an" not in client.get(links.path(asked)).text


def test_a_department_hands_on_to_another_one(client, asked, omar, department, ines, office):
    staff = client_of(omar)
    chosen = staff.get(admin_path(asked, "step", "weitergeben")).context["form"].fields["to"]
    assert list(chosen.queryset) == [department]
    assert step(staff, asked, "weitergeben", to=office.pk).status_code == 422
    assert step(staff, asked, "weitergeben", to=department.pk)["Location"] == admin_path(
        CounsellingRequest
    )
    asked.refresh_from_db()
    assert (asked.organisation, asked.status) == (department, "new")
    assert {tuple(one.to) for one in mail.outbox} == {(ines.email,), ("nora@example.org",)}
    assert (waiting(omar), waiting(ines)) == ([], [1])
    assert staff.get(admin_path(asked)).status_code == 404
    assert "Abteilung Integrationspolitik" in client.get(links.path(asked)).text


def test_an_old_page_does_not_answer_for_another_department(asked, omar, department, ines):
    old = CounsellingRequest.objects.get()
    services.hand_on(asked=asked, to=department, by=omar)
    with pytest.raises(AnsweredElsewhere):
        services.write_message(asked=old, text="Hallo", by=omar)
    with pytest.raises(AnsweredElsewhere):
        services.close(asked=old, by=omar)


def test_who_has_a_telephone_only_is_called(client, office, omar):
    asked = factories.make_counselling(office, email="", phone="0711 1234567", way="phone")
    page = client_of(omar).get(admin_path(asked)).text
    assert 'href="tel:' in page
    assert "Bitte rufen Sie an" in page
    assert "Nachricht schicken" not in page


def test_departments_are_reminded_before_the_day_and_once_after_it(asked, omar, time_machine):
    day = asked.answer_by
    for at, mails in ((-3, 0), (-2, 1), (-1, 1), (0, 1), (1, 2), (9, 2)):
        moment = datetime.datetime.combine(day + datetime.timedelta(days=at), datetime.time(12))
        time_machine.move_to(timezone.make_aware(moment, factories.BERLIN))
        reminders.remind()
        reminders.remind()
        assert len(mail.outbox) == mails, at
    assert all(one.to == [omar.email] for one in mail.outbox)
    assert all("Nora" not in one.body for one in mail.outbox)
    assert "Antwort war zugesagt" in mail.outbox[-1].body


def test_nobody_is_reminded_of_what_is_answered(asked, omar, time_machine):
    services.begin(asked=asked, by=omar)
    time_machine.move_to(timezone.now() + datetime.timedelta(days=30))
    assert reminders.remind() == 0
    assert not Reminder.objects.exists()


def test_the_load_counts_what_waits(asked, office, omar):
    (load,) = loads(type(office).objects.filter(pk=office.pk))
    assert load.questions == 1
    assert load.since == timezone.localdate()


def test_list_makes_the_same_queries_for_many(asked, office, omar):
    staff = client_of(omar)
    address = admin_path(CounsellingRequest, wartet="ja")

    def count():
        with CaptureQueriesContext(connection) as context:
            assert staff.get(address).status_code == 200
        return len(context)

    count()
    once = count()
    for number in range(30):
        factories.make_counselling(office, f"Person {number}")
    assert count() == once


def test_page_with_many_messages_makes_the_same_queries(client, asked, omar):
    staff = client_of(omar)

    def count(who, address):
        with CaptureQueriesContext(connection) as context:
            assert who.get(address).status_code == 200
        return len(context)

    services.write_message(asked=asked, text="Eins", by=omar)
    pages = ((client, links.path(asked)), (staff, admin_path(asked)))
    for who, address in pages:
        who.get(address)
    before = [count(*one) for one in pages]
    for number in range(10):
        services.write_message(asked=asked, text=f"Noch {number}", by=omar)
    assert [count(*one) for one in pages] == before
    assert before[0] <= 10


# --- „Meine Seite“ --------------------------------------------------------------------------------


def test_my_page_says_where_counselling_stands_and_leads_to_it(client, asked, omar):
    path = my_page_of("nora@example.org")
    page = client.get(path)
    assert "angekommen" in page.text
    assert asked.organisation.title in page.text
    assert links.path(asked) in page.text
    assert client.get(links.path(asked)).status_code == 200
    assert not page.context["open_points"]

    step(client_of(omar), asked, "nachricht", text="Rufen Sie uns gern an.", seen=0)
    (point,) = client.get(path).context["open_points"]
    assert point.text == "Sie haben eine Nachricht zu „Beratung“."
    assert client.get(point.url.partition("#")[0]).status_code == 200
    write(client, asked, "Danke.")
    assert not client.get(path).context["open_points"]


def test_my_page_shows_nobody_elses_counselling(client, asked, office):
    factories.make_counselling(office, "Otto Anders", email="nora@example.org")
    factories.make_counselling(
        office, "Nora Neu", email="nora@example.org", status="unconfirmed",
        confirmed_at=None, answer_by=None,
    )  # fmt: skip
    of_nora = Person(("nora@example.org",), "Nora Neu")
    section = counselling.of_person(of_nora)
    assert [one for one, _path in section.context["asked"]] == [asked]
    assert counselling.of_person(Person(("otto@example.org",), "Nora Neu")) is None


def test_my_page_asks_as_often_for_ten_requests_as_for_one(asked, office):
    nora = Person(("nora@example.org",), "Nora Neu")
    for number in range(10):
        with CaptureQueriesContext(connection) as queries:
            counselling.of_person(nora)
            list(counselling.unanswered_messages(nora))
        assert len(queries) == 2
        factories.make_counselling(
            office, "Nora Neu", email="nora@example.org", text=f"Frage {number}"
        )
