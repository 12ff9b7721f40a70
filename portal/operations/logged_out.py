"""A form that is sent after the login has ended: what was typed stays on the page.

Django redirects to the login, and the form would be empty afterwards. Here the answer is a page with
what was typed and a link that opens the login in a new tab.
"""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.urls import reverse

from programs.unsent import unsent

LOGINS = ("account_login", "account_request_login_code", "admin:login")


class LoggedOutMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method != "POST" or not _asks_for_login(request, response):
            return response
        if (kept := unsent(request)) is None:
            return response
        context = {"unsent": kept, "login": response["Location"]}
        page = loader.render_to_string("logged_out.html", context)
        return HttpResponse(page, status=403, headers={"Cache-Control": "no-store"})


def _asks_for_login(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether Django sends the visitor to a login that leads back to this address."""
    if response.status_code != 302 or request.user.is_authenticated:
        return False
    to = urlsplit(response["Location"])
    back = parse_qs(to.query).get(REDIRECT_FIELD_NAME, [])
    return not to.netloc and to.path in map(reverse, LOGINS) and back == [request.get_full_path()]
