"""«Meine Daten»: asking for the link, and correcting."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..guard.forms import GuardedForm
from ..models import Volunteer
from ..models.users import normalise_email
from ..privacy.correcting import Corrected
from ..validators import validate_text
from .applications import TandemProfileForm
from .registrations import INVALID_EMAIL
from .worded import WordedForm

PROFILE = ("phone", "languages", "weekdays", "dayparts")
TANDEM = ("gender", "tandem_limit")


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
    """The address that everything shall have from now on; typed twice, since a slip would give a
    stranger the button that takes the data over.
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


class CorrectForm(TandemProfileForm):
    """Everything of the profile; only the name where there is no profile."""

    about = forms.CharField(
        label=_("Über mich"),
        max_length=2000,
        required=False,
        validators=[validate_text],
        help_text=_("Nur Sie und die Portalverwaltung sehen das."),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )

    def __init__(
        self, *args: Any, volunteer: Volunteer | None, in_tandems: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        besides = {"age", "message"}
        if volunteer is None:
            besides = set(self.fields) - {"name"}
        elif not in_tandems:
            besides |= set(TANDEM)
        for name in besides:
            del self.fields[name]

    def corrected(self) -> Corrected:
        """The checked values, for the services; call it on a valid form only."""
        data = self.cleaned_data
        if "phone" not in self.fields:
            return Corrected(name=data["name"])
        return Corrected(
            name=data["name"],
            profile={name: data[name] for name in (*PROFILE, *TANDEM) if name in self.fields},
            about=data["about"],
            districts=list(data["districts"]),
            fields=list(data["fields_of_engagement"]),
        )


def initial_of(volunteer: Volunteer | None, name: str) -> dict[str, Any]:
    """What the form shows at first."""
    if volunteer is None:
        return {"name": name}
    names = ("name", "about", *PROFILE, *TANDEM)
    return {
        **{one: getattr(volunteer, one) for one in names},
        "districts": volunteer.districts.all(),
        "fields_of_engagement": volunteer.fields.all(),
    }
