"""The form of one record and one language: German beside the translation."""

from typing import Any

from django import forms
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from programs.models import Translated
from programs.models.translated import Translation, digest
from programs.texts import translation_of

CHANGED = _(
    "Der deutsche Text oder die Übersetzung hat sich geändert, während Sie geschrieben haben. Bitte sehen Sie beides "
    "an und speichern Sie noch einmal. Was Sie geschrieben haben, steht noch da."
)


class TranslationForm(forms.Form):
    """A field for each text that there is in German, with the rules of the German column.

    „passt noch“ is asked where the German text has changed since. ``seen_…`` is what the page showed.
    """

    data: Any

    def __init__(self, data: Any = None, *, record: Translated, language: str) -> None:
        super().__init__(data)
        self.record, self.language = record, language
        self.names = record.to_translate()
        for name in self.names:
            self._add(name)

    def _add(self, name: str) -> None:
        column: Any = self.record._meta.get_field(name)
        field = column.formfield()
        there = self.record.translation(name, self.language)
        field.required, field.help_text = False, ""
        field.initial = there["text"] if there else ""
        is_long = len(self.record.german(name)) > 80 or "\n" in field.initial
        rows = min(30, 2 + len(self.record.german(name)) // 70)
        field.widget = forms.Textarea({"rows": rows}) if is_long else forms.TextInput()
        field.widget.attrs |= {"lang": self.language, "dir": "auto", "class": "vLargeTextField"}
        self.fields[name] = field
        if self.record.said(name, self.language).is_old:
            self.fields[f"fits_{name}"] = forms.BooleanField(
                label=_("Die Übersetzung passt auch zum neuen deutschen Text"), required=False
            )
        seen = forms.CharField(widget=forms.HiddenInput, initial=self._seen(name), required=False)
        self.fields[f"seen_{name}"] = seen

    def _seen(self, name: str) -> str:
        there = self.record.translation(name, self.language)
        return digest(self.record.german(name)) + digest(there["text"] if there else "")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in self.names:
            if name in data:
                data[name] = data[name].replace("\r\n", "\n")
            if (
                name in data
                and self._is_new(name, data)
                and data[f"seen_{name}"] != self._seen(name)
            ):
                self.add_error(name, CHANGED)
                self.data = {**self.data.dict(), f"seen_{name}": self._seen(name)}
        return data

    def _is_new(self, name: str, data: dict[str, Any]) -> bool:
        there = self.record.translation(name, self.language)
        return data[name] != (there["text"] if there else "") or bool(data.get(f"fits_{name}"))

    def texts(self) -> dict[str, Translation]:
        """What was written anew or confirmed."""
        data = self.cleaned_data
        return {
            name: translation_of(self.record, name, data[name])
            for name in self.names
            if self._is_new(name, data)
        }

    def rows(self) -> list[dict[str, Any]]:
        """For the page: label, German text, field, and whether the translation is old."""
        return [
            {
                "label": self.fields[name].label,
                "german": self.record.german(name),
                "field": self[name],
                "seen": self[f"seen_{name}"],
                "fits": self[f"fits_{name}"] if f"fits_{name}" in self.fields else None,
            }
            for name in self.names
        ]


class XliffForm(forms.Form):
    """The file, or on the second page its content, which is read again when it is confirmed."""

    MOST_BYTES = 3 * 1024 * 1024

    file = forms.FileField(
        label=_("XLIFF-Datei"), help_text=_("Höchstens 3 MB, Fassung 1.2."), required=False
    )
    content = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        file, content = data.get("file"), data.get("content", "")
        if file is not None and file.size > self.MOST_BYTES:
            self.add_error("file", __("Die Datei ist größer als 3 MB."))
        elif file is not None:
            data["xml"] = file.read()
        elif content and len(content) <= self.MOST_BYTES:
            data["xml"] = content.encode()
        elif "file" not in self.errors:
            self.add_error("file", __("Bitte wählen Sie eine Datei."))
        return data
