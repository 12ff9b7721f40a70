"""``/demo/postfach/``: shows the mails that the demo has written to files instead of sending them."""

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.demo_mailbox import find_mail, newest_mails

SHOWN = 50


@never_cache
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """The last 50 mails with their text, newest first."""
    return render(request, "demo/mailbox.html", {"mails": newest_mails(limit=SHOWN)})


@never_cache
@require_safe
def mail(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """One mail on a page of its own."""
    found = find_mail(name=name, number=number)
    if found is None:
        raise Http404
    return render(request, "demo/mail.html", {"mail": found})


@never_cache
@require_safe
@csp_replace({"style-src": [UNSAFE_INLINE]})  # type: ignore[arg-type]  # it passes all arguments on
def mail_html(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """The HTML of one mail, as a mail program shows it."""
    found = find_mail(name=name, number=number)
    if found is None or not found.html:
        raise Http404
    return HttpResponse(found.html)


urlpatterns = [
    path("demo/postfach/", mailbox, name="demo_mailbox"),
    path("demo/postfach/<slug:name>/<int:number>/", mail, name="demo_mail"),
    path("demo/postfach/<slug:name>/<int:number>/html/", mail_html, name="demo_mail_html"),
]
"""``portal/urls.py`` includes these in demo mode only."""
