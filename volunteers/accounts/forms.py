"""Forms of allauth that the portal changes."""

from copy import deepcopy
from typing import Any

from allauth.account.forms import (
    BaseConfirmCodeForm,
    ConfirmEmailVerificationCodeForm,
    ConfirmLoginCodeForm,
    LoginForm,
)
from allauth.core import context
from django.core.exceptions import ValidationError

from ..guard import security_log
from ..models import SecurityEvent
from . import login


class _NotedCodeForm(BaseConfirmCodeForm):
    """A wrong code is a failed login, whether or not the address has an account."""

    def clean_code(self) -> str:
        try:
            code: str = super().clean_code()
        except ValidationError:
            about = login.account_of_code(context.request)
            security_log.record(SecurityEvent.Kind.LOGIN_FAILED, about=about)
            raise
        return code


class LoginCodeForm(_NotedCodeForm, ConfirmLoginCodeForm):
    pass


class AddressCodeForm(_NotedCodeForm, ConfirmEmailVerificationCodeForm):
    pass


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
