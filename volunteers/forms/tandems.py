"""Forms for both sides of a tandem, and for those who look after it."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Tandem
from ..models.companions import Side
from ..validators import validate_text

AGAIN = {"yes": True, "no": False}
"""The meaning of the answers to „wieder bereit?“; any other value is „weiß ich noch nicht“."""


class NoteForm(forms.Form):
    """An optional sentence for those who look after the tandem."""

    note = forms.CharField(
        label=_("Möchten Sie etwas dazu sagen?"),
        max_length=1000,
        required=False,
        validators=[validate_text],
        help_text=_("Das liest nur die Stelle, die Ihr Tandem betreut."),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )


SAID_REASONS = [
    (one.value, one.label) for one in Tandem.EndReason if one != Tandem.EndReason.CHANGE
]
"""Without the reason that only a change in the first weeks has (``services.ending.change``)."""
READY_AGAIN = [("yes", _("Ja, gern")), ("no", _("Nein, ich möchte aufhören"))]


class ClosingForm(forms.Form):
    """The closing question, and for volunteers whether they are ready for another tandem."""

    again = forms.ChoiceField(
        label=_("Sind Sie bereit für ein neues Tandem?"),
        choices=READY_AGAIN,
        widget=forms.RadioSelect,
        error_messages={"required": _("Bitte wählen Sie Ja oder Nein.")},
    )
    closing = forms.CharField(
        label=_("Was hat es Ihnen gebracht?"),
        max_length=1000,
        required=False,
        validators=[validate_text],
        help_text=_("Ihre Erfahrung hilft uns. Bitte nennen Sie keine Namen."),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )


class EndForm(ClosingForm):
    """The reason for the end; „wieder bereit?“ is optional here."""

    reason = forms.ChoiceField(
        label=_("Warum endet das Tandem?"),
        choices=SAID_REASONS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Bitte wählen Sie einen Grund.")},
    )

    field_order = ["reason", "closing", "again"]

    def __init__(self, *args: Any, side: Side | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if side == Side.VOLUNTEER:
            unknown = ("", _("Das weiß ich noch nicht"))
            again = cast("forms.ChoiceField", self.fields["again"])
            again.choices = [*READY_AGAIN, unknown]
            again.required = False
            again.initial = ""
        else:
            del self.fields["again"]
        if side is None:
            del self.fields["closing"]

    def ending(self) -> dict[str, Any]:
        """The arguments for the services that end the tandem."""
        data = self.cleaned_data
        return {
            "reason": data["reason"],
            "closing": data.get("closing", ""),
            "again": AGAIN.get(data.get("again", "")),
        }
