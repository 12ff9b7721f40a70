"""Asking for the newsletter: nothing comes before the mailbox has confirmed, and the proof of it is kept."""

import datetime
import re
from hashlib import sha256

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from portal.models import Subscription
from portal.newsletter import links, services
from portal.newsletter.models import Topic
from portal.newsletter.texts import TEXTS, VERSION
from tests import factories
from tests.volunteers.applications.test_races import at_once
from volunteers.errors import TransitionNotAllowed
from volunteers.privacy import retention
from volunteers.services import standing_orders

pytestmark = pytest.mark.django_db

FORM = "/newsletter/"
TYPED = {"email": "Amira@Example.org", "topics": ["news"], "language": "de"}
STATUS = Subscription.Status


def ask(client, **typed):
    return client.post(FORM, TYPED | typed)


def link_in(message):
    return re.search(r"http://\S+(/newsletter/\S+|/l/\S+)", message.body)[0]


@pytest.fixture
def asked(client):
    ask(client)
    return Subscription.objects.get()


# --- asking ---------------------------------------------------------------------------------------


def test_home_and_every_footer_lead_to_the_form(client):
    home = client.get(reverse("portal:home")).text
    assert home.count(f'href="{FORM}"') == 2
    assert f'href="{FORM}"' in client.get(reverse("portal:words")).text
    assert client.get(FORM).status_code == 200


def test_nothing_comes_before_the_mailbox_has_confirmed(client):
    assert ask(client)["Location"] == reverse("portal:newsletter_done")
    one = Subscription.objects.get()
    assert (one.email, one.status) == ("amira@example.org", STATUS.UNCONFIRMED)
    assert not Subscription.objects.receiving([Topic.NEWS], language="de").exists()

    url = link_in(mail.outbox[0])
    page = client.get(url, follow=True)
    assert page.status_code == 200
    assert str(TEXTS[VERSION]) in page.text
    one.refresh_from_db()
    assert one.is_unconfirmed  # a GET confirms nothing

    path = links.confirm_url(one).removeprefix("http://localhost:8000")
    after = client.post(path, follow=True)
    assert "Ihr Newsletter" in after.text
    assert [*Subscription.objects.receiving([Topic.NEWS], language="de")] == [one]


def test_the_proof_says_when_it_was_asked_and_confirmed_and_for_which_text(client):
    noon = datetime.datetime(2026, 3, 1, 12, tzinfo=factories.BERLIN)
    with time_machine.travel(noon, tick=False):
        ask(client)
    with time_machine.travel(noon + datetime.timedelta(hours=2), tick=False):
        standing_orders.confirm(order=Subscription.objects.get())
    one = Subscription.objects.get()
    assert (one.submitted_at, one.confirmed_at) == (noon, noon + datetime.timedelta(hours=2))
    assert one.text_version == VERSION
    names = {field.name for field in Subscription._meta.get_fields()}
    assert not {name for name in names if "ip" in name.split("_") or "address" in name}


def test_every_text_that_somebody_agreed_to_stays_as_it_was():
    """A changed text is a new version."""
    read = {version: sha256(str(text).encode()).hexdigest()[:12] for version, text in TEXTS.items()}
    assert read == {"2026-11": "5da03380435b"}


def test_the_mail_to_an_address_that_anybody_may_have_typed_repeats_nothing(client):
    ask(client, topics=["organisations"])
    (message,) = mail.outbox
    assert message.to == ["amira@example.org"]
    assert "Organisationen" not in message.body + message.subject
    assert "List-Unsubscribe" not in message.extra_headers  # there is nothing to leave yet


def test_what_was_chosen_is_kept(client):
    here = factories.make_district("feuerbach")
    ask(client, topics=["opportunities", "news"], districts=[here.pk], language="en")
    one = Subscription.objects.get()
    assert (one.topics, one.language) == (["opportunities", "news"], "en")
    assert [*one.districts.all()] == [here]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"topics": []}, "Bitte wählen Sie mindestens ein Thema."),
        ({"topics": ["sport"]}, "keine gültige Auswahl"),
        ({"email": ""}, "Bitte schreiben Sie Ihre E-Mail-Adresse."),
        ({"email": "amira@"}, "Diese E-Mail-Adresse stimmt nicht."),
        ({"email": "a\x00b@example.org"}, "Nullzeichen"),
        ({"language": "so"}, "keine gültige Auswahl"),
        ({"language": ""}, "Bitte wählen Sie eine Sprache."),
        ({"districts": ["999999"]}, "999999"),
        ({"districts": ["' OR 1=1"]}, "OR 1=1"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client, wrong, says):
    factories.make_district("feuerbach")
    answer = ask(client, **wrong)
    assert answer.status_code == 422
    assert says in answer.text
    assert not Subscription.objects.exists()
    if "topics" not in wrong:
        assert re.search(r'value="news"[^>]*checked', answer.text)


def test_districts_without_the_topic_that_they_are_for_are_asked_about(client):
    here = factories.make_district("feuerbach")
    answer = ask(client, districts=[here.pk])
    assert answer.status_code == 422
    assert "Sie haben Stadtbezirke gewählt." in answer.text


