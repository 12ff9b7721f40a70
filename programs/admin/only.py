"""The filter with one choice: all rows, or only those it is about."""

from abc import abstractmethod
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class OnlyFilter(SimpleListFilter):
    choice: tuple[str, Any] = ("ja", _("Ja"))
    """The value in the address, and the word in the list."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [self.choice]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return self.only(request, queryset) if self.value() == self.choice[0] else queryset

    @abstractmethod
    def only(self, request: HttpRequest, rows: Any) -> QuerySet[Any]:
        """Those of ``rows`` that the filter is about."""
