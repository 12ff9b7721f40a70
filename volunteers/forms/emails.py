"""The address of somebody who has no account, which gets the link that confirms."""

from django import forms
from django.utils.translation import gettext_lazy as _

INVALID = _("Diese E-Mail-Adresse stimmt nicht. Ein Beispiel: name@example.org")


class ConfirmedEmailField(forms.EmailField):
    """Says that a mail with a link comes at once."""

    default_error_messages = {"invalid": INVALID}
    widget = forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"})

    def __init__(self) -> None:
        super().__init__(
            label=_("E-Mail"),
            max_length=254,
            help_text=_("Wir schicken Ihnen gleich eine Mail. Darin ist ein Link zum Bestätigen."),
        )
