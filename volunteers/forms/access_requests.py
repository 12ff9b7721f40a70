"""„Das sind wir“: the form of somebody who works for an organisation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.phone_fields import PhoneFormField

from ..guard.forms import GuardedForm
from ..models.users import normalise_email
from ..names import NameFormField
from ..validators import validate_single_line
from .emails import ConfirmedEmailField
from .worded import WordedForm

ASKED = ("name", "function", "email", "phone")


class AccessRequestForm(GuardedForm, WordedForm):
    """``answers()`` are columns of an ``AccessRequest``."""

    limit = "access_request"
    required_words = {
        "name": _("Bitte schreiben Sie Ihren Namen."),
        "function": _("Bitte schreiben Sie, was Sie in der Organisation tun."),
        "email": _("Bitte schreiben Sie Ihre E-Mail-Adresse. Dorthin schicken wir die Antwort."),
        "phone": _("Bitte schreiben Sie eine Telefonnummer. Vielleicht rufen wir Sie an."),
    }

    name = NameFormField(
        label=_("Ihr Name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    function = forms.CharField(
        label=_("Was tun Sie in der Organisation?"),
        max_length=120,
        validators=[validate_single_line],
        help_text=_("Zum Beispiel: Vorsitz, Koordination, Sprecherin."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    email = ConfirmedEmailField()
    phone = PhoneFormField(
        label=_("Telefon"),
        max_length=40,
        help_text=_("Nur für unsere Rückfrage. Die Nummer erscheint nirgends."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel", "dir": "ltr"}),
    )

    field_order: Any = ASKED

    def clean_email(self) -> str:
        return normalise_email(self.cleaned_data["email"])

    def answers(self) -> dict[str, Any]:
        """The validated values for the service; call it on a valid form only."""
        return {name: self.cleaned_data[name] for name in ASKED}
