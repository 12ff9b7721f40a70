"""The query string of an admin list may use only the filters that the list declares.

Django allows filters on any column and on any directly related model. With these, a user who sees an
organisation could find out facts about related rows that are not visible to them. So every other
lookup is rejected (400).
"""

from collections.abc import Iterator
from typing import Any

from django.contrib.admin.utils import get_fields_from_path
from django.db import models
from django.http import HttpRequest

from .periods import SUFFIX, PeriodFilter
from .typed import AdminMixin, M

OF_DATES = ("gte", "lt")
"""The lookups of Django's date filter."""
OF_HIERARCHIES = ("year", "month", "day", *OF_DATES)
"""The lookups of ``date_hierarchy`` (the links for years, months and days above a list)."""


class DeclaredLookupsMixin(AdminMixin[M]):
    linked_lookups: tuple[str, ...] = ()
    """Further lookups that are allowed because pages of the portal link to them."""

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        return lookup in {*self.linked_lookups, *self._declared_lookups(request)}

    def _declared_lookups(self, request: HttpRequest | None) -> Iterator[str]:
        filters = self.get_list_filter(request) if request else self.list_filter
        for one in filters:
            if name := getattr(one, "parameter_name", None):
                yield name
            elif isinstance(one, tuple) and one[1] is PeriodFilter:
                yield f"{one[0]}__{SUFFIX}"
            else:
                yield from _lookups_of(self.model, str(one[0] if isinstance(one, tuple) else one))
        if path := self.date_hierarchy:
            yield from (f"{path}__{name}" for name in OF_HIERARCHIES)


def _lookups_of(model: type[models.Model], path: str) -> Iterator[str]:
    """The lookups that Django's filter for the column at ``path`` uses."""
    column: Any = get_fields_from_path(model, path)[-1]
    yield f"{path}__isnull"
    yield f"{path}__isempty"  # EmptyFieldListFilter
    if column.is_relation:
        yield f"{path}__{column.target_field.name}__exact"
        return
    yield f"{path}__exact"
    if not column.flatchoices:
        yield path  # AllValuesFieldListFilter
    if isinstance(column, models.DateField):
        yield from (f"{path}__{name}" for name in OF_DATES)
