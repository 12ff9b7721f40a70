"""Form fields for questions: rules and choices come from the model, texts from the question."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.core import validators
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..models.questions import Question, Section
from ..models.reading import PreferredLanguageField as LanguageColumn
from .groups import lacking_of_group
from .phones import PhoneField
from .pills import Pills
from .reading import PreferredLanguageField
from .revised import RevisedMixin

NO_ANSWER = _("Möchte ich nicht sagen")


class QuestionForm(forms.Form):
    """A form with a field for each of ``asked``, shown by ``volunteers/applications/_questions.html``."""

    def __init__(self, *args: Any, asked: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        self.fields = {one.key: field_for(one) for one in asked} | self.fields

    def first(self) -> list[forms.BoundField]:
        return self._fields_in(Section.FIRST)

    def more(self) -> list[forms.BoundField]:
        return self._fields_in(Section.MORE)

    def tandem(self) -> list[forms.BoundField]:
        return self._fields_in(Section.TANDEM)

    def last(self) -> list[forms.BoundField]:
        return self._fields_in(Section.LAST)

    def group(self) -> list[forms.BoundField]:
        return self._fields_in(Section.GROUP)

    def is_group(self) -> bool:
        """Whether something stands in the part for groups, so that it is not folded."""
        return any(field.value() or field.errors for field in self.group())

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.check_group()
        return self.cleaned_data

    def check_group(self) -> None:
        for name, text in lacking_of_group(self.cleaned_data).items():
            if name not in self.errors:
                self.add_error(name, text)

    def _fields_in(self, section: Section) -> list[forms.BoundField]:
        return [self[one.key] for one in self.asked if one.section is section]

    def answers(self) -> dict[str, Any]:
        """The validated values for the services; call it on a valid form only."""
        return {one.name: self.cleaned_data[one.key] for one in self.asked}


class RevisedForm(RevisedMixin, QuestionForm):
    """The same questions again, with the answers of ``initial``."""

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.check_group()  # somebody else may have changed one of the two
        return self.cleaned_data


def initial_of(record: models.Model, asked: Sequence[Question]) -> dict[str, Any]:
    """The initial values when somebody changes their answers."""
    return {one.key: one.answer_in(record) for one in asked}


def field_for(question: Question) -> forms.Field:
    field: forms.Field = _of_kind(question.column, question)
    return field


def _of_kind(column: Any, question: Question) -> Any:
    words: dict[str, Any] = {
        "label": question.label or column.verbose_name,
        "help_text": question.help_text,
        "error_messages": {**question.errors},
    }
    if isinstance(column, LanguageColumn):
        return PreferredLanguageField(label=words["label"])
    if isinstance(column, ArrayField):
        return _checkboxes(column, words, Pills(shown=question.shown))
    if column.many_to_many:
        return column.formfield(widget=Pills(shown=question.shown), **words)
    if column.choices:
        unsaid = [("", NO_ANSWER)] if column.blank else []
        choices = [*unsaid, *column.choices]
        return column.formfield(choices=choices, initial=None, widget=forms.RadioSelect, **words)
    if question.attrs.get("type") == "tel":
        words["form_class"] = PhoneField
    return _typed_in(column, words, question.attrs)


def _checkboxes(column: Any, words: dict[str, Any], widget: forms.Widget) -> forms.Field:
    return forms.TypedMultipleChoiceField(
        choices=column.base_field.choices,
        coerce=column.base_field.to_python,
        required=not column.blank,
        widget=widget,
        **words,
    )


def _typed_in(column: Any, words: dict[str, Any], attrs: Mapping[str, Any]) -> forms.Field:
    field: forms.Field = column.formfield(initial=None, **_bounds(column), **words)
    field.validators += [rule for rule in column.validators if rule not in field.validators]
    field.widget.attrs |= attrs
    if isinstance(field.widget, forms.TextInput):
        field.widget.input_type = field.widget.attrs.pop("type", field.widget.input_type)
    return field


def _bounds(column: Any) -> dict[str, Any]:
    """The minimum and maximum of a number, for the input."""
    kinds = {validators.MinValueValidator: "min_value", validators.MaxValueValidator: "max_value"}
    return {
        kinds[type(rule)]: rule.limit_value for rule in column.validators if type(rule) in kinds
    }
