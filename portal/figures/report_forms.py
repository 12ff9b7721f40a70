"""What a report shows, and as what it is taken away."""

import datetime
from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from programs.exchange.writers import EXPORT_FORMATS
from volunteers.admin.figures import StaysForm

from .measures import MEASURES, SPLITS, Split
from .report import Chosen

USUAL = ("active", "applications", "answer_days", "placements", "tandems")
USUAL_MONTHS = 12
PDF = "pdf"
CHOICES = [(slug, one.label) for slug, one in MEASURES.items()]


class ReportFilter(forms.Form):
    """Figures, period and split; what is missing or wrong falls back to the usual."""

    groesse = forms.MultipleChoiceField(
        label=_("Zahlen"), choices=CHOICES, required=False, widget=forms.CheckboxSelectMultiple
    )
    von = forms.ChoiceField(label=_("von"), required=False)
    bis = forms.ChoiceField(label=_("bis"), required=False)
    nach = forms.ChoiceField(
        label=_("gegliedert nach"),
        choices=[(str(split), label) for split, label in SPLITS.items()],
        required=False,
    )

    def __init__(self, data: QueryDict, *, stands: list[datetime.date]) -> None:
        self.stands = stands
        usual: dict[str, Any] = {"groesse": list(USUAL), "nach": str(Split.ORGANISATION)}
        if stands:
            usual |= {"von": _key(stands[-USUAL_MONTHS:][0]), "bis": _key(stands[-1])}
        given: dict[str, Any] = {"groesse": data.getlist("groesse")} if "groesse" in data else {}
        given |= {name: data.get(name) for name in ("von", "bis", "nach") if name in data}
        super().__init__(usual | given)
        months = [(_key(stand), date_format(stand, "F Y")) for stand in reversed(stands)]
        for name in ("von", "bis"):
            cast("forms.ChoiceField", self.fields[name]).choices = months
        self.full_clean()

    @property
    def chosen(self) -> Chosen:
        data = self.cleaned_data
        first = data.get("von") or (_key(self.stands[0]) if self.stands else "")
        last = data.get("bis") or (_key(self.stands[-1]) if self.stands else "")
        first, last = sorted((first, last))
        within = tuple(stand for stand in self.stands if first <= _key(stand) <= last)
        measures = tuple(data.get("groesse") or USUAL)
        return Chosen(measures, within, Split(data.get("nach") or Split.ORGANISATION))


def _key(stand: datetime.date) -> str:
    return f"{stand:%Y-%m}"


class ReportExportForm(StaysForm):
    """Also as PDF."""

    def __init__(self, *args: Any, reads_exact: bool, **kwargs: Any) -> None:
        super().__init__(*args, reads_exact=reads_exact, **kwargs)
        files = [(one.key, one.label) for one in EXPORT_FORMATS.values()]
        offered = cast("forms.ChoiceField", self.fields["format"])
        offered.choices = [(PDF, _("PDF (Bericht für den Sozialausschuss)")), *files]
