"""Records by their names: one in a cell, or several."""

from collections.abc import Callable
from typing import Any

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from import_export import widgets

from .cells import as_text, key, tidy
from .splitting import Splitter
from .widgets import SEPARATOR

Offered = Callable[[], "models.QuerySet[Any]"]


class ByName:
    """Finds records by name among ``offered``, which is loaded once.

    ``attributes`` hold the names; ``what`` names the kind of record in error messages.
    """

    def __init__(self, offered: Offered, attributes: tuple[str, ...], what: str) -> None:
        self.offered = offered
        self.attributes = attributes
        self.what = what

    @cached_property
    def by_name(self) -> dict[str, Any]:
        """Names as they are written → records."""
        found: dict[str, Any] = {}
        for record in self.offered():
            for attribute in self.attributes:
                found.setdefault(tidy(str(getattr(record, attribute))), record)
        return found

    @cached_property
    def by_key(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, record in self.by_name.items():
            found.setdefault(key(name), record)
        return found

    @cached_property
    def splitter(self) -> Splitter:
        return Splitter(self.by_name)

    def find(self, text: str) -> Any:
        """The record of this name: in this spelling, else in another one."""
        record = self.by_name.get(text) or self.by_key.get(key(text))
        if record is None:
            message = _("%(what)s „%(text)s“ gibt es nicht oder gehört nicht zu Ihnen.")
            raise ValueError(message % {"what": self.what, "text": text})
        return record

    def split(self, text: str) -> list[Any]:
        """The records named in ``text``, separated by commas or „und“. A name may itself contain them."""
        return [self.find(name) for name in self.splitter.split(text)]


class NameWidget(widgets.Widget):
    """One record, given by its name."""

    def __init__(self) -> None:
        self.names: ByName | None = None

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        text = tidy(as_text(value))
        return self.names.find(text) if text and self.names else None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else str(value)


class NamesWidget(widgets.ManyToManyWidget):
    """Several records, given by their names."""

    def __init__(self, model: type[models.Model]) -> None:
        super().__init__(model)
        self.names: ByName | None = None

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[Any]:
        return self.names.split(as_text(value)) if self.names else []

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else SEPARATOR.join(str(record) for record in value.all())
