"""Files for programs: sitemaps, rules for crawlers, the contact for security reports, the manifest for phones."""

import datetime
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from portal.counselling.views import SLUGS
from portal.languages.addresses import GERMAN, ONLY_GERMAN, in_language
from portal.models import NewsletterIssue, Page
from programs.models import District, Entry, Event, Field, Organisation, Story
from volunteers.models.reading import tag_of

LISTS = (
    "portal:home",
    "portal:catalogue",
    "portal:map",
    "portal:fields",
    "portal:figures",
    "portal:words",
    "portal:date_board",
    "portal:newsletter_issues",
    "portal:open_data",
    "portal:counselling",
    "portal:newsletter",
    "volunteers:companion",
    "volunteers:date_ask",
    "volunteers:propose",
)
OF_ENTRIES = ("portal:home", "portal:catalogue", "portal:map", "portal:fields")
XML = "application/xml"
NOT_FOR_ROBOTS = ("/verwaltung/", "/anmelden/", "/anmeldung/", "/konto/", "/meine-seite/", "/demo/")


class Address(NamedTuple):
    """A path in German, and when the page last changed; None if no time is stored."""

    path: str
    changed: datetime.datetime | None = None
    only_german: bool = False


class Listed(NamedTuple):
    """An address in one language, with the same page in all of them as (tag, address)."""

    url: str
    changed: datetime.datetime | None
    alternates: list[tuple[str, str]]


def addresses() -> Iterator[Address]:
    """Every public page. A list changed when the newest of its records did."""
    entries = list(Entry.objects.published().only("kind", "slug", "facets", "updated_at"))
    events = list(Event.objects.upcoming().only("slug", "updated_at"))
    newest = {name: _newest(rows) for name, rows in (("entries", entries), ("events", events))}
    for name in LISTS:
        changed = newest["entries"] if name in OF_ENTRIES else None
        yield Address(reverse(name), changed, only_german=name in ONLY_GERMAN)
    if Organisation.objects.clearing().exists():  # else nobody answers, and they are not there
        yield Address(reverse("portal:cooperation"))
        yield from (Address(reverse("portal:counselling_ask", args=[slug])) for slug in SLUGS)
    for name in ("programs:event_list", "programs:calendar"):
        yield Address(reverse(name), newest["events"])
    of_words = _newest_by_word(entries)
    for district in District.objects.all():
        yield Address(district.get_absolute_url(), of_words.get(f"district:{district.pk}"))
    for field in Field.objects.all():
        yield Address(field.get_absolute_url(), of_words.get(f"field:{field.slug}"))
    stories = list(Story.objects.public().only("slug", "updated_at"))
    if stories:
        yield Address(reverse("programs:story_list"), _newest(stories))
    pages = Page.objects.published()
    issues = NewsletterIssue.objects.public().only("updated_at")
    for one in (*pages, *entries, *issues, *stories, *events):
        yield Address(one.get_absolute_url(), one.updated_at)


def _newest(rows: Iterable[Any]) -> datetime.datetime | None:
    return max((one.updated_at for one in rows), default=None)


def _newest_by_word(entries: Iterable[Entry]) -> dict[str, datetime.datetime]:
    """Token → when an entry that has it last changed."""
    found: dict[str, datetime.datetime] = {}
    for entry in entries:
        for token in entry.facets:
            found[token] = max(entry.updated_at, found.get(token, entry.updated_at))
    return found


def sitemap(request: HttpRequest) -> HttpResponse:
    """The sitemaps of all languages."""
    urls = [
        settings.SITE_URL + reverse("portal:sitemap_of", args=[language])
        for language, _name in settings.LANGUAGES
    ]
    return render(request, "portal/sitemaps.xml", {"urls": urls}, content_type=XML)


def sitemap_of(request: HttpRequest, language: str) -> HttpResponse:
    """All pages in one language; the protocol allows 50,000 in a file."""
    languages = [code for code, _name in settings.LANGUAGES]
    if language not in languages:
        raise Http404
    urls = [
        Listed(
            url=settings.SITE_URL + in_language(one.path, language),
            changed=one.changed,
            alternates=[
                (tag_of(code), settings.SITE_URL + in_language(one.path, code))
                for code in languages
                if not one.only_german
            ],
        )
        for one in addresses()
        if language == GERMAN or not one.only_german
    ]
    return render(request, "portal/sitemap.xml", {"urls": urls}, content_type=XML)


def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to keep the portal like an app, in the language of the address."""
    icons = [
        {"src": static(f"icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in (192, 512)
    ]
    content = {
        "id": "/",
        "name": _("Freiwilligenportal Stuttgart"),
        "short_name": _("Mitmachen"),
        "lang": tag_of(get_language() or GERMAN),
        "dir": "rtl" if get_language_bidi() else "ltr",
        "start_url": reverse("portal:home"),
        "scope": f"{settings.SITE_PATH}/",
        "display": "minimal-ui",
        "theme_color": "#0b4430",
        "background_color": "#fffdf5",
        "icons": icons,
    }
    return JsonResponse(content, content_type="application/manifest+json")


def robots(request: HttpRequest) -> HttpResponse:
    paths = [
        in_language(path, language)
        for language, _name in settings.LANGUAGES
        for path in NOT_FOR_ROBOTS
        if language == GERMAN or path != "/verwaltung/"
    ]
    lines = ["User-agent: *", *(f"Disallow: {settings.SITE_PATH}{path}" for path in paths)]
    lines.append(f"Sitemap: {settings.SITE_URL}{reverse('portal:sitemap')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def security(request: HttpRequest) -> HttpResponse:
    """Where to report a security problem (RFC 9116). Expires after a year."""
    expires = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    expires += datetime.timedelta(days=365)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires.astimezone(datetime.UTC):%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: de, en",
        f"Canonical: {settings.SITE_URL}{reverse('portal:security')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
