"""The form for a break, and for how many more tandems there shall be."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

LONGEST = datetime.timedelta(days=2 * 366)
MORE = [
    ("", _("So viele wie bisher")),
    ("1", _("Nur noch eines")),
    ("0", _("Zurzeit keines")),
]


class BreakForm(forms.Form):
    until = forms.DateField(
        label=_("Pause bis einschließlich"),
        required=False,
        help_text=_("So lange schlagen wir Ihnen niemanden vor. Leer heißt: keine Pause."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Bitte geben Sie ein Datum ein, zum Beispiel 31.01.2027.")},
    )
    more = forms.ChoiceField(
        label=_("Wie viele neue Tandems dürfen es noch sein?"),
        choices=MORE,
        required=False,
        widget=forms.RadioSelect,
    )

    def clean_until(self) -> datetime.date | None:
        until: datetime.date | None = self.cleaned_data["until"]
        today = timezone.localdate()
        if until and not today <= until <= today + LONGEST:
            raise forms.ValidationError(
                __("Bitte wählen Sie einen Tag von heute an, höchstens in zwei Jahren.")
            )
        return until

    def said(self) -> dict[str, Any]:
        """The arguments for the service."""
        more = self.cleaned_data["more"]
        return {
            "until": self.cleaned_data["until"],
            "more_tandems": int(more) if more else None,
        }
