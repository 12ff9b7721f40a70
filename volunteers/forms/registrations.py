"""Forms for registering for an event."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..guard.forms import GuardedForm
from ..models import profile
from ..models.users import normalise_email
from ..names import NameFormField
from ..services.registrations import Guest
from ..validators import validate_text
from .reading import ReadsForm

AT_SIGN_UP = {question.name: question for question in profile.AT_SIGN_UP}
"""Name and address have the texts of the sign-up form."""
INVALID_EMAIL = AT_SIGN_UP["email"].errors["invalid"]


class NoteForm(forms.Form):
    """What the hosts should prepare for the guest."""

    note = forms.CharField(
        label=_("Was sollen wir vorbereiten?"),
        max_length=300,
        required=False,
        validators=[validate_text],
        help_text=_(
            "Zum Beispiel Kinderbetreuung, einen Platz für den Rollstuhl oder Dolmetschen. Bitte "
            "schreiben Sie nur, was wir dafür wissen müssen."
        ),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )


class GuestForm(forms.Form):
    """Name and address of a guest, as staff enters them; not everybody has an address."""

    name = NameFormField(
        label=_("Name"),
        max_length=120,
        error_messages={"required": _("Bitte geben Sie den Namen an.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    email = forms.EmailField(
        label=_("E-Mail"),
        max_length=254,
        required=False,
        help_text=_("Leer, wenn die Person keine hat; sie bekommt dann keine Mails."),
        error_messages={"invalid": INVALID_EMAIL},
        widget=forms.EmailInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )

    def clean_email(self) -> str:
        return normalise_email(self.cleaned_data["email"])

    def guest(self) -> Guest:
        """The validated values for the services; call it on a valid form only."""
        data = self.cleaned_data
        names = ("name", "email", "note", "preferred_language")
        return Guest(**{name: data[name] for name in names if name in data})


class DoorForm(GuestForm):
    """At the entrance: name and address, as on the list."""

    UNKNOWN = _(
        "Unter diesem Namen mit dieser E-Mail ist für heute kein Platz eingetragen. Bitte prüfen Sie "
        "beides, oder sagen Sie am Eingang Bescheid."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name, email = self.fields["name"], self.fields["email"]
        name.widget.attrs["autocomplete"] = "name"
        email.widget.attrs["autocomplete"] = "email"
        email.required, email.help_text = True, _("Die Adresse, mit der Sie angemeldet sind.")
        email.error_messages["required"] = AT_SIGN_UP["email"].errors["required"]


class RegistrationForm(GuardedForm, ReadsForm, GuestForm, NoteForm):
    """The public form."""

    limit = "registration"

    consent = forms.BooleanField(
        label=_("Ich bin einverstanden, dass meine Angaben für diesen Termin genutzt werden."),
        error_messages={"required": _("Ohne Ihre Einwilligung dürfen wir Sie nicht anmelden.")},
    )

    field_order = ["name", "email", "preferred_language", "note", "consent"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name, email = self.fields["name"], self.fields["email"]
        name.label = AT_SIGN_UP["name"].label
        name.widget.attrs["autocomplete"] = "name"
        email.widget.attrs["autocomplete"] = "email"
        email.required, email.help_text = True, ""
        for key, field in (("name", name), ("email", email)):
            field.error_messages["required"] = AT_SIGN_UP[key].errors["required"]
