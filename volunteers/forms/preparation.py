"""Forms of the preparation: a step taken or waived, an inspected certificate, a commitment."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.models import ProgrammeStep

from ..models import StepRecord
from ..validators import validate_text

EARLIEST = datetime.date(1990, 1, 1)
"""No step and no certificate is older; an earlier day is a typing error."""


class PastDateField(forms.DateField):
    """Today or earlier, with the browser's date picker; also accepts „20.11.2026“."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_error_messages = {
        "required": _("Bitte geben Sie den Tag an."),
        "invalid": _("Bitte schreiben Sie den Tag so: 20.11.2026."),
        "future": _("Dieser Tag liegt in der Zukunft."),
        "too_early": _("Bitte prüfen Sie die Jahreszahl."),
    }

    def validate(self, value: datetime.date | None) -> None:
        super().validate(value)
        if value is None:
            return
        if value > timezone.localdate():
            raise forms.ValidationError(self.error_messages["future"], code="future")
        if value < EARLIEST:
            raise forms.ValidationError(self.error_messages["too_early"], code="too_early")


class StepForm(forms.Form):
    """What a coordinator enters about one step."""

    outcome = forms.ChoiceField(
        label=_("Was ist mit diesem Schritt?"),
        choices=[
            (StepRecord.Outcome.DONE, _("Er ist erledigt.")),
            (StepRecord.Outcome.WAIVED, _("Er entfällt für diese Person.")),
        ],
        initial=StepRecord.Outcome.DONE,
        widget=forms.RadioSelect,
    )
    on = PastDateField(label=_("Wann?"))
    how = forms.ChoiceField(
        label=_("Wie?"),
        choices=[
            (StepRecord.How.TALK, StepRecord.How.TALK.label),
            (StepRecord.How.EVENT, StepRecord.How.EVENT.label),
            (StepRecord.How.PAPER, StepRecord.How.PAPER.label),
        ],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Notiz"),
        help_text=_(
            "Sehen nur Sie und Ihre Organisation. Nötig, wenn der Schritt entfällt: warum?"
        ),
        max_length=300,
        required=False,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
    )

    USUAL = {
        ProgrammeStep.Kind.TRAINING: StepRecord.How.EVENT,
        ProgrammeStep.Kind.COMMITMENT: StepRecord.How.PAPER,
    }

    def __init__(self, *args: Any, step: ProgrammeStep, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate()
        usual = self.USUAL.get(ProgrammeStep.Kind(step.kind), StepRecord.How.TALK)
        self.fields["how"].initial = usual

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.is_waived and not data.get("note", "").strip() and "note" not in self.errors:
            self.add_error("note", _("Bitte schreiben Sie, warum der Schritt entfällt."))
        return data

    @property
    def is_waived(self) -> bool:
        return bool(self.cleaned_data.get("outcome") == StepRecord.Outcome.WAIVED)


class InspectionForm(forms.Form):
    """The inspection of a certificate of good conduct; there is no field for the paper itself."""

    seen_on = PastDateField(label=_("Eingesehen am"))
    issued_on = PastDateField(
        label=_("Ausgestellt am"), help_text=_("Das Datum steht auf dem Führungszeugnis.")
    )
    is_clear = forms.TypedChoiceField(
        label=_("Ist es frei von einschlägigen Eintragungen?"),
        help_text=_("Einschlägig sind nur die Straftaten, die § 72a Abs. 1 SGB VIII nennt."),
        choices=[("ja", _("Ja")), ("nein", _("Nein"))],
        coerce=lambda value: value == "ja",
        widget=forms.RadioSelect,
        error_messages={"required": _("Bitte wählen Sie Ja oder Nein.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen_on"].initial = timezone.localdate()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        seen, issued = data.get("seen_on"), data.get("issued_on")
        if seen and issued and issued > seen:
            self.add_error("issued_on", _("Ausgestellt wurde es nicht erst nach der Einsicht."))
        return data


class CommitmentForm(forms.Form):
    """The person's agreement to the text on the page; ``version`` says which text that was."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    agreed = forms.BooleanField(
        label=_("Ich habe den Text gelesen und halte mich daran."),
        error_messages={"required": _("Bitte setzen Sie das Häkchen, wenn Sie zustimmen.")},
    )
