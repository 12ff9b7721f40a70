"""The form „Frage stellen“."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..guard.forms import GuardedForm
from ..models.users import normalise_email
from ..names import NameFormField
from ..services.enquiries import Question
from ..validators import validate_text
from .phones import PhoneField


class EnquiryForm(GuardedForm):
    """A question, and one way to be answered."""

    limit = "enquiry"
    one_of = ("email", "phone")
    """Of these one is needed, so neither is marked as „freiwillig“."""

    text = forms.CharField(
        label=_("Ihre Frage"),
        max_length=2000,
        validators=[validate_text],
        help_text=_("In jeder Sprache. Bitte nichts über Gesundheit, Religion oder Aufenthalt."),
        error_messages={
            "required": _("Bitte schreiben Sie, was Sie wissen möchten."),
        },
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    )
    name = NameFormField(
        label=_("Ihr Name"),
        max_length=120,
        error_messages={
            "required": _("Bitte sagen Sie uns, wie wir Sie ansprechen."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    email = forms.EmailField(
        label=_("E-Mail"),
        max_length=254,
        required=False,
        error_messages={
            "invalid": _("Das ist keine E-Mail-Adresse. Sie sieht so aus: name@beispiel.de"),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )
    phone = PhoneField(
        label=_("Telefon"),
        max_length=40,
        required=False,
        help_text=_("Wenn wir Sie lieber anrufen sollen."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "dir": "ltr"}),
    )

    def clean_text(self) -> str:
        """Browsers send line breaks in two characters."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")

    def clean_email(self) -> str:
        return normalise_email(self.cleaned_data["email"])

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not {"email", "phone"} & set(self.errors) and not data["email"] and not data["phone"]:
            for name in self.one_of:
                self.add_error(name, _("Bitte geben Sie E-Mail oder Telefon an, eines genügt."))
        return super().clean()

    def question(self) -> Question:
        """The validated values for the service; call it on a valid form only."""
        return Question(**{name: self.cleaned_data[name] for name in Question.__dataclass_fields__})
