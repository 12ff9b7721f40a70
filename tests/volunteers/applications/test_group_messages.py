"""One message to many people: who gets it, what they read, each once, and who may write."""

import re
from collections import Counter
from html import unescape

import pytest
from django.core import mail
from django.db import connection, transaction
from django.urls import reverse

from programs.addresses import admin_path
from programs.models import MessageTemplate
from tests import factories
from tests.clients import client_of
from tests.killed import PATIENCE, kill, start_worker, wait_until
from volunteers.guard import stops
from volunteers.models import Application, GroupMessage, Message, OutgoingMail, Registration
from volunteers.models.group_messages import Outcome
from volunteers.models.stops import MailKind
from volunteers.services.group_messages import deliver, plan, send_to_group
from volunteers.services.locks import lock_own_application

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

TEXT = "Guten Tag {name}, das {angebot} beginnt um 18 Uhr."


@pytest.fixture
def circle():
    factories.make_clearing_office()
    return factories.make_circle("Freundeskreis Feuerbach")


@pytest.fixture
def katrin(circle):
    return factories.make_member(circle).user


@pytest.fixture
def people(circle):
    return [factories.make_application(circle, name) for name in ("Amira", "Bo", "Cem")]


def text_of(page):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


def sent(people, katrin, text=TEXT):
    group = send_to_group(organisation=people[0].organisation, by=katrin, text=text, chosen=people)
    deliver(group.pk)
    return group


def outcomes(group):
    return dict(Counter(group.recipients.values_list("outcome", flat=True)))


# --- Who gets it --------------------------------------------------------------------------------


def test_each_person_gets_a_mail_of_their_own_with_their_own_words(people, katrin):
    group = sent(people, katrin)
    assert outcomes(group) == {"sent": 3}
    assert [one.to for one in mail.outbox] == [[one.email] for one in people]
    first = mail.outbox[0].body
    assert "> Guten Tag Amira, das Freundeskreis Feuerbach beginnt um 18 Uhr." in first
    others = {one.email for one in people[1:]} | {"Bo", "Cem"}
    assert not [word for word in others if word in first]
    assert "List-Unsubscribe" in mail.outbox[0].extra_headers


def test_the_message_stands_on_the_page_of_each_and_answers_nothing(people, katrin, circle):
    amira = people[0]
    Message.objects.create(application=amira, sender="applicant", text="Wann denn?")
    sent(people, katrin)
    assert amira.messages.last().text.startswith("Guten Tag Amira")
    assert amira.messages.last().to_many
    assert amira.messages.unhandled().count() == 1
    amira.refresh_from_db()
    assert amira.status == Application.Status.NEW


def test_who_cannot_get_it_is_named_with_the_reason(people, katrin, circle):
    amira, bo, cem = people
    gone = factories.make_application(circle, "Dora", status=Application.Status.WITHDRAWN)
    mute = factories.make_application(circle, "Emil", email="")
    twice = factories.make_application(
        circle, "Amira", entry=factories.make_circle("Chor"), volunteer=amira.volunteer
    )
    stops.stop(MailKind.GROUP, bo.email)
    group = sent([amira, bo, cem, gone, mute, twice], katrin)
    assert {one.application.name: one.outcome for one in group.recipients.all()[1:5]} == {
        "Bo": Outcome.STOPPED,
        "Cem": Outcome.SENT,
        "Dora": Outcome.OVER,
        "Emil": Outcome.NO_ADDRESS,
    }
    assert outcomes(group)["twice"] == 1
    assert len(mail.outbox) == 2


def test_two_who_share_a_mailbox_get_one_each(circle, katrin):
    pair = [factories.make_application(circle, name, email="paar@example.org") for name in "AB"]
    assert outcomes(sent(pair, katrin)) == {"sent": 2}


def test_what_happens_before_the_mail_leaves_counts(people, katrin):
    amira, bo, cem = people
    group = send_to_group(organisation=amira.organisation, by=katrin, text=TEXT, chosen=people)
    stops.stop(MailKind.GROUP, amira.email)
    Application.objects.filter(pk=bo.pk).update(organisation=factories.make_circle("Chor"))
    Application.objects.filter(pk=cem.pk).update(status=Application.Status.WITHDRAWN)
    deliver(group.pk)
    assert outcomes(group) == {"stopped": 1, "over": 2}
    assert mail.outbox == []


def test_guests_of_an_event_get_it_with_the_way_to_ask(circle, katrin):
    event = factories.make_event("Fest", organisation=circle, takes_registrations=True)
    on = factories.make_registration(event, "Amira")
    off = factories.make_registration(event, "Bo", status=Registration.Status.CANCELLED)
    assert outcomes(sent([on, off], katrin)) == {"sent": 1, "over": 1}
    (told,) = mail.outbox
    assert told.to == [on.email]
    assert "> Guten Tag Amira, das Fest beginnt" in told.body
    assert reverse("volunteers:ask_about_event", args=[event.slug]) in told.body


