"""Widgets for forms of the administration and for those of the public."""

from typing import Any

from django import forms


class OneLine(forms.Textarea):
    """A text of one line that is typed, and read, in several; line breaks become spaces."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"rows": 2, **(attrs or {})})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        text = super().value_from_datadict(data, files, name)
        return " ".join(text.splitlines()) if isinstance(text, str) else text
