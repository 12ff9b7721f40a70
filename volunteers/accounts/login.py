"""Accounts for people who signed up: no password, a code by mail."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.views import request_login_code
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from ..models import User
from ..models.users import normalise_email

CODE_WENT_TO = "code_went_to"
"""Key of the session: the address, known or not, that the last code was mailed to."""
LOGGING_IN = "logging_in"
"""Key of the session: the account, by number, that passed the first step of logging in."""


def code_went_to(request: HttpRequest, *args: Any, **kwargs: Any) -> object:
    return request.session.get(CODE_WENT_TO)


def logging_in(request: HttpRequest, *args: Any, **kwargs: Any) -> object:
    return request.session.get(LOGGING_IN)


def account_of_code(request: HttpRequest) -> User | None:
    """The account that somebody is about to log in as; known or not, the same is done."""
    address = normalise_email(str(code_went_to(request) or ""))
    return User.objects.filter(email=address[:254]).first()


def open_account(request: HttpRequest, email: str) -> HttpResponse:
    """Make the account for ``email`` unless there is one, then have allauth mail its login code.

    The code goes to the address in the posted field ``email``, as on the login page; the account
    becomes usable, and its address confirmed, only through the code.
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
    """Have allauth mail a login code to the account of ``email``, whatever was posted.

    Whoever is logged in already goes on to where logging in leads.
    """
    data = request.POST.copy()
    data["email"] = email
    request.POST = data  # type: ignore[assignment]  # the stubs want a frozen copy
    response: HttpResponse = request_login_code(request)
    return response
