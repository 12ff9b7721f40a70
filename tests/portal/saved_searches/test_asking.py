"""Asking for a search by mail: nothing comes before the mailbox has confirmed, and the proof of it is kept."""

import re
from hashlib import sha256

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.models import SavedSearch
from portal.saved_searches import links, services
from portal.saved_searches.forms import LONGEST_TYPED
from portal.saved_searches.texts import TEXTS, VERSION
from programs.models import District
from tests import factories
from tests.volunteers.applications.test_races import at_once
from volunteers.errors import TransitionNotAllowed
from volunteers.privacy import retention
from volunteers.services import standing_orders

pytestmark = pytest.mark.django_db

FORM = "/mitmachen/per-mail/"
QUERY = "bezirk=feuerbach&tag=samstag"
TYPED = {"email": "Amira@Example.org", "query": QUERY, "preferred_language": "de"}
STATUS = SavedSearch.Status


@pytest.fixture(autouse=True)
def district():
    return factories.make_district("feuerbach")


def ask(client, **typed):
    return client.post(FORM, TYPED | typed)


def link_in(message):
    return re.search(r"http://\S+(/per-mail/\S+|/l/\S+)", message.body)[0]


@pytest.fixture
def asked(client):
    ask(client)
    return SavedSearch.objects.get()


# --- asking ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/en", "/ar", "/leichte-sprache"])
def test_the_catalogue_leads_to_the_form_which_says_the_search_in_words(client, prefix):
    factories.make_entry(weekdays=[5], districts=[District.objects.get()])
    catalogue = client.get(f"{prefix}/mitmachen/?{QUERY}&sortierung=a-z").text
    href = re.search(rf'href="({prefix}{FORM}[^"]*)"', catalogue)[1].replace("&amp;", "&")
    page = client.get(href)
    assert page.status_code == 200
    assert page.context["wanted"].query == QUERY
    assert "<bdi>Feuerbach</bdi>" in page.text
    assert '<meta name="robots" content="noindex">' in page.text


def test_where_nothing_is_found_the_page_offers_to_write_later(client):
    page = client.get("/mitmachen/?q=Zirkusschule").text
    assert f'href="{FORM}?q=Zirkusschule"' in page


def test_the_catalogue_stays_a_page_for_everybody(client):
    answer = client.get(f"/mitmachen/?{QUERY}")
    assert "public" in answer["Cache-Control"]
    assert not answer.cookies


def test_nothing_comes_before_the_mailbox_has_confirmed(client):
    assert ask(client)["Location"] == reverse("portal:saved_search_done")
    assert client.get(reverse("portal:saved_search_done")).status_code == 200
    one = SavedSearch.objects.get()
    assert (one.email, one.query, one.status) == ("amira@example.org", QUERY, STATUS.UNCONFIRMED)
    assert not SavedSearch.objects.due().exists()

    page = client.get(link_in(mail.outbox[0]), follow=True)
    assert page.status_code == 200
    assert str(TEXTS[VERSION]) in page.text
    assert "Feuerbach, Samstag" in page.text
    one.refresh_from_db()
    assert one.is_unconfirmed  # a GET confirms nothing

    path = links.confirm_url(one).removeprefix("http://localhost:8000")
    after = client.post(path, follow=True)
    assert "Ihre Suchen per Mail" in after.text
    assert "Feuerbach, Samstag" in after.text
    one.refresh_from_db()
    assert (one.is_running, one.text_version) == (True, VERSION)
    assert one.told_until == one.confirmed_at


def test_every_text_that_somebody_agreed_to_stays_as_it_was():
    """A changed text is a new version."""
    read = {version: sha256(str(text).encode()).hexdigest()[:12] for version, text in TEXTS.items()}
    assert read == {"2026-11": "bb5b8bd00b8b"}


def test_the_mail_to_an_address_that_anybody_may_have_typed_repeats_nothing(client):
    ask(client, query="q=Kaufen+Sie+jetzt+auf+spam.example")
    (message,) = mail.outbox
    assert message.to == ["amira@example.org"]
    assert "Kaufen" not in message.body + message.subject
    assert "List-Unsubscribe" not in message.extra_headers  # there is nothing to leave yet


