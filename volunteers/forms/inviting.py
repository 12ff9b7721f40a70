"""Whom to invite: the criteria, as a form that only filters."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.models import District, Entry

from ..reads.invitees import Criteria, Stage

MOST_HOURS = 10_000
FIRST_DAY = datetime.date(1990, 1, 1)


class CriteriaForm(forms.Form):
    stages = forms.MultipleChoiceField(
        label=_("Wer"),
        choices=Stage.choices,
        initial=[Stage.ENGAGED],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Bitte wählen Sie mindestens eine Gruppe.")},
    )
    since = forms.DateField(
        label=_("im Einsatz spätestens seit"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    hours = forms.IntegerField(
        label=_("bestätigte Stunden, mindestens"),
        required=False,
        min_value=1,
        max_value=MOST_HOURS,
    )
    hours_from = forms.DateField(
        label=_("Stunden zählen ab"),
        required=False,
        help_text=_("Leer heißt: alle Stunden."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    programme = forms.ModelChoiceField(
        label=_("Programm"), queryset=Entry.objects.none(), required=False, empty_label=_("alle")
    )
    district = forms.ModelChoiceField(
        label=_("Stadtbezirk, in dem jemand helfen möchte"),
        queryset=District.objects.all(),
        required=False,
        empty_label=_("alle"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        programmes: Any = self.fields["programme"]
        programmes.queryset = Entry.objects.filter(kind=Entry.Kind.PROGRAMME).order_by("title")

    def criteria(self) -> Criteria:
        """Of a valid form."""
        data = self.cleaned_data
        return Criteria(**(data | {"stages": tuple(data["stages"])}))
