"""The page for the code from the mail, and every way on from it: another code, another address, an end.

allauth keeps a login that waits for its code in the session, and until then leads every page of the
login back to the code.
"""

import datetime
from urllib.parse import urlencode

from allauth.account import views
from allauth.account.utils import get_next_redirect_url
from django.conf import settings
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ..guard.limits import TooManyTries, try_once
from ..guard.sent import AGAIN
from ..periods import after_minutes_in_words
from . import login

TYPED = "code_typed"
"""Session key: the wrong code, which the page shows once."""
LONGEST = 40
"""So many characters of a wrong code are shown again."""
AGAIN_FROM = "code_again_from"
"""Session key: the timestamp from which the mailbox gets another code."""
WHY = "grund"
"""In the query of the login page: why the code page came to an end."""
WRONG, LATE, ELSEWHERE = "falsch", "spaet", "anderswo"


def ask_for_code(request: HttpRequest) -> HttpResponse:
    """The form of the address. A new address takes the place of a login that waits for its code."""
    if request.method == "POST":
        login.give_up(request)
    response: HttpResponse = views.request_login_code(request)
    if isinstance(response, TemplateResponse) and _is_for_staff(request):
        response.template_name = "account/code_for_staff.html"
    return _with_period(response)


def _is_for_staff(request: HttpRequest) -> bool:
    """Whether the person wanted a page of the administration."""
    return (get_next_redirect_url(request) or "").startswith(reverse("admin:index"))


def enter_login_code(request: HttpRequest) -> HttpResponse:
    return _or_why_not(request, views.confirm_login_code(request))


def enter_address_code(request: HttpRequest) -> HttpResponse:
    return _or_why_not(request, views.email_verification_sent(request))


def _or_why_not(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The page of the code; where there is none, the form of the address, which says why.

    A wrong code leads to the page anew, so that „Zurück“ finds a page and not the browser's question
    whether to send the form again.
    """
    if isinstance(response, TemplateResponse) and response.context_data is not None:
        if request.method == "POST" and request.resolver_match:
            request.session[TYPED] = request.POST.get("code", "")[:LONGEST]
            return _to(request, request.resolver_match.view_name)
        _show_wrong_code(response.context_data["form"], request.session.pop(TYPED, None))
        response.context_data["again_from"] = _again_from(request)
        return _with_period(response)
    to = response.headers.get("Location", "").partition("?")[0]
    if to not in {reverse("account_request_login_code"), reverse("account_login")}:
        return response
    why = LATE if login.code_went_to(request) else ELSEWHERE
    if getattr(request, login.CODE_WAS_WRONG, False):
        why = WRONG
    return _to(request, "account_request_login_code", **{AGAIN: "1", WHY: why})


def _show_wrong_code(form: BaseForm, typed: str | None) -> None:
    """The form says again what is wrong with ``typed``; only sending it counts as a try."""
    if typed is not None:
        form.data, form.is_bound = {"code": typed}, True


def _with_period(response: HttpResponse) -> HttpResponse:
    if isinstance(response, TemplateResponse) and response.context_data is not None:
        seconds = settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT
        response.context_data["period"] = after_minutes_in_words(seconds // 60)
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def another_code(request: HttpRequest) -> HttpResponse:
    """Mail another code, or a link, to the same address; above the limit the page says from when on.

    The code of the last mail is right until then.
    """
    address = login.code_went_to(request)
    if request.method != "POST" or not address or request.user.is_authenticated:
        return redirect("account_confirm_login_code")
    try:
        try_once(request, "login_code", address)
    except TooManyTries as refusal:
        request.session[AGAIN_FROM] = refusal.until.timestamp()
        return _to(request, "account_confirm_login_code")
    return login.log_in(request, str(address))


def _again_from(request: HttpRequest) -> str:
    """The time of day from which there is another code; empty when there is one now."""
    stamp = request.session.get(AGAIN_FROM)
    if stamp is None or stamp <= timezone.now().timestamp():
        return ""
    return TooManyTries(datetime.datetime.fromtimestamp(stamp, datetime.UTC)).when


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def another_address(request: HttpRequest) -> HttpResponse:
    """Give up the login that waits for its code. The address stays, so that the form shows it."""
    if request.method != "POST":
        return redirect("account_confirm_login_code")
    to = "account_signup" if request.POST.get("to") == "signup" else "account_request_login_code"
    login.give_up(request)
    return _to(request, to, **{AGAIN: "1"})


def _to(request: HttpRequest, name: str, **query: str) -> HttpResponse:
    """Redirect to a page of the login; it keeps the page that the person wanted."""
    if wanted := get_next_redirect_url(request):
        query["next"] = wanted
    return redirect(f"{reverse(name)}?{urlencode(query)}" if query else reverse(name))
