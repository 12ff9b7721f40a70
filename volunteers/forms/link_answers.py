"""The answer to one sign-up, on the page behind a link."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..services.link_answers import ACCEPT, CALL, DECLINE
from ..validators import validate_text

ANSWERS = [(ACCEPT, _("angenommen")), (CALL, _("wir rufen an")), (DECLINE, _("leider nein"))]
USUAL = _("Zurzeit können wir leider niemanden mehr aufnehmen. Danke, dass Sie gefragt haben.")


class AnswerForm(forms.Form):
    """``cleaned_data`` are arguments of ``answer_by_link``."""

    answer = forms.ChoiceField(
        label=_("Ihre Antwort"),
        choices=ANSWERS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Bitte wählen Sie eine Antwort.")},
    )
    reason = forms.CharField(
        label=_("Bei „leider nein“: Das liest die Person"),
        max_length=1000,
        required=False,
        initial=USUAL,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("answer") == DECLINE and not data.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Bitte schreiben Sie der Person, warum es nicht geht."))
        return data
