"""Autocomplete widgets in forms of the administration."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.db.models import Model
from django.forms import Media
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    Searched = AutocompleteSelect
else:
    Searched = object


class Named(Searched):
    """The script gives the parts that select2 makes the name of the field."""

    known: Sequence[Model] = ()
    """What the record has at present, which the form has read already."""

    @property
    def media(self) -> Media:
        return super().media + Media(js=["admin/js/autocomplete.js", "js/searched.js"])

    def optgroups(
        self, name: str, value: Sequence[str], attrs: dict[str, Any] | None = None
    ) -> Any:
        """Drop submitted values that are not numbers when the form is shown again.

        Django would pass them to the database as primary keys, which causes an error. The choice of
        nothing comes first and has a text, as HTML asks for, in required fields, too.
        """
        numbers = [str(one) for one in value if re.fullmatch(r"[0-9]{1,18}", str(one))]
        if numbers and set(numbers) == {str(one.pk) for one in self.known}:
            label = self.choices.field.label_from_instance
            chosen = [self.create_option(name, one.pk, label(one), True, 0) for one in self.known]
            groups: Any = [(None, chosen, 0)]
        else:
            groups = super().optgroups(name, numbers or [""], attrs)
        if self.allow_multiple_selected:
            return groups
        chosen = [option for option in groups[0][1] if option["value"]]
        nothing = self.create_option(name, "", _("nichts gewählt"), not chosen, 0)
        return [(None, [nothing, *chosen], 0)]


class SearchedChoice(Named, AutocompleteSelect):
    pass


class SearchedChoices(Named, AutocompleteSelectMultiple):
    pass
