"""Autocomplete widgets in forms of the administration."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple

if TYPE_CHECKING:
    Searched = AutocompleteSelect
else:
    Searched = object


class NumbersOnly(Searched):
    """Drops submitted values that are not numbers when the form is shown again.

    Django would pass them to the database as primary keys, which causes an error.
    """

    def optgroups(
        self, name: str, value: Sequence[str], attrs: dict[str, Any] | None = None
    ) -> Any:
        numbers = [one for one in value if re.fullmatch(r"[0-9]{1,18}", str(one))]
        return super().optgroups(name, numbers or [""], attrs)


class SearchedChoice(NumbersOnly, AutocompleteSelect):
    pass


class SearchedChoices(NumbersOnly, AutocompleteSelectMultiple):
    pass
