"""Messages between the person and the organisation: services, mails and pages."""

import datetime
import re

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.clients import client_of
from volunteers.errors import AnsweredElsewhere, ConversationOver, TooManyMessages
from volunteers.links import applications as application_links
from volunteers.models import Application, Message
from volunteers.models.statuses import Status
from volunteers.reads import timeline
from volunteers.services import applications as services
from volunteers.services.messages import write_message

pytestmark = pytest.mark.django_db


@pytest.fixture
def circle():
    factories.make_clearing_office()
    return factories.make_circle("Freundeskreis Feuerbach")


@pytest.fixture
def katrin(circle):
    return factories.make_member(circle).user


@pytest.fixture
def amira(circle, katrin):
    """Amira's new application at the Freundeskreis."""
    return factories.make_application(circle, "Amira Haddad", email="amira@example.org")


def post(client, application, text):
    token = application_links.status_token(application)
    return client.post(reverse("volunteers:message", args=[token]), {"text": text})


def test_message_of_the_person_reaches_every_member_singly_without_an_address(
    client, circle, katrin, amira
):
    second = factories.make_member(circle, role="staff").user
    factories.make_member(circle, until=timezone.localdate() - datetime.timedelta(days=1))
    response = post(client, amira, "Wann geht es los?\nIch freue mich.")
    assert response.status_code == 302
    assert response.headers["Location"].startswith(application_links.status_path(amira))
    assert sorted(m.to for m in mail.outbox) == sorted([[katrin.email], [second.email]])
    for message in mail.outbox:
        assert "> Wann geht es los?\n> Ich freue mich." in message.body
        assert "amira@example.org" not in message.body + message.subject
        assert not message.reply_to
        assert message.from_email.endswith("<portal@example.org>")
        assert reverse("admin:volunteers_application_change", args=[amira.pk]) in message.body


@pytest.mark.slow
def test_whoever_sent_a_message_lands_where_it_says_so(client, katrin, amira):
    """Until somebody answers; then the answer is what counts."""
    sent = "Ihre Nachricht ist verschickt."
    assert sent not in client.get(application_links.status_path(amira)).text
    response = post(client, amira, "Wann geht es los?")
    page = client.get(response["Location"]).text
    heading = page.index(f'id="{response["Location"].partition("#")[2]}"')
    assert heading < page.index(sent) < page.index("Wann geht es los?")
    write_message(application=amira, text="Am Montag.", by=katrin)
    assert sent not in client.get(application_links.status_path(amira)).text


def test_message_of_the_staff_reaches_the_person_without_the_sender(katrin, amira):
    write_message(application=amira, text="Willkommen!", by=katrin)
    (message,) = mail.outbox
    assert message.to == ["amira@example.org"]
    assert "> Willkommen!" in message.body
    assert application_links.status_path(amira) in message.body
    assert not message.reply_to
    for private in (katrin.email, katrin.name):
        assert private not in message.body + message.subject


def test_message_of_the_staff_answers_a_new_application_and_all_open_messages(katrin, amira):
    for text in ("Eins", "Zwei"):
        write_message(application=amira, text=text)
    assert Message.objects.unhandled().count() == 2
    write_message(application=amira, text="Gern!", by=katrin)
    amira.refresh_from_db()
    assert amira.status == Status.IN_CONTACT
    assert not Message.objects.unhandled().exists()
    assert amira.changes.get().by == katrin


def seen_on(page):
    return re.search(r'name="seen" value="(\d+)"', page.content.decode())[1]


@pytest.mark.slow
def test_an_answer_of_the_staff_closes_what_its_page_showed(katrin, amira):
    write_message(application=amira, text="Wann?")
    staff = Client()
    staff.force_login(katrin)
    url = reverse("admin:volunteers_application_message", args=[amira.pk])
    opened = [
        seen_on(staff.get(reverse("admin:volunteers_application_change", args=[amira.pk]))),
        seen_on(staff.get(url)),
    ]
    write_message(application=amira, text="Doch nicht, ich bin krank.")

    for number, seen in enumerate(opened):
        again = staff.post(url, {"text": "", "seen": seen})
        assert seen_on(again) == seen, "a refused form still says what was read"
        answer = staff.post(url, {"text": f"Am Montag {number}.", "seen": seen}, follow=True)
        assert "kam noch eine Nachricht" in answer.content.decode()
    (left,) = Message.objects.unhandled()
    assert left.text.startswith("Doch nicht")

    answer = staff.post(url, {"text": "Gute Besserung!", "seen": left.pk}, follow=True)
    assert "kam noch eine Nachricht" not in answer.content.decode()
    assert not Message.objects.unhandled().exists()


