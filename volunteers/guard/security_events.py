"""Logins, second factors and passwords in the security log; mails about what an owner has to know.

Django and allauth announce these by signals, which are their public interface; no domain rule of
the portal depends on a signal. They are connected when the app is ready. A failed login is logged
with the account, if there is one, and never with what was typed. Known or unknown, the work is the
same.
"""

from typing import Any

from allauth.account.signals import authentication_step_completed, email_confirmed
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from ..models import SecurityEvent, User
from ..models.users import normalise_email
from . import limits
from .owner import tell_owner
from .security_log import record

Kind = SecurityEvent.Kind


@receiver(user_logged_in, dispatch_uid="security.logged_in")
def _logged_in(user: User, **kwargs: Any) -> None:
    record(Kind.LOGIN, by=user)


@receiver(user_logged_out, dispatch_uid="security.logged_out")
def _logged_out(user: User | None, **kwargs: Any) -> None:
    if user is not None:  # nobody was logged in
        record(Kind.LOGOUT, by=user)


@receiver(user_login_failed, dispatch_uid="security.login_failed")
def _login_failed(credentials: dict[str, Any], **kwargs: Any) -> None:
    typed = normalise_email(str(credentials.get("email") or ""))
    record(Kind.LOGIN_FAILED, about=User.objects.filter(email=typed[:254]).first())


@receiver(authentication_step_completed, dispatch_uid="security.secret_was_right")
@receiver(email_confirmed, dispatch_uid="security.code_was_right")
def _secret_was_right(
    request: HttpRequest, method: str = "", email: str | None = None, **kwargs: Any
) -> None:
    """A right password or code is no guess, so its try does not count (``settings.RATE_LIMITS``).

    Nor does the mail that brought the code: its receiver asked for it.
    """
    limits.was_right(request)
    if method == "code":
        limits.give_back(request, "login_code", email)


@receiver(authenticator_added, dispatch_uid="security.factor_added")
@receiver(authenticator_reset, dispatch_uid="security.factor_reset")
def _factor_set(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    spare = authenticator.type == Authenticator.Type.RECOVERY_CODES
    record(Kind.RECOVERY_CODES if spare else Kind.SECOND_FACTOR_SET, by=user)


@receiver(authenticator_removed, dispatch_uid="security.factor_removed")
def _factor_removed(user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:  # they go with the factor
        record(Kind.SECOND_FACTOR_REMOVED, by=user)


@receiver(authentication_failed, dispatch_uid="security.factor_failed")
def _factor_failed(user: User, **kwargs: Any) -> None:
    record(Kind.SECOND_FACTOR_FAILED, about=user)


class PasswordNoted:
    """A password validator that refuses nothing, logs every new password and tells the owner by mail.

    Django calls all validators for a new password, however it is set, the command line included.
    The first password of an account that nobody has used yet needs no mail.
    """

    def validate(self, password: str, user: User | None = None) -> None:
        return None

    def password_changed(self, password: str, user: User | None = None) -> None:
        if user is not None and user.pk is not None:
            record(Kind.PASSWORD_CHANGED, about=user)
            if user.last_login is not None:
                tell_owner(user.email, "account/email/password_changed")

    def get_help_text(self) -> str:
        return ""
