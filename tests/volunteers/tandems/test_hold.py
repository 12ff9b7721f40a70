"""A tandem on hold: no contact passes, nobody is asked, and a yes that comes meanwhile is kept."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.volunteers.applications.test_races import at_once
from volunteers.admin import tandem_steps
from volunteers.errors import DomainError
from volunteers.links import tandems as tandem_links
from volunteers.models import CheckIn, OutgoingMail, Tandem
from volunteers.models.companions import Hold, Side
from volunteers.services import check_ins, ending, holds, tandems


@pytest.fixture
def circle():
    return factories.make_circle(department=factories.make_clearing_office())


@pytest.fixture
def coordinator(circle):
    return factories.make_member(circle).user


def propose(circle, number=""):
    request = factories.make_request(f"Samira{number}", organisation=circle, phone="0711 555")
    application = factories.make_ready(circle, f"Amira{number}", phone="0711 222")
    return tandems.propose(request=request, application=application)


def start(tandem):
    for side in Side:
        tandem = tandems.answer(tandem=tandem, side=side, answer="yes")
    return tandem


@pytest.fixture
def running(circle):
    return start(propose(circle))


def hold(tandem, as_=Hold.COORDINATION):
    return holds.hold(tandem=tandem, as_=as_)


@pytest.mark.slow
@pytest.mark.django_db
def test_held_pages_show_no_contact_and_say_neither_who_nor_why(client, running):
    for side in Side:
        assert "0711" in client.get(tandem_links.page_of(running, side)).content.decode()
    hold(running, Hold.TRUST)
    for side in Side:
        text = client.get(tandem_links.page_of(running, side)).content.decode()
        assert "ruht zurzeit" in text
        assert not [
            s for s in ("0711 555", "0711 222") if s in text and s not in own(running, side)
        ]
        assert "angehalten" not in text


def own(tandem, side):
    """What the page of one side may show: their own."""
    mine = tandem.request if side == Side.NEWCOMER else tandem.application
    return (mine.email, mine.phone)


@pytest.mark.django_db
def test_held_asks_nobody_how_it_goes_and_asks_again_afterwards(running, coordinator, settings):
    hold(running)
    weeks = datetime.timedelta(weeks=settings.CHECK_IN_WEEKS[0], days=1)
    mail.outbox.clear()
    with time_machine.travel((timezone.localtime() + weeks).replace(hour=15), tick=False):
        assert check_ins.ask_due() == 0
        assert mail.outbox == []
        holds.let_go(tandem=running, as_=Hold.COORDINATION, by=coordinator)
        assert check_ins.ask_due() == 2


@pytest.mark.django_db
def test_an_open_question_is_not_shown_while_held(client, running):
    CheckIn.objects.create(tandem=running, side="newcomer", due_on=timezone.localdate())
    page = tandem_links.page_of(running, Side.NEWCOMER)
    assert "Wie läuft es mit" in client.get(page).content.decode()
    hold(running)
    assert "Wie läuft es mit" not in client.get(page).content.decode()


@pytest.mark.django_db
def test_both_are_told_that_it_goes_on_and_the_mail_holds_no_contact(running, coordinator):
    hold(running)
    mail.outbox.clear()
    holds.let_go(tandem=running, as_=Hold.COORDINATION, by=coordinator)
    assert {m.to[0] for m in mail.outbox} == {running.request.email, running.application.email}
    for message in mail.outbox:
        assert "0711" not in message.body


@pytest.mark.django_db
def test_hold_mails_nobody(running):
    mail.outbox.clear()
    hold(running, Hold.TRUST)
    assert mail.outbox == []


@pytest.mark.django_db
@pytest.mark.usefixtures("queued_mail")
def test_mails_with_the_contact_that_have_not_left_are_taken_back(circle):
    tandem = start(propose(circle))
    contacts = OutgoingMail.objects.filter(topic__startswith="contact.")
    assert contacts.count() == 2
    hold(tandem)
    assert contacts.count() == 0


@pytest.mark.django_db
def test_a_yes_to_a_held_proposal_is_kept_and_starts_it_when_it_goes_on(circle, coordinator):
    tandem = hold(propose(circle))
    tandem = start(tandem)
    assert (tandem.status, tandem.volunteer_answer, tandem.newcomer_answer) == (
        "proposed",
        "yes",
        "yes",
    )
    with pytest.raises(tandems.OnHold):
        tandems.start(tandem=tandem, by=coordinator)
    mail.outbox.clear()
    holds.let_go(tandem=tandem, as_=Hold.COORDINATION, by=coordinator)
    tandem.refresh_from_db()
    assert (tandem.status, tandem.hold, tandem.held_at) == ("running", "", None)
    assert any("0711" in m.body for m in mail.outbox)


@pytest.mark.django_db
def test_a_coordinator_does_not_let_go_what_a_person_of_trust_holds(running, coordinator):
    hold(running)
    hold(running, Hold.TRUST)
    hold(running)  # the coordinator's click does not weaken it
    with pytest.raises(holds.HeldByTrust):
        holds.let_go(tandem=running, as_=Hold.COORDINATION, by=coordinator)
    running.refresh_from_db()
    assert running.hold == "trust"
    assert not {"anhalten", "weiter"} & set(tandem_steps.offered(running))
    holds.let_go(tandem=running, as_=Hold.TRUST, by=coordinator)
    running.refresh_from_db()
    assert not running.is_held


@pytest.mark.django_db
@pytest.mark.parametrize("end", ["ended", "declined", "lapsed"])
def test_what_is_over_is_not_on_hold(circle, running, end, settings):
    tandem = running if end == "ended" else propose(circle, 2)
    hold(tandem)
    if end == "ended":
        ending.end_tandem(tandem=tandem, reason="other")
    elif end == "declined":
        tandems.answer(tandem=tandem, side=Side.NEWCOMER, answer="no")
    else:
        ago = timezone.now() - datetime.timedelta(days=settings.PROPOSAL_DAYS, hours=1)
        Tandem.objects.filter(pk=tandem.pk).update(proposed_at=ago)
        tandems.lapse_proposals()
    tandem.refresh_from_db()
    assert (tandem.status, tandem.hold, tandem.held_at) == (end, "", None)
    with pytest.raises(holds.NotAlive):
        hold(tandem)


@pytest.mark.django_db
def test_coordinator_holds_with_one_click_and_twice_is_once(client, running, coordinator):
    client.force_login(coordinator)
    change = reverse("admin:volunteers_tandem_change", args=[running.pk])
    url = reverse("admin:volunteers_tandem_step", args=[running.pk, "anhalten"])
    assert f'<form method="post" action="{url}">' in client.get(change).content.decode()
    for _click in range(2):
        assert client.post(url).status_code == 302
    running.refresh_from_db()
    assert running.hold == "coordination"
    assert "Ruht seit dem" in client.get(change).content.decode()
    client.post(reverse("admin:volunteers_tandem_step", args=[running.pk, "weiter"]))
    running.refresh_from_db()
    assert running.hold == ""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_hold_and_the_last_yes_at_once_never_leave_a_contact_in_sight(circle):
    seen = set()
    for round_ in range(6):
        tandem = propose(circle, round_)
        tandems.answer(tandem=tandem, side=Side.NEWCOMER, answer="yes")
        mail.outbox.clear()
        results = at_once(
            lambda t=tandem: tandems.answer(tandem=t, side=Side.VOLUNTEER, answer="yes"),
            lambda t=tandem: hold(t, Hold.TRUST),
        )
        assert not [r for r in results if isinstance(r, DomainError)]
        tandem.refresh_from_db()
        assert tandem.hold == "trust"
        assert tandem.volunteer_answer == "yes"
        assert tandem.status in {"proposed", "running"}
        if tandem.status == "proposed":
            assert mail.outbox == []
        seen.add(tandem.status)
    assert seen
