"""Many choices in little room: checkboxes as wide as their words, the less usual ones folded."""

from typing import Any

from django import forms
from django.utils.html import format_html

from programs.models import Field


class ExplainedFields(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # has none when running
    """Fields of engagement, each with what people say who look for help: „Briefe vom Amt“."""

    def label_from_instance(self, obj: Field) -> str:
        plain = obj.said("in_plain_words")
        return format_html("<span>{}<small>{}</small></span>", obj, plain) if plain else str(obj)


class Pills(forms.CheckboxSelectMultiple):
    """Checkboxes; those after the first ``shown`` are in a part to unfold, without JavaScript.

    ``in_columns``: all of one width, for labels of similar length.
    """

    template_name = "volunteers/applications/_pills.html"

    def __init__(
        self, *args: Any, shown: int | None = None, in_columns: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.shown = shown
        self.in_columns = in_columns

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """With the choices as ``shown`` and ``folded``; the latter are open when one is chosen."""
        context = super().get_context(name, value, attrs)
        options = [one for _name, group, _index in context["widget"]["optgroups"] for one in group]
        first = len(options) if self.shown is None else self.shown
        context["shown"], context["folded"] = options[:first], options[first:]
        context["in_columns"] = self.in_columns
        context["chosen"] = sum(one["selected"] for one in context["folded"])
        return context
