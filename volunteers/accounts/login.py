"""Accounts for people who signed up: no password, but a code by mail."""

import time
from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.views import request_login_code
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from ..links.people import my_page_url
from ..models import User
from ..models.users import normalise_email
from ..periods import days
from ..reads.persons import people_at

CODE_WENT_TO = "code_went_to"
"""Session key: the address that the last code was mailed to, known or not."""
CODE_WAS_WRONG = "code_was_wrong"
"""Attribute on a request."""
LOGGING_IN = "logging_in"
"""Session key: the primary key of the account that has passed the first step of the login."""
FACTOR_SET_UP = "factor_set_up"
"""Session key: when the second factor was set up, in seconds since 1970."""


def code_went_to(request: HttpRequest, *args: Any, **kwargs: Any) -> object:
    return request.session.get(CODE_WENT_TO)


def logging_in(request: HttpRequest, *args: Any, **kwargs: Any) -> object:
    return request.session.get(LOGGING_IN)


def note_set_up(request: HttpRequest) -> None:
    """Somebody has entered the first code of their second factor."""
    request.session[FACTOR_SET_UP] = time.time()


def has_just_set_up(request: HttpRequest) -> bool:
    since: float = request.session.get(FACTOR_SET_UP, 0)
    return time.time() - since < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def pages_at(email: str) -> dict[str, Any]:
    """For the mail to an address without an account: a link to the page of each person there, or none."""
    people = [(one.spoken, my_page_url(one.whose)) for one in people_at([normalise_email(email)])]
    return {"people": people, "period": days(settings.MAILED_LINK_DAYS)}


def account_of_code(request: HttpRequest) -> User | None:
    """The account that somebody is about to log in to; known or not, the work is the same."""
    address = normalise_email(str(code_went_to(request) or ""))
    return User.objects.filter(email=address[:254]).first()


def give_up(request: HttpRequest) -> None:
    """Give up a login that waits for its code; allauth would send no other one.

    Its address stays, so that forms can show it.
    """
    if not request.user.is_authenticated and (address := code_went_to(request)):
        request.session.flush()
        request.session[CODE_WENT_TO] = address


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
    give_up(request)
    response: HttpResponse = request_login_code(request)
    return response


def log_in(request: HttpRequest, email: str) -> HttpResponse:
    """Let allauth mail a login code to the account of ``email``, whatever was posted.

    Users who are logged in already are redirected as after a login.
    """
    data = request.POST.copy()
    data["email"] = email
    request.POST = data  # type: ignore[assignment]  # the stubs want a frozen copy
    give_up(request)
    response: HttpResponse = request_login_code(request)
    return response
