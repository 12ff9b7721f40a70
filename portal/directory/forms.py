"""The form on which somebody chooses what the merged organisation shall say."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from .values import BOTH, KEPT, MERGED, Choice, Comparison, Values


class MergeForm(forms.Form):
    """Radio buttons for everything that the two say differently."""

    def __init__(self, *args: Any, comparison: Comparison, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.comparison = comparison
        for choice in comparison.choices:
            self.fields[choice.name] = forms.ChoiceField(
                label=choice.label,
                choices=list(_offered(choice)),
                initial=choice.proposed,
                widget=forms.RadioSelect,
            )

    def values(self) -> Values:
        return self.comparison.chosen(self.cleaned_data)


def _offered(choice: Choice) -> Iterator[tuple[str, str]]:
    yield KEPT, choice.kept_text
    yield MERGED, choice.merged_text
    if choice.can_be_joined:
        yield BOTH, _("beides")
