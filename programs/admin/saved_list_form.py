"""The form of a saved list: its name, whom it is for, and the columns of its export."""

from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.exchange.forms import ColumnsField, LettersField, one_line
from programs.models import SavedList

from .forms import OnlyChangedForm


class SavedListForm(OnlyChangedForm[SavedList]):
    """``offered``: names and headings of the columns; ``new``: what the page saves besides, if it saves a list."""

    offered: ClassVar[list[tuple[str, str]]] = []
    new: ClassVar[dict[str, Any]] = {}

    columns = ColumnsField(label=_("Spalten im Export"))  # type: ignore[assignment]  # no attribute of a form
    letters = LettersField()
    replace = forms.BooleanField(
        label=_("Eine eigene Liste dieses Namens ersetzen"),
        required=False,
        help_text=_("Wenn Sie eine Liste ändern wollen, die Sie schon gespeichert haben."),
    )

    class Meta:
        fields = ("name", "replace", "shared_with", "columns", "letters")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._begin(self.instance)
        if "columns" in self.fields:
            cast("ColumnsField", self.fields["columns"]).choices = self.offered
        if "shared_with" in self.fields:
            cast("forms.ModelChoiceField[Any]", self.fields["shared_with"]).empty_label = str(
                _("nur für mich")
            )

    def _begin(self, record: SavedList) -> None:
        for name, value in self.new.items():
            setattr(record, name, value)

    def clean_name(self) -> str:
        return one_line(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        """Somebody who clicks twice, or wants to, saves the list that is there already."""
        data = super().clean()
        there = self._there(data) if self.new else None
        if there and (data.get("replace") or self._is_same(there, data)):
            self.instance = there
            self._begin(there)
        return data

    def _there(self, data: dict[str, Any]) -> SavedList | None:
        mine = SavedList.objects.filter(owner=self.new["owner"], model=self.new["model"])
        return mine.filter(name__iexact=data.get("name", "")).first()

    def _is_same(self, there: SavedList, data: dict[str, Any]) -> bool:
        typed = {
            name: data.get(name) for name in ("shared_with", "columns", "letters") if name in data
        }
        return all(getattr(there, name) == value for name, value in (self.new | typed).items())
