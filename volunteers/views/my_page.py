"""«Meine Seite»: everything of one person in one place, by login or by signed link."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from .. import links
from ..models import Application


@never_cache
@login_required
def my_page(request: HttpRequest) -> HttpResponse:
    """All own applications, found through the confirmed addresses of the account."""
    applications = Application.objects.of(request.user).select_related("entry", "organisation")
    rows = [(application, links.status_path(application)) for application in applications]
    return render(request, "volunteers/my_page.html", {"rows": rows})
