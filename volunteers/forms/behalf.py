"""The questions to somebody who asks for others: who they are, and who may say yes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models.families import ChildAge, For
from ..models.users import normalise_email
from ..names import NameFormField
from ..validators import validate_single_line
from .emails import INVALID
from .phones import PhoneField
from .reading import language_of_page


class BehalfForm(forms.Form):
    """For whom, and for others: whose yes counts. ``name`` and ``email`` are those of whoever fills it in."""

    asked_for = forms.ChoiceField(
        label=_("Für wen suchen Sie eine Begleitung?"),
        choices=For.choices,
        initial=For.SELF,
        required=False,
        widget=forms.RadioSelect,
        help_text=_(
            "„Für jemanden, den ich betreue“: zum Beispiel aus Schule, Sozialarbeit oder Unterkunft. Wir "
            "fragen dann zuerst die Familie oder den Menschen selbst."
        ),
    )
    guardian_name = NameFormField(
        label=_("Wie heißt die Mutter, der Vater oder wer sonst die Sorge hat?"),
        max_length=60,
        required=False,
        help_text=_("Nur, wenn Sie für ein Kind oder für Jugendliche unter 18 fragen."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    guardian_email = forms.EmailField(
        label=_("Deren E-Mail, oder die des erwachsenen Menschen selbst"),
        max_length=254,
        required=False,
        help_text=_("Dorthin schicken wir den Link, mit dem man Ja oder Nein sagt."),
        error_messages={"invalid": INVALID},
        widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    guardian_phone = PhoneField(
        label=_("Deren Telefon"),
        max_length=40,
        required=False,
        help_text=_("Eines von beiden genügt: E-Mail oder Telefon."),
        widget=forms.TextInput(attrs={"type": "tel", "dir": "ltr", "autocomplete": "off"}),
    )
    place = forms.CharField(
        label=_("Schule, Unterkunft oder Stelle"),
        max_length=120,
        required=False,
        validators=[validate_single_line],
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    tell_asker = forms.BooleanField(
        label=_("Ich möchte erfahren, ob gesucht wird und ob die Begleitung begonnen hat."),
        required=False,
    )

    def clean_asked_for(self) -> str:
        return self.cleaned_data["asked_for"] or For.SELF.value

    def clean_guardian_email(self) -> str:
        return normalise_email(self.cleaned_data["guardian_email"])

    def require_guardian(self) -> None:
        """The name is required for a child; a mailbox of their own, or a number, for everybody."""
        data = self.cleaned_data
        if "guardian_email" not in self.fields:
            return
        nobody = not data.get("guardian_name") and "guardian_name" not in self.errors
        if nobody and data.get("age_group") in ChildAge.values:
            text = _("Bitte schreiben Sie, wer die Sorge für das Kind hat und Ja sagen darf.")
            self.add_error("guardian_name", text)
        reached = data.get("guardian_email") or data.get("guardian_phone")
        if not reached and not self.errors.keys() & {"guardian_email", "guardian_phone"}:
            text = _("Bitte schreiben Sie eine E-Mail-Adresse oder Telefonnummer der Familie auf.")
            self.add_error("guardian_email", text)
        elif data.get("guardian_email") and data["guardian_email"] == data.get("email"):
            text = _(
                "Das ist Ihre eigene Adresse. Ja sagen kann nur die Familie oder der Mensch selbst."
            )
            self.add_error("guardian_email", text)


def of_others(data: dict[str, Any], answers: dict[str, Any]) -> dict[str, Any]:
    """``answers`` with name, address and number of the one who may say yes, instead of who filled it in."""
    for_child = bool(answers.get("child_age"))
    name = data["guardian_name"] if for_child else data["child_name"]
    return answers | {
        "name": name,
        "child_name": data["child_name"] if for_child else "",
        "email": data["guardian_email"],
        "phone": data["guardian_phone"],
        "tell_asker": data["tell_asker"],
    }


def asker_in(data: dict[str, Any]) -> dict[str, Any]:
    """Who filled in the form for others, and reads the language of the page."""
    found = {name: data[name] for name in ("name", "email", "place")}
    return found | {"preferred_language": language_of_page()}
