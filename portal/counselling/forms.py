"""„Beratung“: one form, with what each audience is asked besides."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from programs.models import Entry, Organisation
from volunteers.forms.emails import INVALID
from volunteers.forms.phones import PhoneField
from volunteers.forms.reading import ReadsForm
from volunteers.guard.forms import GuardedForm
from volunteers.models.users import normalise_email
from volunteers.names import NameFormField
from volunteers.validators import validate_single_line, validate_text

from .models import FOR_OTHERS, Audience, CounsellingRequest

ONE_OF = ("email", "phone")
OWN = ("text", "way", "name", "email", "phone", "preferred_language")
ASKED_BESIDES = {
    Audience.VOLUNTEERS: ("entry",),
    Audience.INTERESTED: (),
    Audience.ORGANISATIONS: ("on_behalf_of", "entry"),
    Audience.COMPANIES: ("on_behalf_of",),
}
"""What only some are asked; the name of the organisation is needed, the entry never."""
WORDS = {
    Audience.VOLUNTEERS: _(
        "Zum Beispiel: Grenzen, Konflikte, Versicherung, Auslagen, Fortbildung."
    ),
    Audience.INTERESTED: _(
        "Zum Beispiel: was zu Ihnen passt, wie viel Zeit es braucht, wie Sie anfangen."
    ),
    Audience.ORGANISATIONS: _(
        "Zum Beispiel: Ehrenamtliche finden und begleiten, Schulungen, Förderung, Versicherung."
    ),
    Audience.COMPANIES: _(
        "Zum Beispiel: ein Tag mit Ihrem Team, Patenschaften in der Ausbildung, regelmäßiges Engagement."
    ),
}


class CounsellingForm(GuardedForm, ReadsForm):
    """``answers()`` are columns of a ``CounsellingRequest``."""

    limit = "counselling"
    one_of = ONE_OF
    """Of these one is needed, so neither is marked as „freiwillig“."""

    on_behalf_of = forms.CharField(
        max_length=160,
        validators=[validate_single_line],
        widget=forms.TextInput(attrs={"autocomplete": "organization", "dir": "auto"}),
    )
    entry = forms.ModelChoiceField(
        Entry.objects.none(), required=False, empty_label=_("Bitte wählen, wenn es passt")
    )
    text = forms.CharField(
        label=_("Worum geht es?"),
        max_length=2000,
        validators=[validate_text],
        error_messages={"required": _("Bitte schreiben Sie, worum es geht. Ein Satz genügt.")},
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    )
    way = forms.ChoiceField(
        label=_("Wie möchten Sie beraten werden?"),
        choices=CounsellingRequest.Way.choices,
        initial=CounsellingRequest.Way.MAIL.value,
        widget=forms.RadioSelect,
    )
    name = NameFormField(
        label=_("Ihr Name"),
        max_length=120,
        error_messages={"required": _("Bitte sagen Sie uns, wie wir Sie ansprechen.")},
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )
    email = forms.EmailField(
        label=_("E-Mail"),
        max_length=254,
        required=False,
        help_text=_("Wir schicken Ihnen gleich eine Mail. Darin ist ein Link zum Bestätigen."),
        error_messages={"invalid": INVALID},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )
    phone = PhoneField(
        label=_("Telefon"),
        max_length=40,
        required=False,
        help_text=_("Ohne E-Mail-Adresse rufen wir Sie an."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "dir": "ltr"}),
    )

    def __init__(self, *args: Any, audience: Audience, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.audience = audience
        self.fields["text"].help_text = WORDS[audience]
        for name in {"on_behalf_of", "entry"} - {*ASKED_BESIDES[audience]}:
            del self.fields[name]
        if "entry" in self.fields:
            entry = cast("forms.ModelChoiceField[Entry]", self.fields["entry"])
            entry.queryset, entry.label = _entries(audience)
        if "on_behalf_of" in self.fields:
            self._name_whom(audience)

    def _name_whom(self, audience: Audience) -> None:
        field = self.fields["on_behalf_of"]
        field.label, missing = {
            Audience.ORGANISATIONS: (
                _("Name Ihrer Organisation"),
                _("Bitte schreiben Sie den Namen Ihrer Organisation."),
            ),
            Audience.COMPANIES: (
                _("Name Ihres Unternehmens"),
                _("Bitte schreiben Sie den Namen Ihres Unternehmens."),
            ),
        }[audience]
        field.error_messages["required"] = missing

    def clean_text(self) -> str:
        """Browsers send line breaks in two characters."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")

    def clean_email(self) -> str:
        return normalise_email(self.cleaned_data["email"])

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if not {*ONE_OF} & set(self.errors):
            if not data["email"] and not data["phone"]:
                for name in ONE_OF:
                    self.add_error(name, _("Bitte geben Sie E-Mail oder Telefon an, eines genügt."))
            elif data.get("way") == CounsellingRequest.Way.MAIL and not data["email"]:
                text = _("Für Nachrichten hier im Portal brauchen wir Ihre E-Mail-Adresse.")
                self.add_error("email", text)
            elif data.get("way") == CounsellingRequest.Way.PHONE and not data["phone"]:
                self.add_error("phone", _("Unter welcher Nummer rufen wir Sie an?"))
        return super().clean()

    def answers(self) -> dict[str, Any]:
        """The validated values for the service; call it on a valid form only."""
        own = (*OWN, *ASKED_BESIDES[self.audience])
        return {name: self.cleaned_data[name] for name in own}


def _entries(audience: Audience) -> "tuple[QuerySet[Entry], Any]":
    """What can be chosen, and the question."""
    entries = Entry.objects.published().exclude(status=Entry.Status.ENDED)
    if audience in FOR_OTHERS:
        own = entries.organisations().exclude(organisation_entry__type=Organisation.Type.OFFICE)
        return own.order_by("title"), _("Steht Ihre Organisation schon im Portal?")
    found = entries.exclude(kind=Entry.Kind.OPPORTUNITY)
    return found.order_by("title"), _("Wo engagieren Sie sich?")
