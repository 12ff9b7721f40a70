"""The form with which an organisation changes its entry by a mailed link."""

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from programs.admin.forms import array_formfield
from programs.admin.typed import ModelForm
from programs.meanwhile import MeanwhileMixin
from programs.models import Entry
from programs.widgets import OneLine
from volunteers.forms.pills import ExplainedFields, Pills
from volunteers.validators import validate_single_line, validate_text

from .fields import CHANGEABLE, GROUPS, LISTS, Values, as_json, changeable
from .models import ChangeProposal

MARKUP = re.compile(r"<[a-zA-Z/!][^>]*>?")
LINK = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w{2,}", re.IGNORECASE)
LONGEST = 6000
"""Characters of the description."""
WEEK = ("weekdays", "dayparts")


class ChangeForm(MeanwhileMixin, ModelForm[Entry]):
    """``initial`` is what the entry says now, and where a proposal waits what that says."""

    note = forms.CharField(
        label=_("Was sollen wir noch wissen?"),
        required=False,
        max_length=1000,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "Das liest nur die Stelle, die Ihren Eintrag prüft. Bitte schreiben Sie nichts über einzelne Menschen."
        ),
    )
    description = forms.CharField(
        label=_("Beschreibung"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Absätze durch eine Leerzeile trennen."),
    )

    class Meta:
        model = Entry
        fields = CHANGEABLE
        widgets: ClassVar[dict[str, Any]] = {
            "summary": OneLine(attrs={"rows": 3}),
            "requirements": OneLine(),
            "status": forms.RadioSelect,
        }

    def __init__(self, *args: Any, waiting: ChangeProposal | None, **kwargs: Any) -> None:
        self.waiting: Values = waiting.waits if waiting else {}
        kwargs["initial"] = {**self.waiting, "note": waiting.note if waiting else ""}
        super().__init__(*args, **kwargs)
        for name in set(CHANGEABLE) - set(changeable(self.instance)):
            del self.fields[name]
        self._choose()
        self.watch()

    def _choose(self) -> None:
        """Checkboxes for everything that is chosen from a list."""
        for name in (*WEEK, "languages"):
            shown = None if name in WEEK else 3
            column: Any = Entry._meta.get_field(name)
            field: Any = array_formfield(column)
            field.widget = Pills(choices=field.choices, shown=shown)
            self.fields[name] = field
        for name in LISTS:
            kind = ExplainedFields if name == "fields" else forms.ModelMultipleChoiceField
            given: Any = self.fields[name]
            self.fields[name] = kind(
                given.queryset,
                label=given.label,
                help_text=given.help_text,
                required=False,
                widget=Pills(shown=0, in_columns=True),
            )

    def groups(self) -> Iterator[tuple[Any, list[forms.BoundField]]]:
        for label, names in GROUPS.items():
            if shown := [self[name] for name in names if name in self.fields]:
                yield label, shown

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        self.settle()
        for name in list(data):
            if isinstance(data[name], str) and name in self.changed_data:
                self._check_text(name, data[name])
        return data

    def _check_text(self, name: str, text: str) -> None:
        """Plain words only. A link that stood there before may stay."""
        before = str(self.initial.get(name) or "")
        lines = isinstance(self.fields[name].widget, forms.Textarea)
        try:
            (validate_text if lines else validate_single_line)(text)
        except ValidationError as error:
            self.add_error(name, error)
            return
        if MARKUP.search(text):
            self.add_error(name, _("Bitte schreiben Sie nur Text, ohne Zeichen wie „<b>“."))
        elif name != "website" and set(LINK.findall(text)) - set(LINK.findall(before)):
            self.add_error(
                name,
                _(
                    "Links und E-Mail-Adressen gehören nicht in den Text. Für die Webseite gibt es ein eigenes Feld."
                ),
            )

    def choice_of(self, field: forms.BoundField) -> str:
        """A sentence, because the summary of errors is made of links."""
        return str(_(" Soll der andere gelten, geben Sie ihn bitte ein."))

    def values(self) -> Values:
        """What the user has changed, and what still waits; call it on a valid form only."""
        found = {
            name: as_json(self.cleaned_data[name])
            for name in self._meta.fields or ()
            if name in self.fields
        }
        return {
            name: value
            for name, value in found.items()
            if name in self.waiting or value != as_json(self.initial.get(name))
        }
