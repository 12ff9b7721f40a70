"""Every public page leads on: to the office that answers, to the same place by the same word, to be shared."""

from collections import defaultdict
from html.parser import HTMLParser
from urllib.parse import urljoin

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.core.management import call_command
from django.middleware.csrf import rotate_token
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from portal.models import Page
from programs.models import Field, Story
from programs.unsent import way_back
from tests import factories
from tests.crawling import Page as Parsed
from volunteers.models import Application

pytestmark = pytest.mark.django_db


class Links(HTMLParser):
    """The text and the target of each link."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._open: tuple[str, list[str]] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._open = (dict(attrs).get("href") or "", [])

    def handle_data(self, data: str) -> None:
        if self._open:
            self._open[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._open:
            href, parts = self._open
            self.found.append((" ".join("".join(parts).split()), href))
            self._open = None


def links(client: Client, path: str) -> list[tuple[str, str]]:
    return Links(client.get(path).text).found


@pytest.fixture
def starting_data() -> None:
    cache.clear()
    call_command("load_reference", verbosity=0)


PLAIN = (
    "portal:home", "portal:catalogue", "portal:map", "portal:fields", "portal:figures", "portal:words",
    "programs:event_list", "volunteers:sign_up", "volunteers:companion", "volunteers:my_data",
    "volunteers:enter_code",
)  # fmt: skip


@pytest.mark.slow
def test_one_word_leads_to_one_place(client: Client, starting_data: None) -> None:
    """What header and footer call by a name leads to the same page wherever else it stands."""
    paths = [reverse(name) for name in PLAIN] + [p.get_absolute_url() for p in Page.objects.all()]
    targets: dict[str, set[str]] = defaultdict(set)
    named = []
    for path in paths:
        found = links(client, path)
        named.append({text for text, _href in found})
        for text, href in found:
            targets[text].add(urljoin(path, href).partition("?")[0])
    itself = {"Zum Inhalt springen", *(name for _code, name in django_settings.LANGUAGES)}
    everywhere = set.intersection(*named) - itself
    assert "Ich möchte mich engagieren" in everywhere
    assert {
        text: found for text, found in targets.items() if text in everywhere and len(found) > 1
    } == {}
    assert targets["Ich möchte mich engagieren"] == {reverse("portal:catalogue")}
    assert targets["Ich weiß noch nicht, was passt"] == {reverse("volunteers:sign_up")}


@pytest.mark.slow
def test_text_pages_lead_to_the_office_that_answers(client: Client, starting_data: None) -> None:
    """By its name, its form and, where staff have entered one, its number."""
    office = factories.make_clearing_office()
    type(office).objects.filter(pk=office.pk).update(phone="0711 216-0")
    ask = reverse("volunteers:ask", args=[office.slug])
    pages = list(Page.objects.published())
    assert pages
    for page in pages:
        text = client.get(page.get_absolute_url()).text
        assert f'href="{ask}"' in text, page.slug
        assert 'href="tel:+497112160"' in text, page.slug
    imprint = client.get(reverse("portal:page", args=["impressum"])).text
    assert f'<a href="{ask}">sagen Sie es dem Sozialamt</a>' in imprint
    assert f'<a href="{office.get_absolute_url()}">Sozialamt</a>' in imprint
    assert client.get(ask).status_code == 200


def test_text_page_is_whole_without_a_clearing_office(client: Client) -> None:
    page = factories.make_page()
    assert client.get(page.get_absolute_url()).status_code == 200


def test_sign_up_names_who_answers_by_a_link(client: Client) -> None:
    office = factories.make_clearing_office()
    entry = factories.make_entry(organisation=office)
    for path in (
        reverse("volunteers:sign_up"),
        reverse("volunteers:sign_up_entry", args=[entry.slug]),
    ):
        assert office.get_absolute_url() in [href for _text, href in links(client, path)]
    type(office).objects.filter(pk=office.pk).update(is_published=False)
    hidden = links(client, reverse("volunteers:sign_up"))
    assert office.get_absolute_url() not in [href for _text, href in hidden], "no link to a 404"


FORMS = ("sign_up", "companion", "my_data", "enter_code")


@pytest.mark.slow
def test_form_pages_say_what_they_are_when_they_are_shared(client: Client) -> None:
    office = factories.make_clearing_office()
    entry = factories.make_entry("Chor „Alle“", organisation=office)
    event = factories.make_event("Sommerfest", organisation=office, takes_registrations=True)
    paths = {reverse(f"volunteers:{name}"): "" for name in FORMS} | {
        reverse("volunteers:sign_up_entry", args=[entry.slug]): "Chor „Alle“",
        reverse("volunteers:ask", args=[entry.slug]): "Chor „Alle“",
        reverse("volunteers:ask_about_event", args=[event.slug]): "Sommerfest",
        reverse("volunteers:register", args=[event.slug]): "Sommerfest",
    }
    for path, title in paths.items():
        text = client.get(path).text
        assert f'<meta property="og:title" content="{title}' in text, path
        assert f'<meta property="og:url" content="{django_settings.SITE_URL}{path}">' in text
        assert text.count('property="og:title"') == text.count('property="og:url"') == 1, path
        assert text.count('property="og:image"') == 1, path


def test_fields_without_anything_to_join_are_not_listed(client: Client) -> None:
    factories.make_clearing_office()
    full, paused, empty = (factories.make_field(name) for name in ("Sport", "Kultur", "Arbeit"))
    factories.make_entry("Fußball", fields=[full])
    factories.make_entry("Theater", fields=[paused], status="paused")
    page = client.get(reverse("portal:fields"))
    assert [(field.name, number) for field, number in page.context["fields"]] == [("Sport", 1)]
    assert client.get(empty.get_absolute_url()).status_code == 200, "its page stays"
    Field.objects.filter(pk=full.pk).delete()
    assert reverse("volunteers:sign_up") in client.get(reverse("portal:fields")).text


@pytest.mark.slow
def test_stories_are_linked_from_home_where_there_are_any(client: Client) -> None:
    factories.make_clearing_office()
    stories = reverse("programs:story_list")
    assert stories not in [href for _text, href in links(client, reverse("portal:home"))]
    assert client.get(stories).status_code == 404
    story = Story.objects.create(
        programme=factories.make_programme(), slug="zeit", title="Zeit", person="Mira", text="Es war gut. " * 40,
        agreed_on=timezone.localdate(), agreed_how="schriftlich", agreed_by="Mira M.", is_published=True,
    )  # fmt: skip
    assert stories in [href for _text, href in links(client, reverse("portal:home"))]
    assert stories in [href for _text, href in links(client, story.programme.get_absolute_url())]


# --- Too many tries -------------------------------------------------------------------------------


def test_too_many_tries_lead_back_to_where_one_was_and_to_somebody(
    client: Client, settings: Settings
) -> None:
    settings.RATE_LIMITS = django_settings.RATE_LIMITS | {"poster": {"address": (1, 3600)}}
    factories.make_clearing_office()
    poster = reverse("portal:entry_poster", args=[factories.make_entry().slug])
    answers = [client.get(poster) for _ in range(2)]
    assert answers[-1].status_code == 429
    targets = dict(Links(answers[-1].text).found)
    assert targets["Noch einmal versuchen"] == poster
    assert targets["So erreichen Sie uns"] == reverse("portal:page", args=["impressum"]) + "#fragen"
    assert targets["Zur Startseite"] == reverse("portal:home")


@pytest.mark.parametrize(
    ("method", "referer", "back"),
    [
        ("get", "", "/plakat/?a=1"),
        ("post", "http://testserver/termine/", "http://testserver/termine/"),
        ("post", "https://evil.example/termine/", ""),
        ("post", "javascript:alert(1)", ""),
        ("post", "", ""),
    ],
)
def test_way_back_is_a_page_of_the_portal(method: str, referer: str, back: str) -> None:
    request = getattr(RequestFactory(), method)("/plakat/?a=1", headers={"referer": referer})
    assert way_back(request) == back


# --- A login in another tab -----------------------------------------------------------------------


def test_form_of_a_tab_that_was_open_before_a_login_elsewhere_keeps_what_was_typed() -> None:
    """The login changes the token of all tabs. The page says so in German, and one more press sends it."""
    factories.make_clearing_office()
    path = reverse("volunteers:sign_up_entry", args=[factories.make_entry().slug])
    browser = Client(enforce_csrf_checks=True, headers={"origin": "http://testserver"})
    [first_tab] = [form for form in Parsed(browser.get(path).text).forms if form.method == "post"]
    answers = {"name": "Amira", "email": "amira@example.org", "age": "adult", "consent": "on"}
    typed = first_tab.data(**answers, message="Ich kann gut zuhören.")
    assert typed["csrfmiddlewaretoken"]
    browser.force_login(factories.make_user("amira@example.org"))
    request = RequestFactory().get("/")
    rotate_token(request)
    browser.cookies[django_settings.CSRF_COOKIE_NAME] = request.META["CSRF_COOKIE"]
    answer = browser.post(path, typed)
    assert answer.status_code == 403
    assert "Sie haben sich inzwischen an- oder abgemeldet" in answer.text
    assert "Ich kann gut zuhören." in answer.text
    [kept] = [form for form in Parsed(answer.text).forms if form.method == "post"]
    assert browser.post(path, kept.data()).status_code == 302
    assert Application.objects.get().message == "Ich kann gut zuhören."
