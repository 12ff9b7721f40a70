"""One expense with the photograph of its receipt."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.images import MAX_BYTES, TOO_LARGE, ImageProblem, receipt_of

from ..errors import DomainError
from ..models import Expense
from ..models.expenses import CENT
from ..services.expenses import ExpenseRefused, Paid
from .amounts import AmountField


class ExpenseForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Wofür?"),
        choices=Expense.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Bitte wählen Sie aus, wofür das Geld war.")},
    )
    amount = AmountField(
        label=_("Betrag in Euro"),
        help_text=_("Zum Beispiel 3,10."),
        min_value=CENT,
        max_digits=7,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 8, "autocomplete": "off"}),
        error_messages={
            "required": _("Bitte geben Sie den Betrag an."),
            "invalid": _("Bitte geben Sie eine Zahl an, zum Beispiel 3,10."),
            "min_value": _("Bitte geben Sie einen Betrag über 0 Euro an."),
            "max_decimal_places": _("Bitte geben Sie höchstens zwei Stellen nach dem Komma an."),
            "max_digits": _("So hohe Beträge erstattet kein Programm."),
            "max_whole_digits": _("So hohe Beträge erstattet kein Programm."),
        },
    )
    on = forms.DateField(
        label=_("An welchem Tag?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Bitte wählen Sie den Tag aus."),
            "invalid": _("Diesen Tag gibt es nicht. Ein Beispiel: 24.12.2026"),
        },
    )
    receipt = forms.FileField(
        label=_("Foto des Belegs"),
        help_text=_(
            "JPEG, PNG oder WebP, höchstens 10 MB. Ort und Kamera werden entfernt. Bitte decken Sie Namen "
            "anderer Menschen ab."
        ),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={
            "required": _("Bitte fügen Sie ein Foto des Belegs hinzu."),
            "empty": _("Diese Datei ist leer. Bitte fügen Sie ein Foto des Belegs hinzu."),
        },
    )

    def __init__(self, data: QueryDict | None = None, files: Any = None) -> None:
        super().__init__(data, files, initial={"on": timezone.localdate()})
        self.fields["on"].widget.attrs["max"] = timezone.localdate().isoformat()

    def clean_receipt(self) -> tuple[bytes, bytes]:
        """The file as it came and as it is stored."""
        file = self.cleaned_data["receipt"]
        try:
            if file.size > MAX_BYTES:
                raise ImageProblem(TOO_LARGE)
            uploaded: bytes = file.read()
            return uploaded, receipt_of(uploaded)
        except ImageProblem as problem:
            raise ValidationError(problem.sentence) from problem

    def paid(self) -> Paid:
        """The validated values for the service; call it on a valid form only."""
        data = dict(self.cleaned_data)
        uploaded, receipt = data.pop("receipt")
        return Paid(**data, uploaded=uploaded, receipt=receipt)

    def refuse(self, error: DomainError) -> None:
        """Show the service's error at the field that it is about."""
        self.add_error(error.field if isinstance(error, ExpenseRefused) else None, str(error))
