"""Forms of the import and export pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from import_export.forms import ConfirmImportForm, ImportForm

from programs.requests import AnyUser

from .readers import MAX_BYTES
from .uploads import UploadGoneError, unsigned
from .writers import EXPORT_FORMATS

USUAL_PURPOSES = (
    _("Menschen anschreiben oder anrufen"),
    _("Termin oder Schulung vorbereiten"),
    _("Bericht oder Auswertung"),
    _("Angaben prüfen und ergänzen"),
    _("Förderung abrechnen"),
)
"""Suggestions for the purpose of an export. The user can also type another purpose."""


class PurposeInput(forms.TextInput):
    """A text input that suggests :data:`USUAL_PURPOSES` with a ``<datalist>``, without JavaScript."""

    template_name = "admin/exchange/_purpose_input.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        attrs = (attrs or {}) | {"list": f"{(attrs or {}).get('id', name)}_usual"}
        return super().get_context(name, value, attrs) | {"purposes": USUAL_PURPOSES}


class ExportForm(forms.Form):
    """Purpose and file format. ``ids``: primary keys of the rows selected in the list, separated by commas."""

    purpose = forms.CharField(
        label=_("Wofür brauchen Sie die Liste?"),
        min_length=5,
        max_length=200,
        widget=PurposeInput(attrs={"class": "vTextField", "autocomplete": "off"}),
        help_text=_("Ein paar Worte genügen, bitte ohne Namen von Menschen."),
        error_messages={"required": _("Bitte sagen Sie, wofür Sie die Liste brauchen.")},
    )
    format = forms.ChoiceField(
        label=_("Dateiformat"),
        choices=[(fmt.key, fmt.label) for fmt in EXPORT_FORMATS.values()],
        initial="xlsx",
        widget=forms.RadioSelect,
    )
    ids = forms.RegexField(r"^[\d,]*$", required=False, widget=forms.HiddenInput)

    def clean_purpose(self) -> str:
        """One readable line, without control characters or marks that change the text direction."""
        purpose = " ".join(self.cleaned_data["purpose"].split())
        if not purpose.isprintable():
            raise forms.ValidationError(_("Bitte schreiben Sie nur lesbare Zeichen."))
        return purpose

    def clean_ids(self) -> list[int]:
        return [int(n) for n in self.cleaned_data["ids"].split(",") if n and len(n) < 19]


class SheetImportForm(ImportForm):
    """One file. Its format is detected from its content."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["format"] = forms.CharField(widget=forms.HiddenInput, initial="0")
        file = self.fields["import_file"]
        file.label = _("Datei")
        file.help_text = _("Excel (.xlsx), LibreOffice (.ods) oder CSV, höchstens 5 MB.")
        file.widget.attrs["accept"] = ".xlsx,.ods,.csv,.txt"
        file.error_messages["required"] = _("Bitte wählen Sie eine Datei.")
        file.error_messages["empty"] = _("Die Datei ist leer.")

    @property
    def media(self) -> forms.Media:
        return forms.Media()

    def clean_format(self) -> str:
        return "0"

    def clean_import_file(self) -> Any:
        file = self.cleaned_data["import_file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(
                _("Die Datei ist größer als 5 MB. Bitte teilen Sie die Liste.")
            )
        return file


class SignedConfirmForm(ConfirmImportForm):
    """Contains the signed name of the upload, so that a user can confirm only their own file."""

    def __init__(self, *args: Any, user: AnyUser, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_format(self) -> str:
        return "0"

    def clean_import_file_name(self) -> str:
        try:
            return unsigned(self.cleaned_data["import_file_name"], self.user)
        except UploadGoneError as error:
            raise forms.ValidationError(
                _("Diese Datei liegt nicht mehr bereit. Bitte laden Sie sie noch einmal hoch.")
            ) from error
