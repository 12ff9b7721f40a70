"""The form for one message to many people."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.models import MessageTemplate

from ..validators import validate_text
from .messages import MOST, NOTHING_PRIVATE

PLACEHOLDERS = ("{name}", "{angebot}")


class GroupMessageForm(forms.Form):
    template = forms.ModelChoiceField(
        label=_("Vorlage"),
        queryset=MessageTemplate.objects.none(),
        required=False,
        empty_label=_("keine"),
    )
    text = forms.CharField(
        label=_("Nachricht"),
        max_length=MOST,
        validators=[validate_text],
        help_text=_("{name} und {angebot} werden für jede Person eingesetzt."),
        error_messages={"required": _("Bitte schreiben Sie etwas, bevor Sie abschicken.")},
        widget=forms.Textarea(attrs={"rows": 10, "cols": 60, "dir": "auto"}),
    )

    def __init__(self, *args: Any, templates: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].queryset = templates  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["text"].help_text += f" {NOTHING_PRIVATE}"

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        unknown = [one for one in re.findall(r"\{[^{}\n]{0,40}\}", text) if one not in PLACEHOLDERS]
        if unknown:
            message = _("„%(word)s“ kann nicht eingesetzt werden. Es gibt {name} und {angebot}.")
            raise forms.ValidationError(message, params={"word": unknown[0]})
        return text
