"""List columns for the answers of people; headings, choices and bounds come from the model."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from import_export.fields import Field as Column
from import_export.widgets import Widget

from programs.exchange.names import NamesWidget
from programs.exchange.shorthand import choices_widget
from programs.exchange.widgets import (
    ChoiceWidget,
    EmailWidget,
    PhoneWidget,
    TextWidget,
    YesNoWidget,
)
from programs.models import District, Field

from ..models.profile import asked_of
from ..models.questions import APPLICATION, VOLUNTEER, Question
from ..names import NameField

OF_APPLICATIONS = tuple(one for one in asked_of(APPLICATION) if one.in_lists)
OF_PEOPLE = tuple(one for one in OF_APPLICATIONS if VOLUNTEER in one.kept_by)
"""The answers that an import of people may contain."""
LINKED: dict[type[models.Model], tuple[tuple[str, ...], str]] = {
    District: (("short_name", "name"), "Stadtbezirk"),
    Field: (("name",), "Engagementfeld"),
}
"""Models of related answers → the names that lists accept (exports write the first), and what they are called."""
WIDGETS: "dict[type[models.Field[Any, Any]], Callable[[], Widget]]" = {
    models.BooleanField: YesNoWidget,
    models.CharField: TextWidget,
    NameField: TextWidget,
    models.EmailField: EmailWidget,
    models.TextField: lambda: TextWidget(lines=True),
}


def linked(asked: Sequence[Question]) -> tuple[Question, ...]:
    return tuple(one for one in asked if one.column.many_to_many)


def stored(asked: Sequence[Question]) -> tuple[str, ...]:
    """The names of the answers that are columns of the row itself."""
    return tuple(one.name for one in asked if not one.column.many_to_many)


def columns(asked: Sequence[Question]) -> dict[str, Column]:
    return {
        one.key: Column(one.name, str(one.column.verbose_name), widget_for(one)) for one in asked
    }


def widget_for(question: Question) -> Widget:
    column: Any = question.column
    if question.name == "phone":
        return PhoneWidget()
    if column.many_to_many:
        return NamesWidget(column.related_model)
    if isinstance(column, ArrayField):
        return choices_widget(column.base_field.choices or ())
    if column.choices:
        return ChoiceWidget(column.choices)
    return WIDGETS[type(column)]()
