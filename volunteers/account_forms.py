"""Forms of allauth that this portal words or builds differently."""

from copy import deepcopy
from typing import Any

from allauth.account.forms import LoginForm


class PasswordLoginForm(LoginForm):
    """Logging in with a password, for the few who have one.

    Nobody chooses a password at sign-up, and from that allauth concludes that nobody has one and
    drops the field; without it the page would mail a code like the other one.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = deepcopy(self.base_fields["password"])
        self.fields["password"].help_text = ""  # whoever forgot it takes the code, linked below
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