@pytest.mark.slow
def test_messages_need_no_answer_when_the_staff_says_so_of_those_it_saw(katrin, amira):
    write_message(application=amira, text="Danke, alles klar.")
    client = client_of(katrin)
    page = client.get(reverse("admin:volunteers_application_change", args=[amira.pk]))
    seen = seen_on(page)
    write_message(application=amira, text="Doch noch eine Frage!")
    url = reverse("admin:volunteers_application_handled", args=[amira.pk])
    assert client.post(url, {"seen": seen}).status_code == 302
    assert [message.text for message in Message.objects.unhandled()] == ["Doch noch eine Frage!"]
    for unfit in ("", "x", "9" * 20):
        assert client.post(url, {"seen": unfit}).status_code == 302
    assert Message.objects.unhandled().count() == 1


def test_double_click_makes_one_message(client, amira):
    for _ in range(2):
        assert post(client, amira, "Wann geht es los?").status_code == 302
    assert Message.objects.count() == len(mail.outbox) == 1
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=11)):
        post(client, amira, "Wann geht es los?")
    assert Message.objects.count() == 2


def test_one_person_writes_at_most_so_often_in_a_day(client, amira, settings):
    settings.MESSAGES_A_DAY = 3
    for number in range(3):
        write_message(application=amira, text=f"Nachricht {number}")
    with pytest.raises(TooManyMessages):
        write_message(application=amira, text="Noch eine")
    response = post(client, amira, "Noch eine")
    assert response.status_code == 422
    assert "Bitte schreiben Sie morgen weiter" in response.content.decode()
    assert "Noch eine</textarea>" in response.content.decode()
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=24, minutes=1)):
        write_message(application=amira, text="Noch eine")
    assert Message.objects.count() == 4


def test_staff_is_not_bound(katrin, amira, settings):
    settings.MESSAGES_A_DAY = 1
    for number in range(3):
        write_message(application=amira, text=f"Nachricht {number}", by=katrin)
    assert Message.objects.count() == 3


def test_a_last_word_is_possible_for_a_month_after_the_end(katrin, amira):
    services.change_status(application=amira, status="declined", by=katrin, reason="Kein Platz")
    with time_machine.travel(timezone.now() + datetime.timedelta(days=29)):
        write_message(application=amira, text="Schade. Und später?")
    with time_machine.travel(timezone.now() + datetime.timedelta(days=31)):
        with pytest.raises(ConversationOver):
            write_message(application=amira, text="Und jetzt?")
        page = Client().get(application_links.status_path(amira)).content.decode()
    assert "Nachricht schicken" not in page
    assert "Schade. Und später?" in page


def test_nobody_writes_after_the_person_has_withdrawn(client, katrin, amira):
    write_message(application=amira, text="Hallo?")
    services.withdraw_application(application=amira)
    assert not Message.objects.unhandled().exists(), "nobody may answer any more"
    for by in (None, katrin):
        with pytest.raises(ConversationOver):
            write_message(application=amira, text="Noch etwas", by=by)
    response = post(client, amira, "Noch etwas")
    assert response.status_code == 422
    assert "keine Nachrichten mehr möglich" in response.content.decode()


def test_whoever_no_longer_answers_does_not_write(katrin, amira):
    other = factories.make_organisation("Caritas")
    seen_before = Application.objects.get(pk=amira.pk)
    Application.objects.filter(pk=amira.pk).update(organisation=other)
    with pytest.raises(AnsweredElsewhere):
        write_message(application=seen_before, text="Hallo", by=katrin)


