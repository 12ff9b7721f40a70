"""Numbers that people type, as they write them in Germany and elsewhere."""

from typing import Any

from django import forms

COMMAS = str.maketrans({",": ".", "٫": "."})


class AmountField(forms.DecimalField):
    """„1,5“ and „1.5“ are the same, in every language of the page; also with the digits of other scripts."""

    def __init__(self, **options: Any) -> None:
        super().__init__(localize=True, **options)

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.translate(COMMAS) if isinstance(value, str) else value)
