"""After a form: the page says for what and to which address a mail goes, and lets the address be corrected.

It says the same whether a mail goes out now, has gone out a moment ago, or will not.
"""

import datetime
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from programs.models import Event, Opportunity
from tests import factories
from tests.people import mailbox
from volunteers.links import people as person_links
from volunteers.models import Application, CompanionRequest, Registration

pytestmark = pytest.mark.django_db

WRONG, RIGHT = "amina@exmaple.org", "amina@example.org"
FORMS = ("sign_up", "sign_up_entry", "register", "companion", "my_data")
TYPED: dict[str, Any] = {
    "name": "Öznur Yılmaz",
    "age": "adult",
    "age_group": "adult",
    "languages": ["ar", "de"],
    "note": "Ein Platz für den Rollstuhl",
    "message": "Ich komme gern.",
    "consent": "on",
}


@dataclass(frozen=True)
class Place:
    entry: Opportunity
    event: Event

    def url(self, form: str) -> str:
        slugs = {"sign_up_entry": [self.entry.slug], "register": [self.event.slug]}
        return reverse(f"volunteers:{form}", args=slugs.get(form, []))

    def title(self, form: str) -> str:
        return {"sign_up_entry": self.entry.title, "register": self.event.title}.get(form, "")


@pytest.fixture
def place() -> Place:
    office = factories.make_clearing_office()
    factories.make_member(office)
    factories.make_programme(organisation=office, makes_tandems=True)
    return Place(
        factories.make_entry("Sprachcafé <West>", organisation=office),
        factories.make_event("Abend & mehr", organisation=office, takes_registrations=True),
    )


def send(client: Client, place: Place, form: str, address: str) -> str:
    data = {"email": address} if form == "my_data" else TYPED | {"email": address}
    answer = client.post(place.url(form), data, follow=True)
    assert answer.status_code == 200
    assert len(answer.redirect_chain) == 1
    return answer.text


def shown(client: Client, place: Place, form: str) -> dict[str, Any]:
    """What the form shows that „Ändern“ opens."""
    answer = client.get(f"{place.url(form)}?aendern")
    assert answer.status_code == 200
    return {bound.name: bound.value() for bound in answer.context["form"]}


@pytest.mark.parametrize("form", FORMS)
def test_page_names_the_offer_and_the_address(client, place, form):
    page = send(client, place, form, WRONG)
    assert WRONG in page
    assert f'href="{place.url(form)}?aendern"' in page
    title = place.title(form)
    assert title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in page


@pytest.mark.parametrize("form", FORMS)
def test_second_try_at_once_gets_no_mail_and_the_same_words_which_are_true_of_both(
    client, place, form
):
    first = send(client, place, form, RIGHT)
    assert len(mail.outbox) == 1
    second = send(client, place, form, RIGHT)
    assert first == second
    assert len(mail.outbox) == (2 if form == "my_data" else 1)
    assert "Wir haben Ihnen eine Mail geschickt" not in first
    if form != "my_data":
        assert "Dann gilt die erste Mail" in first


def test_page_says_how_many_mails_a_mailbox_gets(client, place, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"mailbox": {"target": (1, 3600)}}
    pages = [send(client, place, "my_data", RIGHT) for _ in range(2)]
    assert len(mail.outbox) == 1
    assert pages[0] == pages[1]
    assert "höchstens 1 solche Mails in einer Stunde" in pages[0]


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_address_is_corrected_and_what_was_typed_stays(client, place, form):
    send(client, place, form, WRONG)
    values = shown(client, place, form)
    assert values["email"] == WRONG
    if form != "my_data":
        assert values["name"] == TYPED["name"]
        assert values["consent"] is True
    if form in {"sign_up", "companion"}:
        assert values["languages"] == TYPED["languages"]
    if form == "register":
        assert values["note"] == TYPED["note"]
    assert not values["website"]
    page = send(client, place, form, RIGHT)
    assert RIGHT in page
    assert WRONG not in page
    assert [message.to for message in mail.outbox] == [[WRONG], [RIGHT]]


@pytest.mark.parametrize("form", FORMS)
def test_nobody_else_sees_what_was_typed(client, place, form):
    send(client, place, form, WRONG)
    stranger = Client()
    assert not shown(stranger, place, form)["email"]
    done = {"sign_up_entry": "sign_up_done", "my_data": "my_data_sent"}.get(form, f"{form}_done")
    page = stranger.get(reverse(f"volunteers:{done}"))
    assert page.status_code == 200
    assert WRONG not in page.text
    assert "sessionid" not in stranger.cookies


def test_it_is_shown_for_some_time_only_and_on_the_form_it_was_typed_into(client, place):
    send(client, place, "register", WRONG)
    assert not shown(client, place, "sign_up")["email"]
    later = timezone.now() + datetime.timedelta(minutes=settings.SENT_FORM_MINUTES, seconds=5)
    with time_machine.travel(later, tick=False):
        assert not shown(client, place, "register")["email"]


def test_mail_to_the_owner_of_a_link_is_not_said_to_go_to_what_was_typed_before(client, place):
    send(client, place, "my_data", WRONG)
    application = factories.make_application(place.entry.organisation)
    token = person_links.person_token(mailbox(application.email))
    url = reverse("volunteers:my_data_from_my_page", args=[token])
    page = client.post(url, follow=True).text
    assert WRONG not in page
    assert application.email not in page


def test_a_bot_gets_the_same_page(client, place):
    person = send(client, place, "sign_up", WRONG)
    bot = Client().post(place.url("sign_up"), TYPED | {"email": WRONG, "website": "x"}, follow=True)
    assert bot.text == person
    assert len(mail.outbox) == 1


@pytest.mark.slow
def test_wrong_form_still_says_what_is_wrong_and_keeps_nothing(client, place):
    assert client.post(place.url("sign_up"), {"email": WRONG}).status_code == 422
    assert not shown(client, place, "sign_up")["email"]
    assert not Application.objects.exists()
    assert not Registration.objects.exists()
    assert not CompanionRequest.objects.exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("first", "second"),
    [("request_login_code", "confirm_login_code"), ("signup", "email_verification_sent")],
)
def test_address_of_a_login_code_is_corrected(client, first, second):
    page = client.post(reverse(f"account_{first}"), {"email": WRONG}, follow=True)
    assert page.redirect_chain[0][0].startswith(reverse(f"account_{second}"))
    assert WRONG in page.text
    assert client.get(reverse(f"account_{first}")).status_code == 302, "allauth waits for the code"
    to = "signup" if first == "signup" else ""
    form = client.post(reverse("another_address"), {"to": to}, follow=True)
    assert form.redirect_chain == [(f"{reverse(f'account_{first}')}?aendern=1", 302)]
    assert form.context["form"]["email"].value() == WRONG
    assert not Client().get(form.redirect_chain[0][0]).context["form"]["email"].value()
    page = client.post(reverse(f"account_{first}"), {"email": RIGHT}, follow=True)
    assert RIGHT in page.text
    assert [message.to for message in mail.outbox] == [[WRONG], [RIGHT]]
