"""„Etwas stimmt nicht“: the form of both sides of a tandem, and of everybody else."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.phone_fields import PhoneFormField

from ..guard.forms import GuardedForm
from ..models import Concern, Tandem
from ..models.companions import Side
from ..models.users import normalise_email
from ..names import NameFormField
from ..services.concerns import Report
from ..validators import validate_single_line, validate_text
from .emails import INVALID

WITH_NAME, WITHOUT_NAME = "yes", "no"
OTHERS = [
    ("", _("Das möchte ich nicht sagen")),
    *((who.value, who.label) for who in list(Concern.Who)[2:]),
]
"""Who may write besides the two of a tandem."""


class ConcernForm(GuardedForm):
    """What is wrong; who writes may stay unknown. What was typed is kept nowhere but in the concern."""

    limit = "concern"

    text = forms.CharField(
        label=_("Was ist los?"),
        max_length=4000,
        validators=[validate_text],
        help_text=_("In jeder Sprache. Schreiben Sie nur, was nötig ist."),
        error_messages={"required": _("Bitte schreiben Sie, was los ist. Ein Satz genügt.")},
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )
    about_coordination = forms.BooleanField(
        label=_("Es geht auch um die Koordination."),
        required=False,
        help_text=_("Dann liest es niemand, der diese Organisation koordiniert."),
    )
    email = forms.EmailField(
        label=_("E-Mail für den Link zum Stand"),
        max_length=254,
        required=False,
        help_text=_(
            "An diese Adresse schicken wir einen Link. Dort sehen Sie, ob es gelesen ist. Nehmen Sie "
            "eine Adresse, die nur Sie lesen."
        ),
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


class TandemConcernForm(ConcernForm):
    """Of one side of a tandem, opened by its link."""

    with_name = forms.ChoiceField(
        label=_("Darf die Vertrauensperson wissen, dass Sie das schreiben?"),
        choices=[
            (WITH_NAME, _("Ja, mit meinem Namen. Dann kann sie sich bei mir melden.")),
            (WITHOUT_NAME, _("Nein, ohne meinen Namen.")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Bitte wählen Sie Ja oder Nein.")},
    )

    field_order = ["text", "with_name", "about_coordination", "email"]

    def report_of(self, tandem: Tandem, side: Side) -> Report:
        """With the name only if the person said so; the address finds it again under „Meine Daten“."""
        data: dict[str, Any] = {
            "text": self.cleaned_data["text"],
            "about_coordination": self.cleaned_data["about_coordination"],
        }
        if self.cleaned_data["with_name"] == WITHOUT_NAME:
            return Report(**data)
        own = tandem.request if side == Side.NEWCOMER else tandem.application
        email = self.cleaned_data["email"] or own.email
        return Report(who=side.value, name=own.name, email=email, phone=own.phone, **data)


class PublicConcernForm(ConcernForm):
    """Of everybody else: a teacher, a shelter, a neighbour."""

    about = forms.CharField(
        label=_("Um wen oder was geht es?"),
        max_length=200,
        required=False,
        validators=[validate_single_line],
        help_text=_("Zum Beispiel ein Vorname, eine Gruppe oder ein Ort."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    who = forms.ChoiceField(
        label=_("Wer sind Sie?"), choices=OTHERS, required=False, widget=forms.RadioSelect
    )
    name = NameFormField(
        label=_("Ihr Name"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    phone = PhoneFormField(
        label=_("Telefon"),
        max_length=40,
        required=False,
        help_text=_("Wenn die Vertrauensperson Sie anrufen soll."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "dir": "ltr"}),
    )

    field_order = ["text", "about", "who", "name", "phone", "email", "about_coordination"]

    def report(self) -> Report:
        """The validated values for the service; call it on a valid form only.

        Without a name the address is used for the link alone and not kept: nobody could find it again.
        """
        names = [name for name in Report.__dataclass_fields__ if name in self.cleaned_data]
        said = {name: self.cleaned_data[name] for name in names}
        return Report(**said | ({} if said["name"] else {"email": ""}))
