"""Forms of allauth that the portal changes."""

from copy import deepcopy
from typing import Any

from allauth.account.forms import (
    BaseConfirmCodeForm,
    ConfirmEmailVerificationCodeForm,
    ConfirmLoginCodeForm,
    LoginForm,
    RequestLoginCodeForm,
    SignupForm,
)
from allauth.core import context
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ..guard import counting, security_log, sent
from ..models import SecurityEvent, User
from . import login

ADDRESS = {
    "required": _("Bitte geben Sie Ihre E-Mail-Adresse an; dorthin schicken wir die Mail."),
    "invalid": _("Diese E-Mail-Adresse ist nicht vollständig. Ein Beispiel: name@example.org"),
}


class _AgainForm(forms.Form):
    """Shown again to correct the address, it has the one that the last mail went to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].error_messages |= ADDRESS
        self.fields["email"].widget.attrs.pop("placeholder", None)  # the label says it
        if not self.is_bound and sent.AGAIN in context.request.GET:
            self.initial["email"] = login.code_went_to(context.request)


class CodeRequestForm(_AgainForm, RequestLoginCodeForm):
    pass


class AccountForm(_AgainForm, SignupForm):
    pass


class _NotedCodeForm(BaseConfirmCodeForm):
    """A wrong code is a failed login, whether or not the address has an account."""

    def clean_code(self) -> str:
        try:
            code: str = super().clean_code()
        except ValidationError:
            about = login.account_of_code(context.request)
            security_log.record(SecurityEvent.Kind.LOGIN_FAILED, about=about)
            setattr(context.request, login.CODE_WAS_WRONG, True)
            raise
        return code


class LoginCodeForm(_NotedCodeForm, ConfirmLoginCodeForm):
    pass


class AddressCodeForm(_NotedCodeForm, ConfirmEmailVerificationCodeForm):
    pass


def use_up(user: User, code: str) -> None:
    """Accept a right code of an authenticator app once, in all processes. Raises ``ValidationError``.

    allauth keeps used codes in Django's cache, which each process has for itself, and only for 30
    seconds. With the tolerance a code is right for three times as long. Everything but digits is
    left out, because „123 456“ is the same code.
    """
    seconds = mfa_settings.TOTP_PERIOD * (2 * mfa_settings.TOTP_TOLERANCE + 1)
    digits = "".join(filter(str.isdigit, code))
    if not counting.is_first("totp", f"{user.pk}|{digits}", seconds):
        security_log.record(SecurityEvent.Kind.SECOND_FACTOR_FAILED, about=user)
        raise get_adapter().validation_error("incorrect_code")


class _CodeOnceForm(BaseAuthenticateForm):
    def clean_code(self) -> str:
        code: str = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP:
            use_up(self.user, code)
        return code


class SecondFactorForm(_CodeOnceForm, AuthenticateForm):
    pass


class SecondFactorAgainForm(_CodeOnceForm, ReauthenticateForm):
    pass


class SetUpForm(ActivateTOTPForm):
    def clean_code(self) -> str:
        code: str = super().clean_code()
        use_up(self.user, code)
        login.note_set_up(context.request)
        return code


class PasswordLoginForm(LoginForm):
    """Login with a password, for the few who have one.

    Nobody chooses a password at sign-up, so allauth assumes that nobody has one and drops the
    field. Without it the page would mail a code like the other one.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = deepcopy(self.base_fields["password"])
        self.fields["password"].help_text = ""  # those who forgot it use the code, linked below
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
