"""The form for a certificate of engagement."""

import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Application, Competence
from ..models.thanks import hours_label
from ..names import NameFormField
from ..reads.engaged import engaged_since
from ..services.certificates import Statement
from ..validators import validate_single_line
from .amounts import AmountField

DAY = {"type": "date"}


def _text(label: Any, length: int, help_text: Any = "", **attrs: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=length,
        validators=[validate_single_line],
        widget=forms.TextInput(attrs={"dir": "auto", "size": 60} | attrs),
    )


class CertificateForm(forms.Form):
    """Prefilled from the application; all fields can be changed until the certificate is issued."""

    name = NameFormField(
        label=gettext_lazy("Name"),
        max_length=120,
        help_text=gettext_lazy(
            "So, wie er auf dem Papier stehen soll; bitte auch in lateinischen Buchstaben."
        ),
        widget=forms.TextInput(attrs={"dir": "auto", "size": 60}),
    )
    what = _text(
        gettext_lazy("Was hat die Person getan?"),
        300,
        gettext_lazy("In einem Satz und ohne Namen Dritter."),
    )
    since = forms.DateField(
        label=gettext_lazy("Von"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=gettext_lazy("Bis"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    )
    with_hours = forms.BooleanField(
        label=gettext_lazy("Stunden nennen, wenn die Person es wünscht"), required=False
    )
    hours = AmountField(
        label=gettext_lazy("Stunden"),
        help_text=gettext_lazy("Vorgeschlagen ist die Summe der bestätigten Stunden."),
        required=False,
        min_value=Decimal("0.25"),
        max_value=Decimal(99999),
        max_digits=7,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 8}),
    )
    competences = forms.MultipleChoiceField(
        label=gettext_lazy("Gezeigte Kompetenzen"),
        choices=Competence.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("with_hours") and not data.get("hours") and "hours" not in self.errors:
            self.add_error("hours", _("Bitte geben Sie die Stunden an, die genannt werden sollen."))
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", _("Das Ende liegt vor dem Beginn."))
        if until and until > timezone.localdate():
            self.add_error("until", _("Ein Nachweis reicht höchstens bis heute."))
        return data

    def statement(self) -> Statement:
        """The validated values for the services; call it on a valid form only."""
        data = self.cleaned_data
        return Statement(
            name=data["name"],
            what=data["what"],
            since=data["since"],
            until=data["until"],
            hours=data["hours"] if data["with_hours"] else None,
            competences=data["competences"],
        )


def prefilled(application: Application) -> dict[str, Any]:
    """The proposed values: the name as typed at sign-up, the time since the start, the confirmed hours."""
    until = _last_day(application)
    since = min(engaged_since(application) or until, until)
    confirmed = application.hours.confirmed()
    first = confirmed.order_by("on").values_list("on", flat=True).first()
    since = min(since, first) if first else since
    hours = confirmed.between(since, until).total()
    return {
        "name": application.name,
        "what": application.wish if application.entry else "",
        "since": since,
        "until": until,
        "with_hours": bool(hours),
        "hours": hours_label(hours) if hours else "",
    }


def _last_day(application: Application) -> datetime.date:
    """The day on which the application was closed, else today."""
    if not application.is_closed:
        return timezone.localdate()
    closed = application.changes.filter(status=application.status).order_by("-at").first()
    return timezone.localdate(closed.at) if closed else timezone.localdate()
