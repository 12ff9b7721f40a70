"""Forms with error messages of their own for missing values."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class WordedForm(forms.Form):
    required_words: "ClassVar[Mapping[str, _StrPromise]]" = {}
    """Field name → message when it is empty."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name in self.required_words:
                field.error_messages["required"] = self.required_words[name]
