"""The sign-up form."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..guard.forms import GuardedForm
from ..models.profile import AT_SIGN_UP
from ..models.users import normalise_email
from .questions import QuestionForm


class SignUpForm(GuardedForm, QuestionForm):
    limit = "sign_up"

    consent = forms.BooleanField(
        label=_("Ich bin einverstanden, dass meine Angaben für diese Anmeldung genutzt werden."),
        error_messages={
            "required": _("Ohne Ihre Einwilligung dürfen wir die Anmeldung nicht bearbeiten.")
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, asked=AT_SIGN_UP, **kwargs)

    def clean_email(self) -> str:
        return normalise_email(self.cleaned_data["email"])
