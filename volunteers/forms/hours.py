"""One day's work."""

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..errors import ConversationOver, DomainError, TooManyMessages
from ..models import HoursEntry
from ..models.thanks import FULL_DAY, QUARTER
from ..services.hours import HoursRefused, Work
from ..validators import validate_single_line, validate_text
from .amounts import AmountField
from .messages import NOTHING_PRIVATE


class HoursForm(forms.Form):
    on = forms.DateField(
        label=_("An welchem Tag?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Bitte wählen Sie den Tag aus."),
            "invalid": _("Diesen Tag gibt es nicht. Ein Beispiel: 24.12.2026"),
        },
    )
    hours = AmountField(
        label=_("Wie viele Stunden?"),
        help_text=_("In Viertelstunden: 1,25 sind eine Stunde und 15 Minuten."),
        min_value=QUARTER,
        max_value=FULL_DAY,
        max_digits=4,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 6}),
        error_messages={
            "required": _("Bitte geben Sie die Stunden an."),
            "invalid": _("Bitte geben Sie eine Zahl an, zum Beispiel 1,5."),
            "min_value": _("Eine Viertelstunde (0,25) ist das wenigste."),
            "max_value": _("Mehr als 24 Stunden hat kein Tag."),
        },
    )
    what = forms.CharField(
        label=_("Was haben Sie getan?"),
        help_text=_("In wenigen Worten und ohne Namen, zum Beispiel „zum Jobcenter begleitet“."),
        max_length=200,
        validators=[validate_single_line],
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        error_messages={
            "required": _("Bitte schreiben Sie in wenigen Worten, was Sie getan haben."),
        },
    )

    def __init__(self, data: QueryDict | None = None, *, entry: HoursEntry | None = None) -> None:
        given = {"on": entry.on, "hours": entry.hours_label, "what": entry.what} if entry else {}
        super().__init__(data, initial={"on": timezone.localdate()} | given)
        self.fields["on"].widget.attrs["max"] = timezone.localdate().isoformat()

    def work(self) -> Work:
        """The validated values for the services; call it on a valid form only."""
        noted = {name: value for name, value in self.cleaned_data.items() if name != "question"}
        return Work(**noted)

    def refuse(self, error: DomainError) -> None:
        """Show the service's error at the field that it is about."""
        self.add_error(error.field if isinstance(error, HoursRefused) else None, str(error))


class DiaryForm(HoursForm):
    """One day's work as the person notes it; for a new one also a question about it."""

    went_well = forms.CharField(
        label=_("Was war gut?"),
        help_text=_("Für Ihr Tagebuch. Nur Sie und Ihre Koordination lesen es."),
        max_length=500,
        required=False,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )

    question = forms.CharField(
        label=_("Haben Sie eine Frage an Ihre Koordination?"),
        help_text=NOTHING_PRIVATE,
        max_length=1000,
        required=False,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )

    def __init__(self, data: QueryDict | None = None, *, entry: HoursEntry | None = None) -> None:
        super().__init__(data, entry=entry)
        if entry is not None:
            self.initial["went_well"] = entry.went_well
            del self.fields["question"]

    @property
    def asked(self) -> str:
        """The question to the coordinators, or ""; of a valid form."""
        return str(self.cleaned_data.get("question", ""))

    def refuse(self, error: DomainError) -> None:
        if isinstance(error, (ConversationOver, TooManyMessages)):
            self.add_error("question", str(error))
        else:
            super().refuse(error)
