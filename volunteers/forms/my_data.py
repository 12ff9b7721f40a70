"""„Meine Daten“: asking for the link, and giving a new address."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..guard.forms import GuardedForm
from ..models.users import normalise_email
from .registrations import INVALID_EMAIL
from .worded import WordedForm


class LinkForm(GuardedForm, WordedForm):
    """The address that the link goes to."""

    limit = "own_link"

    email = forms.EmailField(
        label=_("E-Mail"),
        max_length=254,
        help_text=_("Die Adresse, mit der Sie sich im Portal angemeldet haben."),
        error_messages={
            "required": _("Bitte geben Sie Ihre E-Mail-Adresse an; dorthin schicken wir den Link."),
            "invalid": INVALID_EMAIL,
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )

    field_order = ["email"]

    def clean_email(self) -> str:
        return normalise_email(self.cleaned_data["email"])


class NewAddressForm(WordedForm):
    """The new address for all records; typed twice, because with a typo a stranger would get the
    link that takes the data over.
    """

    email = forms.EmailField(
        label=_("Neue E-Mail-Adresse"),
        max_length=254,
        error_messages={
            "required": _("Bitte geben Sie die neue E-Mail-Adresse an."),
            "invalid": INVALID_EMAIL,
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )
    again = forms.CharField(
        label=_("Neue E-Mail-Adresse noch einmal"),
        max_length=254,
        help_text=_("Ein Tippfehler würde den Link an jemand anderen schicken."),
        error_messages={"required": _("Bitte geben Sie die neue E-Mail-Adresse noch einmal an.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )

    def __init__(self, *args: Any, emails: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.emails = emails

    def clean_email(self) -> str:
        email = normalise_email(self.cleaned_data["email"])
        if email in self.emails:
            raise forms.ValidationError(_("Das ist schon Ihre Adresse im Portal."))
        return email

    def clean_again(self) -> str:
        again = normalise_email(self.cleaned_data["again"])
        if again != self.cleaned_data.get("email", again):
            raise forms.ValidationError(_("Die beiden Adressen sind verschieden."))
        return again
