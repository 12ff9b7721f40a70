"""Public forms that ask in steps.

Each step is a page of its own, without JavaScript. What was typed in the others goes along as hidden
inputs, so nothing is kept on the server before the last press: reload, the way back, two tabs and an
expired session lose nothing. It needs no signature, because the last step checks everything again.
django-formtools has such a wizard, but keeps the answers in the session or in a cookie.
"""

from typing import Any, ClassVar, NamedTuple

from django import forms
from django.db.models import Model
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.html import format_html_join

from programs.meanwhile import in_words

from ..guard.forms import NOT_TYPED, GuardedForm


class Step(NamedTuple):
    number: int
    title: "Promise"
    names: tuple[str, ...]
    """Of its fields."""


class StepsForm(GuardedForm):
    """With ``only`` it checks the fields of one step; neither time nor limits count on the way."""

    steps: ClassVar[tuple[Step, ...]]

    def __init__(self, *args: Any, only: Step | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.only = only
        if only is not None:
            stay = {*only.names, *NOT_TYPED}
            self.fields = {name: field for name, field in self.fields.items() if name in stay}

    def clean(self) -> dict[str, Any]:
        return super().clean() if self.only is None else self.cleaned_data

    @classmethod
    def step_of(cls, number: str | None) -> Step | None:
        return next((one for one in cls.steps if str(one.number) == number), None)

    @classmethod
    def step_with(cls, name: str) -> Step:
        """The step that asks the field ``name``."""
        return next(one for one in cls.steps if name in one.names)

    @classmethod
    def carried(cls, typed: QueryDict, step: Step) -> list[tuple[str, str]]:
        """The hidden inputs of a page: what was typed in the other steps."""
        names = [name for one in cls.steps if one is not step for name in one.names]
        return [(name, value) for name in names for value in typed.getlist(name)]

    def in_step(self, step: Step) -> list[forms.BoundField]:
        return [self[name] for name in step.names if name in self.fields]

    def in_words(self, step: Step) -> list[tuple[str, str]]:
        """Label and answer of each field of ``step``; call it on a form that was checked."""
        self.full_clean()
        return [
            (str(field.label), answer_in_words(field.field, self.cleaned_data.get(field.name)))
            for field in self.in_step(step)
        ]

    def first_wrong_step(self) -> Step:
        """The first step with an error; the last one if nothing that was typed is wrong."""
        wrong = (one for one in self.steps if not self.errors.keys().isdisjoint(one.names))
        return next(wrong, self.steps[-1])


def answer_in_words(field: forms.Field, value: Any) -> str:
    """Like :func:`in_words`, but languages stay in their own script."""
    choices = dict(getattr(field, "choices", ())) if not isinstance(value, Model) else {}
    if isinstance(field, forms.MultipleChoiceField) and value:
        return format_html_join(", ", "{}", ((choices[one],) for one in value))
    return str(choices[value]) if value == "" and "" in choices else in_words(field, value)
