"""The form that invites somebody to work for an organisation."""

import datetime
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.models import Membership
from programs.models.translated import GERMAN

from ..names import NameFormField
from ..services.invitations import Offer


class InvitationForm(forms.Form):
    """``roles`` are those that the user may give in this organisation."""

    name = NameFormField(label=_("Name"), max_length=120, strip=True)
    email = forms.EmailField(
        label=_("E-Mail"),
        max_length=254,
        help_text=_("An diese Adresse geht der Link. Mit ihr meldet sich die Person später an."),
    )
    role = forms.ChoiceField(label=_("Rolle"), widget=forms.RadioSelect)
    language = forms.ChoiceField(
        label=_("Sprache"),
        required=False,
        help_text=_("Nur für die Rolle „Übersetzung“: in diese Sprache wird übersetzt."),
    )
    until = forms.DateField(
        label=_("Letzter Tag"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("Eine Vertretung braucht einen. Sonst heißt leer: unbefristet."),
        error_messages={"invalid": _("Bitte schreiben Sie den Tag so: 20.11.2026.")},
    )

    def __init__(self, *args: Any, roles: tuple[Membership.Role, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ChoiceField", self.fields["role"])
        field.choices = [(role.value, role.label) for role in roles]
        field.initial = roles[0].value
        if Membership.Role.TRANSLATOR not in roles:
            del self.fields["language"]
            return
        others = [one for one in settings.LANGUAGES if one[0] != GERMAN]
        cast("forms.ChoiceField", self.fields["language"]).choices = [("", "–"), *others]

    def clean_until(self) -> datetime.date | None:
        until: datetime.date | None = self.cleaned_data["until"]
        if until and until < timezone.localdate():
            raise forms.ValidationError(_("Dieser Tag ist schon vorbei."))
        if until and until > timezone.localdate() + datetime.timedelta(days=3660):
            raise forms.ValidationError(_("Bitte prüfen Sie die Jahreszahl."))
        return until

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        is_deputy = data.get("role") == Membership.Role.DEPUTY
        if is_deputy and not data.get("until") and "until" not in self.errors:
            self.add_error("until", _("Eine Vertretung braucht einen letzten Tag."))
        if data.get("role") != Membership.Role.TRANSLATOR:
            data["language"] = ""
        elif not data.get("language") and "language" not in self.errors:
            self.add_error("language", _("Bitte wählen Sie die Sprache, in die übersetzt wird."))
        return data

    def offer(self) -> Offer:
        data = self.cleaned_data
        return Offer(data["name"], data["email"], data["role"], data["until"], data["language"])
