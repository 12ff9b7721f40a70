"""Passing a page on: plain links that work with any title and tell nobody anything."""

import html
import re
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings as django_settings
from django.urls import reverse

from portal.sharing.links import ways_of
from programs.models import Entry, FormerOrganisation
from tests import factories
from tests.portal.test_public_pages import small_city

pytestmark = pytest.mark.django_db

TITLES = [
    "Kochen & Essen? #Gemeinsam 100 % + mehr = Freude",
    '<script>alert("1")</script> \'; DROP',
    "مقهى اللغة العربية",
    "Sprachcafé 😀 👩🏽‍🎓",
    "Zeile\r\nBcc: opfer@example.org",
]


def values(link: str) -> dict[str, str]:
    """What a program on the other side reads."""
    return {name: one for name, (one,) in parse_qs(urlsplit(link).query).items()}


@pytest.mark.parametrize("title", TITLES)
def test_message_arrives_with_any_title(client, title):
    factories.make_clearing_office()
    entry = factories.make_entry("Vorläufig")
    Entry.objects.filter(pk=entry.pk).update(title=title, summary="Jeden Samstag & sonntags?")
    page = client.get(entry.get_absolute_url()).content.decode()
    links = [
        html.unescape(one) for one in re.findall(r'href="((?:https://wa\.me|mailto:)[^"]*)"', page)
    ]
    (whatsapp,), (mail,) = (
        [one for one in links if one.startswith(start)] for start in ("https://wa.me/", "mailto:?")
    )
    one_line = " ".join(title.split())
    address = f"{django_settings.SITE_URL}/e/{entry.pk}/"
    assert urlsplit(whatsapp).netloc == "wa.me"
    assert set(values(whatsapp)) == {"text"}
    assert one_line in values(whatsapp)["text"].splitlines()
    assert values(whatsapp)["text"].endswith(address)
    assert set(values(mail)) == {"subject", "body"}
    assert values(mail)["subject"] == f"Mitmachen in Stuttgart: {one_line}"
    assert one_line in values(mail)["body"].splitlines()
    assert "Jeden Samstag & sonntags?" in values(mail)["body"].splitlines()
    assert values(mail)["body"].endswith(address)


@pytest.mark.slow
def test_every_entry_and_event_page_can_be_passed_on_without_script_or_foreign_request(client):
    small_city()
    event = factories.make_event()
    records = [*Entry.objects.published(), event]
    assert len(records) > 5
    for record in records:
        page = client.get(record.get_absolute_url()).content.decode()
        ways = ways_of(record)
        assert page.count(f">{ways.address}</a>") == 1
        assert "Mit WhatsApp senden" in page
        assert "Per E-Mail senden" in page
        section = page.partition('<section class="share"')[2].partition("</section>")[0]
        assert ways.address in section
        assert "<script" not in section
        assert not re.findall(r'(?:src|action)="https?://', page)


def test_short_address_leads_to_the_page_also_under_a_new_slug(client):
    entry, event = factories.make_entry(), factories.make_event()
    Entry.objects.filter(pk=entry.pk).update(slug="neu")
    assert client.get(f"/e/{entry.pk}/").url == "/einsatz/neu/"
    assert client.get(f"/t/{event.pk}/").url == event.get_absolute_url()


def test_short_address_of_a_merged_organisation_leads_to_the_one_that_stayed(client):
    kept = factories.make_circle()
    FormerOrganisation.objects.create(number=987654, slug="alt", title="Alt", kept=kept)
    assert client.get("/e/987654/").url == kept.get_absolute_url()


@pytest.mark.parametrize(
    "path", ["/e/0/", "/e/99999999999999999999999/", "/t/1/", "/t/99999999999999999999999/"]
)
def test_unknown_short_address_is_not_found(client, path):
    assert client.get(path).status_code == HTTPStatus.NOT_FOUND


def test_short_address_of_what_is_not_public_is_not_found(client):
    entry = factories.make_entry(is_published=False)
    event = factories.make_event(is_published=False)
    for name, one in (("short_entry", entry), ("short_event", event)):
        assert (
            client.get(reverse(f"portal:{name}", args=[one.pk])).status_code == HTTPStatus.NOT_FOUND
        )
