"""Which filters an address of a list may carry: those that the list declares, and no other.

Django lets any column and any relation one hop away be asked about in the address of a list. That
would tell whoever sees an organisation what hangs on it, row by row, although the rows themselves
are out of sight. So an undeclared lookup is refused (400).
"""

from collections.abc import Iterator
from typing import Any

from django.contrib.admin.utils import get_fields_from_path
from django.db import models
from django.http import HttpRequest

from .typed import AdminMixin, M

OF_DATES = ("gte", "lt")
"""What Django's filter by date asks for."""
OF_HIERARCHIES = ("year", "month", "day", *OF_DATES)
"""What the row of years, months and days above a list asks for."""


class DeclaredLookupsMixin(AdminMixin[M]):
    linked_lookups: tuple[str, ...] = ()
    """Lookups besides the filters that pages of the portal link to."""

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        return lookup in {*self.linked_lookups, *self._declared_lookups(request)}

    def _declared_lookups(self, request: HttpRequest | None) -> Iterator[str]:
        filters = self.get_list_filter(request) if request else self.list_filter
        for one in filters:
            if name := getattr(one, "parameter_name", None):
                yield name
            else:
                yield from _lookups_of(self.model, str(one[0] if isinstance(one, tuple) else one))
        if path := self.date_hierarchy:
            yield from (f"{path}__{name}" for name in OF_HIERARCHIES)


def _lookups_of(model: type[models.Model], path: str) -> Iterator[str]:
    """Those by which Django's own filter for the column at ``path`` asks."""
    column: Any = get_fields_from_path(model, path)[-1]
    yield f"{path}__isnull"
    if column.is_relation:
        yield f"{path}__{column.target_field.name}__exact"
        return
    yield f"{path}__exact"
    if not column.flatchoices:
        yield path  # a filter by all values that there are
    if isinstance(column, models.DateField):
        yield from (f"{path}__{name}" for name in OF_DATES)