def test_the_only_language_is_not_asked(client, settings):
    settings.NEWSLETTER_LANGUAGES = ["de"]
    assert "In welcher Sprache?" not in client.get(FORM).text
    assert ask(client).status_code == 302


def test_a_bot_gets_its_thanks_and_nothing_is_kept(client):
    assert ask(client, website="https://spam.example").status_code == 302
    assert not Subscription.objects.exists()
    assert mail.outbox == []


# --- again ----------------------------------------------------------------------------------------


def test_a_second_form_makes_no_second_record_and_its_choice_counts(client, asked):
    ask(client, topics=["trainings"])
    (one,) = Subscription.objects.all()
    assert one.topics == ["trainings"]
    assert len(mail.outbox) == 1  # it was mailed just now


def test_an_address_that_gets_it_already_stays_as_it_is_and_gets_the_link_to_its_page(client):
    one = factories.make_subscription(topics=["news"])
    answer = ask(client, topics=["organisations"])
    fresh = ask(client, email="neu@example.org")
    assert answer["Location"] == fresh["Location"]
    one.refresh_from_db()
    assert (one.topics, one.is_running) == (["news"], True)
    known = mail.outbox[0]
    assert known.to == ["amira@example.org"]
    assert client.get(link_in(known), follow=True).context["form"].initial["topics"] == ["news"]


@pytest.mark.parametrize(
    "before", [{"status": "ended"}, {"stopped_at": timezone.now(), "hard_bounces": 3}]
)
def test_who_has_left_or_took_no_more_mail_confirms_again(client, before):
    one = factories.make_subscription(**before)
    ask(client, topics=["trainings"])
    one.refresh_from_db()
    assert (one.status, one.confirmed_at, one.ended_at) == (STATUS.UNCONFIRMED, None, None)
    assert "bestätigen" in mail.outbox[0].subject
    standing_orders.confirm(order=one)
    one.refresh_from_db()
    assert (one.is_running, one.hard_bounces) == (True, 0)
    assert [*Subscription.objects.receiving(["trainings"], language="de")] == [one]


def test_a_mailbox_gets_only_so_many_mails_that_it_did_not_ask_for(client, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"mailbox": {"target": (2, 3600)}}
    for tag in ("a", "b", "c"):
        assert ask(client, email=f"amira+{tag}@example.org").status_code == 302
    assert len(mail.outbox) == 2


def test_a_network_and_an_address_have_a_limit(client, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {
        "newsletter": {"address": (9, 3600), "pair": (2, 3600), "target": (3, 3600)}
    }
    assert [ask(client).status_code for _ in range(3)] == [302, 302, 429]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_forms_at_once_make_one_record_and_one_mail():
    answers = {"email": "amira@example.org", "topics": ["news"], "districts": [], "language": "de"}

    def send() -> None:
        services.subscribe(answers=answers)

    assert at_once(send, send) == [None, None]
    assert Subscription.objects.count() == 1
    assert len(mail.outbox) == 1


# --- confirming -----------------------------------------------------------------------------------


def test_a_second_click_leads_to_the_page_and_changes_nothing(client, asked):
    path = links.confirm_url(asked).removeprefix("http://localhost:8000")
    first = client.post(path)
    asked.refresh_from_db()
    at = asked.confirmed_at
    for again in (client.post(path), client.get(path)):
        assert again["Location"] == first["Location"] == links.page_path(asked)
    asked.refresh_from_db()
    assert asked.confirmed_at == at
    with pytest.raises(TransitionNotAllowed):
        standing_orders.confirm(order=asked)


def test_a_link_that_is_too_old_says_so_and_leads_to_the_form(client, asked):
    path = links.confirm_url(asked).removeprefix("http://localhost:8000")
    with time_machine.travel(timezone.now() + datetime.timedelta(days=8)):
        answer = client.post(path)
    assert answer.status_code == 410
    assert f'href="{FORM}"' in answer.text
    asked.refresh_from_db()
    assert asked.is_unconfirmed


# --- retention ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "there"), [(6, True), (8, False)])
def test_what_nobody_confirms_is_deleted_after_the_time_that_the_page_says(asked, days, there):
    with time_machine.travel(timezone.now() + datetime.timedelta(days=days)):
        retention.run()
    assert Subscription.objects.exists() is there


@pytest.mark.parametrize("over", ["ended_at", "stopped_at"])
def test_what_is_over_is_kept_as_proof_and_then_deleted(settings, over):
    settings.KEEP_ENDED_SUBSCRIPTIONS_MONTHS = 12
    ended = datetime.datetime(2026, 3, 15, 12, tzinfo=factories.BERLIN)
    status = STATUS.ENDED if over == "ended_at" else STATUS.ACTIVE
    factories.make_subscription(status=status, **{over: ended})
    factories.make_subscription("reads@example.org")
    for day, there in (("2027-03-14", 2), ("2027-03-15", 1)):
        with time_machine.travel(f"{day}T12:00:00+01:00"):
            retention.run()
        assert Subscription.objects.count() == there, day
    assert Subscription.objects.get().email == "reads@example.org"
