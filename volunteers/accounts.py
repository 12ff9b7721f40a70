"""Accounts for people who signed up: no password, a code by mail."""

from allauth.account.models import EmailAddress
from allauth.account.views import request_login_code
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from .models import User


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
