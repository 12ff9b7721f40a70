"""The form for a proposal of the agreement."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _

from ..models.agreements import TEXTS, Agreement

if TYPE_CHECKING:
    Base = forms.ModelForm[Agreement]
else:
    Base = forms.ModelForm


class AgreementForm(Base):
    """All four answers are optional, but one of them has to be there."""

    class Meta:
        model = Agreement
        fields = TEXTS
        widgets = dict.fromkeys(TEXTS, forms.Textarea(attrs={"rows": 2, "dir": "auto"}))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not any(data.get(name) for name in TEXTS):
            self.add_error("often", _("Bitte schreiben Sie in mindestens ein Feld etwas."))
        return data