def test_the_language_that_was_chosen_is_that_of_the_mails(client):
    client.post(f"/en{FORM}", TYPED | {"preferred_language": "ar"})
    assert SavedSearch.objects.get().preferred_language == "ar"
    assert "/ar/" in mail.outbox[0].body or "/l/" in mail.outbox[0].body


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"email": ""}, "Bitte schreiben Sie Ihre E-Mail-Adresse."),
        ({"email": "amira@"}, "Diese E-Mail-Adresse stimmt nicht."),
        ({"email": "a\x00b@example.org"}, "Nullzeichen"),
        ({"email": "a" * 10_000 + "@example.org"}, "E-Mail"),
        ({"email": "\u202egro.elpmaxe@arima"}, "Diese E-Mail-Adresse stimmt nicht."),
        ({"email": ["amira@example.org", "ben@example.org\nBcc: x@example.org"]}, "stimmt nicht"),
        ({"preferred_language": "xx"}, "keine gültige Auswahl"),
        ({"query": "q=" + "x" * LONGEST_TYPED}, "Diese Suche ist zu lang."),
        ({"query": "x\x00"}, "Nullzeichen"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(client, wrong, says):
    answer = ask(client, **wrong)
    assert answer.status_code == 422
    assert says in answer.text
    assert not SavedSearch.objects.exists()
    assert mail.outbox == []


@pytest.mark.parametrize(
    "query", ["bezirk=atlantis", "<script>alert(1)</script>", "id=1&status=draft", "%%%", "&&&==;"]
)
def test_a_tampered_filter_keeps_only_what_the_catalogue_knows(client, query):
    assert ask(client, query=query).status_code == 302
    assert SavedSearch.objects.get().query == ""


def test_a_filter_of_thousands_of_parts_is_refused(client):
    assert ask(client, query="&" * 5000).status_code in {302, 400}
    assert ask(client, query="tag=samstag&" * 900).status_code in {302, 400}


def test_html_and_right_to_left_words_stay_words(client):
    page = client.get(f"{FORM}?q=%3Cb%3E%D8%AA%D8%B9%D9%84%D9%8A%D9%85%E2%80%AE")
    assert "&lt;b&gt;تعليم" in page.text
    assert "\u202e" not in page.text
    assert "<b>" not in page.text


def test_a_bot_gets_its_thanks_and_nothing_is_kept(client):
    assert ask(client, website="https://spam.example").status_code == 302
    assert not SavedSearch.objects.exists()
    assert mail.outbox == []


def test_who_corrects_the_address_finds_the_search_again(client):
    ask(client)
    page = client.get(f"{FORM}?aendern")
    assert page.context["wanted"].query == QUERY
    assert 'value="Amira@Example.org"' in page.text


def test_the_form_needs_few_queries(client, django_assert_max_num_queries):
    client.get(f"{FORM}?{QUERY}")
    with django_assert_max_num_queries(10):
        client.get(f"{FORM}?{QUERY}&bezirk=zuffenhausen&umkreis=1&q=Deutsch")


# --- again ----------------------------------------------------------------------------------------


def test_a_second_form_makes_no_second_record_and_no_second_mail(client, asked):
    ask(client, query="tag=samstag&bezirk=feuerbach&seite=3")  # the same, written otherwise
    assert SavedSearch.objects.count() == 1
    assert len(mail.outbox) == 1


def test_an_address_has_several_searches(client, asked):
    ask(client, query="tag=sonntag")
    assert SavedSearch.objects.filter(email="amira@example.org").count() == 2
    assert len(mail.outbox) == 2


def test_an_address_that_has_it_already_stays_as_it_is_and_gets_the_link_to_its_page(client):
    one = factories.make_saved_search(query=QUERY)
    answer = ask(client, preferred_language="uk")
    fresh = ask(client, email="neu@example.org")
    assert answer["Location"] == fresh["Location"]
    one.refresh_from_db()
    assert (one.is_running, one.preferred_language) == (True, "de")
    known = mail.outbox[0]
    assert known.to == ["amira@example.org"]
    assert "Ihre Suchen per Mail" in client.get(link_in(known), follow=True).text


@pytest.mark.parametrize(
    "before", [{"status": "ended"}, {"stopped_at": timezone.now(), "hard_bounces": 3}]
)
def test_who_has_left_or_took_no_more_mail_confirms_again(client, before):
    one = factories.make_saved_search(query=QUERY, **before)
    ask(client)
    one.refresh_from_db()
    assert (one.status, one.confirmed_at, one.ended_at) == (STATUS.UNCONFIRMED, None, None)
    standing_orders.confirm(order=one)
    one.refresh_from_db()
    assert (one.is_running, one.hard_bounces) == (True, 0)


def test_more_than_so_many_searches_are_refused_by_mail_only(client):
    for number in range(services.MOST):
        factories.make_saved_search(query=f"q={number}")
    answer = ask(client)
    assert answer["Location"] == reverse("portal:saved_search_done")
    assert SavedSearch.objects.count() == services.MOST
    assert "Mehr Suchen per Mail gehen nicht" in mail.outbox[0].subject


def test_a_network_and_an_address_have_a_limit(client, settings):
    settings.RATE_LIMITS = settings.RATE_LIMITS | {
        "saved_search": {"address": (9, 3600), "pair": (2, 3600), "target": (3, 3600)}
    }
    assert [ask(client).status_code for _ in range(3)] == [302, 302, 429]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_forms_at_once_make_one_record_and_one_mail():
    def send() -> None:
        services.ask(email="amira@example.org", query=QUERY, preferred_language="de")

    assert at_once(send, send, send) == [None] * 3
    assert SavedSearch.objects.count() == 1
    assert len(mail.outbox) == 1


# --- confirming -----------------------------------------------------------------------------------


def test_confirming_twice_is_confirming_once(client, asked):
    path = links.confirm_url(asked).removeprefix("http://localhost:8000")
    first = client.post(path)
    at = SavedSearch.objects.get().confirmed_at
    second = client.post(path)
    assert (first.status_code, second.status_code) == (302, 302)
    assert SavedSearch.objects.get().confirmed_at == at
    with pytest.raises(TransitionNotAllowed):
        standing_orders.confirm(order=asked)


def test_what_nobody_confirms_is_deleted_in_time(asked):
    path = links.confirm_url(asked).removeprefix("http://localhost:8000")
    with time_machine.travel(timezone.now() + timezone.timedelta(days=8)):
        assert Client().get(path).status_code == 410
        retention.run()
    assert not SavedSearch.objects.exists()


def test_what_was_left_is_kept_as_proof_for_a_year_and_then_deleted():
    year = timezone.now() - timezone.timedelta(days=380)
    factories.make_saved_search(status="ended", ended_at=year)
    factories.make_saved_search("b@example.org", status="ended")
    factories.make_saved_search("c@example.org", stopped_at=year)
    factories.make_saved_search("d@example.org", confirmed_at=year)
    retention.run()
    left = SavedSearch.objects.order_by("email").values_list("email", flat=True)
    assert [*left] == ["b@example.org", "d@example.org"]
