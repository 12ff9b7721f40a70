"""Accounts for people who signed up: no password, but a code by mail."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.views import request_login_code
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from ..guard.sent import AGAIN
from ..models import User
from ..models.users import normalise_email

CODE_WENT_TO = "code_went_to"
"""Session key: the address that the last code was mailed to, known or not."""
LOGGING_IN = "logging_in"
"""Session key: the primary key of the account that has passed the first step of the login."""


def code_went_to(request: HttpRequest, *args: Any, **kwargs: Any) -> object:
    return request.session.get(CODE_WENT_TO)


def logging_in(request: HttpRequest, *args: Any, **kwargs: Any) -> object:
    return request.session.get(LOGGING_IN)


@never_cache
@require_POST
def start_again(request: HttpRequest) -> HttpResponse:
    """Give up the login that waits for its code, for another address or another code.

    Until then allauth leads every page of the login back to the code. The address stays, so that
    the form shows it.
    """
    to = "account_signup" if request.POST.get("to") == "signup" else "account_request_login_code"
    if not request.user.is_authenticated:
        address = request.session.get(CODE_WENT_TO)
        request.session.flush()
        request.session[CODE_WENT_TO] = address
    return redirect(f"{reverse(to)}?{AGAIN}")


def account_of_code(request: HttpRequest) -> User | None:
    """The account that somebody is about to log in to; known or not, the work is the same."""
    address = normalise_email(str(code_went_to(request) or ""))
    return User.objects.filter(email=address[:254]).first()


def open_account(request: HttpRequest, email: str) -> HttpResponse:
    """Create the account for ``email`` unless there is one, then let allauth mail its login code.

    The code goes to the address in the posted field ``email``, as on the login page. Only the code
    makes the account usable and confirms its address.
    """
    with transaction.atomic():
        user, created = User.objects.get_or_create(email=email)
        if created:
            user.set_unusable_password()
            user.save(update_fields=["password"])
        EmailAddress.objects.get_or_create(user=user, email=email, defaults={"primary": True})
    response: HttpResponse = request_login_code(request)
    return response


def log_in(request: HttpRequest, email: str) -> HttpResponse:
    """Let allauth mail a login code to the account of ``email``, whatever was posted.

    Users who are logged in already are redirected as after a login.
    """
    data = request.POST.copy()
    data["email"] = email
    request.POST = data  # type: ignore[assignment]  # the stubs want a frozen copy
    response: HttpResponse = request_login_code(request)
    return response
