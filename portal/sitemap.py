"""Files for programs: the sitemap, the rules for crawlers, the contact for security reports."""

import datetime
from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from portal.models import NewsletterIssue, Page
from programs.models import District, Entry, Event, Field, Story

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
)
NOT_FOR_ROBOTS = ("/verwaltung/", "/anmelden/", "/anmeldung/", "/konto/", "/meine-seite/", "/demo/")


def addresses() -> Iterator[tuple[str, object]]:
    """Path and time of the last change of every public page; None if no time is stored."""
    for name in (*LISTS, "programs:event_list", "programs:calendar"):
        yield reverse(name), None
    for district in District.objects.all():
        yield district.get_absolute_url(), None
    for field in Field.objects.all():
        yield field.get_absolute_url(), None
    for page in Page.objects.published():
        yield page.get_absolute_url(), page.updated_at
    for entry in Entry.objects.published().only("kind", "slug", "updated_at"):
        yield entry.get_absolute_url(), entry.updated_at
    for issue in NewsletterIssue.objects.public().only("updated_at"):
        yield issue.get_absolute_url(), issue.updated_at
    stories = list(Story.objects.public().only("slug", "updated_at"))
    if stories:
        yield reverse("programs:story_list"), None
    for story in stories:
        yield story.get_absolute_url(), story.updated_at
    for event in Event.objects.upcoming().only("slug", "updated_at"):
        yield event.get_absolute_url(), event.updated_at


def sitemap(request: HttpRequest) -> HttpResponse:
    """The whole sitemap in one file; the protocol allows 50,000 URLs in it."""
    urls = [(settings.SITE_URL + path, changed) for path, changed in addresses()]
    return render(request, "portal/sitemap.xml", {"urls": urls}, content_type="application/xml")


def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS)]
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
