"""From when to when somebody is away, and who stands in."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from programs.models import Membership

LONGEST = datetime.timedelta(days=366)
"""Whoever is away for longer no longer answers; their access ends instead."""


class AbsenceForm(forms.Form):
    """Both dates, or none: then the person is there."""

    first = forms.DateField(
        label=_("Erster Tag"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    last = forms.DateField(
        label=_("Letzter Tag"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    substitute = forms.ChoiceField(
        label=_("Vertreten von"),
        required=False,
        help_text=_("Wer vertritt, braucht selbst einen Zugang. Laden Sie die Person vorher ein."),
    )

    def __init__(
        self, data: Any = None, *, membership: Membership, others: list[Membership]
    ) -> None:
        said = {"first": membership.away_from, "last": membership.away_until}
        super().__init__(data, initial={**said, "substitute": membership.substitute_id})
        self.others = {str(one.pk): one for one in others}
        choices = [("", __("niemand")), *((pk, str(one.user)) for pk, one in self.others.items())]
        field = self.fields["substitute"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  as it is declared
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if self.errors:
            return cleaned
        if bool(first) != bool(last):
            name = "last" if first else "first"
            self.add_error(name, __("Bitte beide Tage eintragen, oder beide leer lassen."))
        elif first and last and last < first:
            self.add_error("last", __("Der letzte Tag liegt vor dem ersten."))
        elif last and last < timezone.localdate():
            self.add_error("last", __("Dieser Tag ist schon vorbei."))
        elif first and last and last - first > LONGEST:
            self.add_error("last", __("Höchstens ein Jahr am Stück."))
        return cleaned

    @property
    def stands_in(self) -> Membership | None:
        return self.others.get(self.cleaned_data["substitute"])