def test_planning_takes_few_queries(people, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        plan(people)


# --- Each once ----------------------------------------------------------------------------------


def test_a_second_run_sends_nothing_again(people, katrin):
    group = sent(people, katrin)
    deliver(group.pk)
    assert len(mail.outbox) == 3
    assert Message.objects.count() == 3


def waits_for_a_row():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype <> 'relation'")
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_everybody_gets_it_once(people, katrin, queued_mail):
    group = send_to_group(organisation=people[0].organisation, by=katrin, text=TEXT, chosen=people)
    work = f"from volunteers.services.group_messages import deliver; deliver({group.pk})"
    with transaction.atomic():
        lock_own_application(people[1].pk)
        worker = start_worker(work)
        wait_until(waits_for_a_row)
        kill(worker)
        assert outcomes(group) == {"sent": 1, "waiting": 2}
    both = [start_worker(work) for _ in range(2)]
    assert [one.wait(PATIENCE) for one in both] == [0, 0]
    to = Counter(address for one in OutgoingMail.objects.all() for address in one.recipients)
    assert to == {one.email: 1 for one in people}
    assert outcomes(group) == {"sent": 3}


@pytest.mark.django_db(transaction=True)
def test_the_worker_sends_it(people, katrin, run_jobs, queued_mail):
    send_to_group(organisation=people[0].organisation, by=katrin, text=TEXT, chosen=people)
    run_jobs()
    to = OutgoingMail.objects.filter(sent_at__isnull=False).values_list("recipients", flat=True)
    assert sorted(to) == sorted([one.email] for one in people)


# --- The pages ----------------------------------------------------------------------------------


def choose(client, people, model="application"):
    data = {"action": "write_to_all", "_selected_action": [one.pk for one in people]}
    return client.post(reverse(f"admin:volunteers_{model}_changelist"), data)


def write(client, people, model="application", **data):
    url = reverse(f"admin:volunteers_{model}_write_to_all")
    return client.post(url, {"ids": ",".join(str(one.pk) for one in people)} | data)


def test_it_is_looked_at_before_it_is_sent(people, katrin):
    client = client_of(katrin)
    page = choose(client, people)
    assert "3 Menschen bekommen je eine eigene Mail" in text_of(page)
    page = write(client, people, text=TEXT, step="preview")
    assert "Guten Tag Amira, das Freundeskreis" in text_of(page) or "Guten Tag Cem" in text_of(page)
    assert not GroupMessage.objects.exists()
    page = write(client, people, text=TEXT, step="send")
    group = GroupMessage.objects.get()
    assert page.headers["Location"] == admin_path(group)
    page = client.get(admin_path(group))
    assert "0 von 3 verschickt" in text_of(page)
    assert page.headers["Refresh"]
    deliver(group.pk)
    page = client.get(admin_path(group))
    assert "3 Mails sind verschickt." in text_of(page)
    assert "Refresh" not in page.headers
    assert "3 von 3" in text_of(client.get(admin_path(GroupMessage)))


def test_a_template_fills_the_form(people, katrin, circle):
    own = MessageTemplate.objects.create(
        organisation=circle, name="Treffen", text="Wir treffen uns."
    )
    chor = factories.make_circle("Chor")
    other = MessageTemplate.objects.create(organisation=chor, name="Probe", text="Geheim.")
    client = client_of(katrin)
    page = write(client, people, template=own.pk, text="", step="template")
    assert "Wir treffen uns.</textarea>" in page.text
    page = write(client, people, template=other.pk, text="Meins", step="template")
    assert "Geheim." not in page.text
    assert "Meins</textarea>" in page.text


@pytest.mark.parametrize("text", ["", "Hallo {vorname}", "x" * 4001, "a\x00b"])
def test_a_text_that_does_not_fit_is_refused_and_kept(people, katrin, text):
    page = write(client_of(katrin), people, text=text, step="send")
    assert page.status_code == 422
    assert 'class="errorlist' in page.text
    assert text.replace("\x00", "")[:9] in page.text
    assert not GroupMessage.objects.exists()


def test_nobody_writes_to_the_people_of_others(people, katrin):
    chor = factories.make_circle("Chor")
    theirs = factories.make_application(chor, "Zora")
    assert write(client_of(katrin), [theirs], text=TEXT, step="send").status_code == 404
    page = write(client_of(katrin), [*people, theirs], text=TEXT, step="send")
    assert page.status_code == 302
    assert GroupMessage.objects.get().recipients.count() == 3
    other = client_of(factories.make_member(chor).user)
    assert other.get(admin_path(GroupMessage.objects.get())).status_code == 404


def test_people_of_two_organisations_are_written_to_apart(people, katrin):
    chor = factories.make_circle("Chor")
    factories.make_member(chor, user=katrin)
    theirs = factories.make_application(chor, "Zora")
    client = client_of(katrin)
    page = choose(client, [*people, theirs])
    assert page.status_code == 302
    assert "dieselbe Stelle" in text_of(client.get(page.headers["Location"]))


@pytest.mark.parametrize("ids", ["", "x", "1,2,3" + "9" * 30, "-1", "1;DROP"])
def test_tampered_choices_find_nothing(katrin, ids):
    url = reverse("admin:volunteers_application_write_to_all")
    assert client_of(katrin).post(url, {"ids": ids, "text": TEXT}).status_code == 404
