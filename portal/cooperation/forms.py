"""„Etwas geben“: the form of companies and foundations."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from volunteers.forms.emails import INVALID
from volunteers.forms.phones import PhoneField
from volunteers.forms.worded import WordedForm
from volunteers.guard.forms import GuardedForm
from volunteers.models.users import normalise_email
from volunteers.names import NameFormField
from volunteers.validators import validate_single_line, validate_text

from .models import CooperationOffer, Kind

ONE_OF = ("email", "phone")


class OfferForm(GuardedForm, WordedForm):
    """``answers()`` are columns of a ``CooperationOffer``."""

    limit = "cooperation"
    one_of = ONE_OF
    """Of these one is needed, so neither is marked as „freiwillig“."""
    required_words = {
        "company": _("Bitte schreiben Sie, für wen Sie etwas anbieten."),
        "kinds": _("Bitte kreuzen Sie an, was Sie geben möchten."),
        "text": _("Bitte schreiben Sie, was Sie anbieten. Ein Satz genügt."),
        "name": _("Bitte sagen Sie uns, wie wir Sie ansprechen."),
    }

    by = forms.ChoiceField(
        label=_("Wer sind Sie?"),
        choices=CooperationOffer.By.choices,
        initial=CooperationOffer.By.COMPANY.value,
        widget=forms.RadioSelect,
    )
    company = forms.CharField(
        label=_("Name des Unternehmens oder der Stiftung"),
        max_length=160,
        validators=[validate_single_line],
        widget=forms.TextInput(attrs={"autocomplete": "organization", "dir": "auto"}),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Was möchten Sie geben?"),
        choices=Kind.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    text = forms.CharField(
        label=_("Was genau?"),
        max_length=2000,
        validators=[validate_text],
        help_text=_("Zum Beispiel: zwölf Menschen für einen Tag im Mai, oder zehn Laptops."),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    name = NameFormField(
        label=_("Ihr Name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    email = forms.EmailField(
        label=_("E-Mail"),
        max_length=254,
        required=False,
        error_messages={"invalid": INVALID},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )
    phone = PhoneField(
        label=_("Telefon"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "dir": "ltr"}),
    )

    def clean_text(self) -> str:
        """Browsers send line breaks in two characters."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")

    def clean_email(self) -> str:
        return normalise_email(self.cleaned_data["email"])

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not {*ONE_OF} & set(self.errors) and not data["email"] and not data["phone"]:
            for name in ONE_OF:
                self.add_error(name, _("Bitte geben Sie E-Mail oder Telefon an, eines genügt."))
        return super().clean()

    def answers(self) -> dict[str, Any]:
        """The validated values for the service; call it on a valid form only."""
        names = ("by", "company", "kinds", "text", "name", "email", "phone")
        return {name: self.cleaned_data[name] for name in names}