@pytest.mark.parametrize(
    "text", ["", "   \n", "x" * 10_000, "böse\x00Zeichen", "\u202egnp.exe", "x" * 4001]
)
def test_unfriendly_text_is_refused_in_a_sentence_and_kept(client, amira, text):
    response = post(client, amira, text)
    assert response.status_code == 422
    assert "error-summary" in response.content.decode()
    assert not Message.objects.exists()


@pytest.mark.slow
def test_markup_and_foreign_scripts_are_shown_as_written(client, katrin, amira):
    text = "<script>alert(1)</script> مرحبا"
    assert post(client, amira, text).status_code == 302
    escaped = "&lt;script&gt;alert(1)&lt;/script&gt; مرحبا"
    page = client.get(application_links.status_path(amira)).content.decode()
    admin = client_of(katrin).get(reverse("admin:volunteers_application_change", args=[amira.pk]))
    for html in (page, admin.content.decode()):
        assert escaped in html
        assert "<script>alert" not in html
    assert f"> {text}" in mail.outbox[0].body


@pytest.mark.parametrize("token", ["x", "%00", "a" * 5000])
def test_tampered_link_writes_nothing(client, token):
    url = reverse("volunteers:message", args=[token])
    assert client.post(url, {"text": "Hallo"}).status_code == 404


def test_person_reads_messages_in_order_with_the_steps_and_no_notes(client, katrin, amira):
    factories.make_change(amira, Status.NEW)
    write_message(application=amira, text="Meine Frage")
    services.change_status(
        application=amira, status="in_contact", by=katrin, note="Klingt schüchtern"
    )
    write_message(application=amira, text="Unsere Antwort", by=katrin)
    titles = [one.title for one in timeline.for_person(amira)]
    assert titles == ["angekommen", "Ihre Nachricht", "im Gespräch", "Nachricht der Koordination"]
    page = client.get(application_links.status_path(amira)).content.decode()
    assert (
        page.index("Meine Frage") < page.index("im Gespräch</strong>") < page.index("Unsere Antw")
    )
    assert "Klingt schüchtern" not in page
    assert katrin.name not in page


def test_rows_that_leave_the_status_are_for_the_staff_only(katrin, amira):
    factories.make_change(amira, Status.NEW)
    factories.make_change(amira, Status.NEW, note="Erinnert")
    assert len(timeline.for_person(amira)) == 1
    assert len(timeline.for_staff(amira)) == 2


def test_coordinator_writes_on_the_page_and_keeps_a_refused_text(katrin, amira):
    client = client_of(katrin)
    url = reverse("admin:volunteers_application_message", args=[amira.pk])
    assert client.post(url, {"text": "Hallo Amira"}).status_code == 302
    assert Message.objects.get().by == katrin
    response = client.post(url, {"text": "y" * 5000})
    assert response.status_code == 422
    assert "y" * 5000 in response.content.decode()
    assert "höchstens 4000 Zeichen" in response.content.decode()


def test_other_organisations_see_no_message(amira):
    other = factories.make_member(factories.make_organisation("Caritas")).user
    write_message(application=amira, text="Geheim")
    assert not Message.objects.visible_to(other).exists()
    url = reverse("admin:volunteers_application_message", args=[amira.pk])
    assert client_of(other).post(url, {"text": "Hallo"}).status_code == 404


@pytest.mark.slow
def test_open_messages_are_counted_on_the_start_page_and_listed_by_filter(circle, katrin, amira):
    quiet = factories.make_application(circle, "Ben Still")
    write_message(application=amira, text="Hallo?")
    client = client_of(katrin)
    page = client.get(reverse("admin:index"))
    work = page.context["work"]
    assert work.message_count == 1
    assert [row.application for row in work.messages] == [amira]
    response = client.get(work.links["messages"])
    assert set(response.context["cl"].queryset) == {amira}
    assert quiet not in response.context["cl"].queryset


@pytest.mark.slow
def test_status_page_asks_as_often_with_thirty_messages_as_with_one(client, katrin, amira):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(application_links.status_path(amira)).status_code == 200
        return len(captured)

    write_message(application=amira, text="Erste")
    once = queries()
    for number in range(30):
        write_message(application=amira, text=f"Antwort {number}", by=katrin)
    assert queries() == once
