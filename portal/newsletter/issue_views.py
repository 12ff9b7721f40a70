"""The public pages of issues: the list, each issue, and the feed (Atom, RFC 4287)."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from .content import content_of
from .issue_models import NewsletterIssue
from .own_text import html_of

SHOWN = 60
IN_FEED = 20


def issue_list(request: HttpRequest) -> HttpResponse:
    issues = NewsletterIssue.objects.public().defer("content")[:SHOWN]
    return render(request, "portal/newsletter/issues.html", {"issues": issues})


def issue(request: HttpRequest, number: int) -> HttpResponse:
    """410 for one that the office has taken from the site, 404 for one that nobody has got yet."""
    found = NewsletterIssue.objects.filter(pk=number).first()
    if found is None or not found.has_begun:
        raise Http404
    if not found.is_public:
        return render(request, "410.html", status=410)
    content = content_of(found)
    parts = [(part, html_of(part.text)) for part in content.parts]
    context = {"issue": found, "content": content, "parts": parts}
    return render(request, "portal/newsletter/issue.html", context)


def feed(request: HttpRequest) -> HttpResponse:
    """The last issues. The id of an entry is its address, which stays."""
    site = settings.SITE_URL
    shown = Atom1Feed(
        title=_("Newsletter des Freiwilligenportals Stuttgart"),
        link=site + reverse("portal:newsletter_issues"),
        description="",
        feed_url=site + reverse("portal:newsletter_feed"),
        language=settings.LANGUAGE_CODE,
        author_name=_("Landeshauptstadt Stuttgart"),
    )
    for one in NewsletterIssue.objects.public().defer("content")[:IN_FEED]:
        url = site + one.get_absolute_url()
        shown.add_item(
            one.title,
            url,
            one.summary or one.title,
            unique_id=url,
            pubdate=one.begun_at,
            updateddate=one.begun_at,
        )
    text = shown.writeString("utf-8")
    return HttpResponse(text, content_type="application/atom+xml; charset=utf-8")
