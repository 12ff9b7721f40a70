"""``/demo/postfach/``: shows the mails that the demo has written to files instead of sending them."""

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


urlpatterns = [
    path("demo/postfach/", mailbox, name="demo_mailbox"),
    path("demo/postfach/<slug:name>/<int:number>/", mail, name="demo_mail"),
]
"""``portal/urls.py`` includes these in demo mode only."""
