"""The forms „Frage stellen“ and „Barriere melden“."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..guard.forms import GuardedForm
from ..models.users import normalise_email
from ..names import NameFormField
from ..services.enquiries import Question
from ..validators import validate_single_line, validate_text
from .emails import INVALID
from .phones import PhoneField

KEY = re.compile(r"(?<=/)[^\s/]*[A-Z:%][^\s/]*|(?<=\S)[?#]\S*")
"""A part of an address that may open somebody's own page: the portal's own words are in small letters."""


def without_keys(page: str) -> str:
    """The address of a page as others may read it."""
    return KEY.sub("", page)


class AskingForm(GuardedForm):
    """What somebody writes, and who they are."""

    limit = "enquiry"

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
            "invalid": INVALID,
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )

    def clean_text(self) -> str:
        """Browsers send line breaks in two characters."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")

    def clean_email(self) -> str:
        return normalise_email(self.cleaned_data["email"])


class EnquiryForm(AskingForm):
    """A question, and one way to be answered."""

    one_of = ("email", "phone")
    """Of these one is needed, so neither is marked as „freiwillig“."""

    phone = PhoneField(
        label=_("Telefon"),
        max_length=40,
        required=False,
        help_text=_("Wenn wir Sie lieber anrufen sollen."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "dir": "ltr"}),
    )

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not {"email", "phone"} & set(self.errors) and not data["email"] and not data["phone"]:
            for name in self.one_of:
                self.add_error(name, _("Bitte geben Sie E-Mail oder Telefon an, eines genügt."))
        return super().clean()

    def question(self) -> Question:
        """The validated values for the service; call it on a valid form only."""
        names = ("text", "name", "email", "phone")
        return Question(**{name: self.cleaned_data[name] for name in names})


class BarrierForm(AskingForm):
    """What somebody cannot read, use or understand, and where. Who wants no answer says nothing of themselves."""

    page = forms.CharField(
        label=_("Auf welcher Seite?"),
        max_length=300,
        validators=[validate_single_line],
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    field_order = ["page", "text", "name", "email"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        text, name, email = (self.fields[one] for one in ("text", "name", "email"))
        text.label = _("Was geht nicht?")
        text.error_messages["required"] = _("Bitte schreiben Sie, was los ist. Ein Satz genügt.")
        name.required = False
        email.help_text = _("Nur wenn Sie eine Antwort möchten.")

    def clean_page(self) -> str:
        return without_keys(self.cleaned_data["page"])

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("email") and not data.get("name") and "name" not in self.errors:
            self.add_error("name", self.fields["name"].error_messages["required"])
        return super().clean()

    def question(self) -> Question:
        """Without an address the name is not kept: nobody could find it again."""
        data = self.cleaned_data
        name = data["name"] if data["email"] else ""
        return Question(
            text=data["text"], name=name, email=data["email"], phone="", page=data["page"]
        )
