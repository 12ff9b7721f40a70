"""Choices by search, in forms of the administration."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple

if TYPE_CHECKING:
    Searched = AutocompleteSelect
else:
    Searched = object


class NumbersOnly(Searched):
    """A choice by search that is shown again: what is no number was never a record.

    Django asks the database for whatever came in, which answers with an error.
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
