"""One day's work."""

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..errors import DomainError
from ..models import HoursEntry
from ..models.thanks import FULL_DAY, QUARTER
from ..services.hours import HoursRefused, Work
from ..validators import validate_single_line


class HoursForm(forms.Form):
    on = forms.DateField(
        label=_("An welchem Tag?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Bitte wählen Sie den Tag aus."),
            "invalid": _("Diesen Tag gibt es nicht. Ein Beispiel: 24.12.2026"),
        },
    )
    hours = forms.DecimalField(
        label=_("Wie viele Stunden?"),
        help_text=_("In Viertelstunden: 1,25 sind eine Stunde und 15 Minuten."),
        min_value=QUARTER,
        max_value=FULL_DAY,
        max_digits=4,
        decimal_places=2,
        localize=True,
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
        return Work(**self.cleaned_data)

    def refuse(self, error: DomainError) -> None:
        """Show the service's error at the field that it is about."""
        self.add_error(error.field if isinstance(error, HoursRefused) else None, str(error))
