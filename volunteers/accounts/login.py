"""Accounts for people who signed up: no password, a code by mail."""

from typing import Any

from allauth.account.internal.flows.email_verification_by_code import (
    EMAIL_VERIFICATION_CODE_SESSION_KEY,
)
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.account.models import EmailAddress
from allauth.account.utils import url_str_to_user_pk
from allauth.account.views import request_login_code
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from ..models import User


def pending(request: HttpRequest, *args: Any, **kwargs: Any) -> object:
    """Whom somebody is about to log in as: the address that was typed, known or not, else the account."""
    codes = (
        request.session.get(EMAIL_VERIFICATION_CODE_SESSION_KEY),
        request.session.get(LOGIN_SESSION_KEY),
    )
    found = [state.get(name) for state in codes if state for name in ("email", "user_pk")]
    return next(filter(None, found), None)


def pending_account(request: HttpRequest) -> str:
    """The account that somebody is about to log in as, by number («user 17»); empty without one."""
    written = (request.session.get(LOGIN_SESSION_KEY) or {}).get("user_pk")
    return f"user {url_str_to_user_pk(written)}" if written else ""


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
