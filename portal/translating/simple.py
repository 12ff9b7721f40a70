"""The form of a record in simple German: also who has checked its texts, and when."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from programs import simple
from programs.models.translated import Translation, check_of

from .forms import TranslationForm

LONGEST_NAME = 120


class SimpleForm(TranslationForm):
    """A check holds for all texts of the record as they stand in the form. A text that changes later loses it."""

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["checked_by"] = forms.CharField(
            label=_("Geprüft von"),
            max_length=LONGEST_NAME,
            required=False,
            help_text=_(
                "Die Gruppe von Menschen mit Lernschwierigkeiten, die diese Texte geprüft hat. Das steht öffentlich "
                "auf der Seite; bitte keine Namen von Personen."
            ),
        )
        self.fields["checked_on"] = forms.DateField(
            label=_("Geprüft am"),
            required=False,
            widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        by, on = data.get("checked_by"), data.get("checked_on")
        if by and not on and "checked_on" not in self.errors:
            self.add_error("checked_on", __("Bitte sagen Sie auch, wann geprüft wurde."))
        if on and not by and "checked_by" not in self.errors:
            self.add_error("checked_by", __("Bitte sagen Sie auch, wer geprüft hat."))
        if on and on > timezone.localdate():
            self.add_error("checked_on", __("Dieser Tag kommt erst noch."))
        return data

    def texts(self) -> dict[str, Translation]:
        found = super().texts()
        by, on = self.cleaned_data["checked_by"], self.cleaned_data["checked_on"]
        if not by:
            return found
        for name in self.names:
            there = found.get(name) or self.record.translation(name, self.language)
            if there and there["text"]:
                found[name] = {
                    "text": there["text"],
                    "of": there["of"],
                    "checked_by": by,
                    "checked_on": on.isoformat(),
                }
        return found

    def checks(self) -> list[str]:
        """Which text was checked by whom, for the page."""
        lines = []
        for name in self.names:
            there = self.record.translation(name, self.language)
            check = check_of(there) if there else None
            if check:
                day = date_format(date.fromisoformat(check.on))
                lines.append(
                    __("%(text)s: geprüft von %(by)s am %(day)s")
                    % {"text": self.fields[name].label, "by": check.by, "day": day}
                )
        return lines


def form_class(language: str) -> type[TranslationForm]:
    return SimpleForm if language == simple.LANGUAGE else TranslationForm
