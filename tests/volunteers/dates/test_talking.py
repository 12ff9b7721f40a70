"""Messages between who asks for a date and who comes: for the two alone, and without addresses."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from tests import factories
from tests.people import person_at
from volunteers.errors import TooManyMessages
from volunteers.links import dates as links
from volunteers.models import DateMessage, DateRequest
from volunteers.privacy import erasing, retention
from volunteers.services import date_messages as services
from volunteers.services import date_offers, dates

pytestmark = pytest.mark.django_db
IDA, SAMIRA, NUMBER = "ida@example.org", "samira@example.org", "0711 987654"
A_DAY = datetime.timedelta(days=1)


@pytest.fixture
def circle():
    return factories.make_circle()


@pytest.fixture
def offer(circle):
    """Ida comes to Samira's date."""
    ida = factories.make_single(circle, "Ida Weber", email=IDA, phone=NUMBER)
    taken = factories.make_date_offer(factories.make_date("Samira", email=SAMIRA), ida)
    date_offers.accept(offer=taken)
    mail.outbox.clear()
    return taken


def path_of(side):
    """Where a message from the date's or from the offer's page goes."""
    if isinstance(side, DateRequest):
        return reverse("volunteers:date_message", args=[links.token(side)])
    return reverse("volunteers:date_offer_message", args=[links.offer_token(side)])


def page_of(side):
    return links.path(side) if isinstance(side, DateRequest) else links.offer_path(side)


def send(client, side, text):
    return client.post(path_of(side), {"text": text})


def test_both_write_and_read_and_nobody_learns_an_address(client, offer):
    date = offer.date
    for side, other, to, text in (
        (date, offer, IDA, "Ich warte am Eingang.\nIch habe eine rote Tasche."),
        (offer, date, SAMIRA, "Gut, ich komme mit dem Bus."),
    ):
        response = send(client, side, text)
        assert response["Location"] == f"{page_of(side)}#nachrichten"
        sent = mail.outbox[-1]
        assert sent.to == [to]
        assert "> " + text.replace("\n", "\n> ") in sent.body
        assert f"{page_of(other)}#nachrichten" in sent.body
        assert not sent.reply_to
        everything = str(sent.message())
        assert not [word for word in {IDA, SAMIRA, NUMBER} - {to} if word in everything]
        own = client.get(page_of(side)).text
        assert "Ihre Nachricht ist verschickt." in own
        assert text.partition("\n")[0] in client.get(page_of(other)).text
    assert len(mail.outbox) == 2
    own, others = (client.get(page_of(one)).text for one in (date, offer))
    assert "Nachricht von Ida" in own
    assert "Weber" not in own
    assert "Nachricht von Samira" in others
    assert SAMIRA not in others


def test_a_double_click_is_one_message(client, offer):
    for _twice in range(2):
        assert send(client, offer, "Bis morgen!").status_code == 302
    assert DateMessage.objects.count() == len(mail.outbox) == 1


def test_a_refused_message_stays_in_the_form(client, offer, settings):
    settings.MESSAGES_A_DAY = 1
    for side in (offer, offer.date):
        assert send(client, side, "Eins").status_code == 302
        refused = send(client, side, "Zwei <b>dick</b>")
        assert refused.status_code == 422
        assert "Zwei &lt;b&gt;dick&lt;/b&gt;" in refused.text
        assert "Bitte schreiben Sie morgen weiter" in refused.text
        assert send(client, side, " ").status_code == 422
        assert send(client, side, "x" * 4001).status_code == 422
        assert send(client, side, "a\0b").status_code == 422
        assert client.get(path_of(side))["Location"] == f"{page_of(side)}#nachrichten"
    assert DateMessage.objects.count() == 2
    with pytest.raises(TooManyMessages):
        services.write(date=offer.date, text="Drei")


def test_nobody_writes_while_nobody_comes(client, circle):
    date = factories.make_date()
    asked = factories.make_date_offer(date, factories.make_single(circle, "Ida Weber"))
    for side in (date, asked):
        assert "Nachricht schicken" not in client.get(page_of(side)).text
        assert send(client, side, "Hallo?").status_code in {200, 422}
    assert not DateMessage.objects.exists()


def test_who_was_asked_and_did_not_come_first_neither_writes_nor_reads(client, circle, offer):
    second = factories.make_date_offer(offer.date, factories.make_single(circle, "Ben Haas"))
    send(client, offer.date, "Ich warte am Eingang.")
    refused = send(client, second, "Ich auch!")
    assert "Es kommt schon jemand anderes mit." in refused.text
    assert "Ich warte am Eingang." not in refused.text + client.get(page_of(second)).text
    assert DateMessage.objects.count() == 1


@pytest.mark.parametrize(
    "end",
    [
        lambda offer: date_offers.give_back(offer=offer),
        lambda offer: dates.cancel_date(date=offer.date),
        lambda offer: erasing.erase_person(person=person_at(IDA)),
    ],
    ids=["given back", "cancelled", "deleted"],
)
def test_messages_go_when_this_one_does_not_come(client, offer, end):
    """The next one who comes reads nothing of it; what was typed meanwhile stays."""
    send(client, offer.date, "Ich warte am Eingang.")
    end(offer)
    assert not DateMessage.objects.exists()
    refused = send(client, offer.date, "Bis gleich")
    assert refused.status_code == 422
    assert "Ihre Nachricht ist nicht verschickt." in refused.text
    assert "Bis gleich" in refused.text


def test_both_write_until_a_week_after_the_date_and_then_messages_are_deleted(client, offer):
    send(client, offer, "Bis morgen!")
    starts = DateRequest.objects.get().starts_at
    with time_machine.travel(starts + 7 * A_DAY - datetime.timedelta(minutes=1), tick=False):
        date_offers.reply(offer=offer, outcome=DateRequest.Outcome.HAPPENED)
        assert send(client, offer.date, "Danke! Haben Sie meinen Schirm?").status_code == 302
        retention.run()
        assert DateMessage.objects.count() == 2
    with time_machine.travel(starts + 7 * A_DAY + datetime.timedelta(minutes=1), tick=False):
        assert send(client, offer.date, "Und den Hut?").status_code == 422
        retention.run()
        assert not DateMessage.objects.exists()
        assert "Nachricht schicken" not in client.get(page_of(offer.date)).text


def test_the_office_does_not_read_them(client, offer):
    """Not even in the administration: they are for the two."""
    office = factories.make_clearing_office()
    client.force_login(factories.make_member(office, role="staff").user)
    send(client, offer, "Bis morgen am Brunnen!")
    page = client.get(reverse("admin:volunteers_daterequest_change", args=[offer.date.pk]))
    assert page.status_code == 200
    assert "Brunnen" not in page.text


def test_the_page_costs_the_same_with_many_messages(client, offer, django_assert_max_num_queries):
    DateMessage.objects.bulk_create(
        DateMessage(date=offer.date, sender="asker", text=f"Nachricht {n}", at=timezone.now())
        for n in range(30)
    )
    for side in (offer, offer.date):
        with django_assert_max_num_queries(6):
            assert "Nachricht 29" in client.get(page_of(side)).text
