"""Forms of the import and export pages."""

import itertools
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from openpyxl.utils import get_column_letter

from ..models import ListImport
from .cells import as_text
from .columns import LEFT_OUT, Columns, headings_of
from .reading.bounds import MAX_BYTES
from .reading.headings import texts
from .reading.separated import OLD
from .reading.table import Numbered, SheetName, Table
from .writers import EXPORT_FORMATS

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

HEADINGS_OFFERED = 15
SAMPLES = 3

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


def one_line(text: str) -> str:
    """One readable line, without control characters or marks that change the text direction."""
    line = " ".join(text.split())
    if not line.isprintable():
        raise forms.ValidationError(_("Bitte schreiben Sie nur lesbare Zeichen."))
    return line


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
        return one_line(self.cleaned_data["purpose"])

    def clean_ids(self) -> list[int]:
        return [int(n) for n in self.cleaned_data["ids"].split(",") if n and len(n) < 19]


class ColumnsField(forms.MultipleChoiceField):
    """Columns of an export. None chosen means all, so that a list says itself what is left out."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Spalten"))
        kwargs.setdefault("help_text", _("Ohne Haken kommen alle Spalten in die Datei."))
        super().__init__(required=False, **kwargs)


class LettersField(forms.BooleanField):
    """Addresses for a mail merge in place of the list."""

    def __init__(self, **kwargs: Any) -> None:
        help_text = _(
            "Eine Zeile je Brief mit Anrede, Name, Ansprechstelle, Straße, PLZ und Ort. Wer keine "
            "vollständige Anschrift hat, ist nicht dabei; die Auswahl der Spalten gilt dann nicht."
        )
        label = _("Als Adressen für Serienbriefe")
        super().__init__(required=False, label=label, help_text=help_text, **kwargs)


class ListExportForm(ExportForm):
    """Also which columns; ``offered`` are names and headings."""

    columns = ColumnsField()
    letters = LettersField()

    def __init__(
        self,
        *args: Any,
        offered: list[tuple[str, str]],
        has_letters: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if not has_letters:
            del self.fields["letters"]
        self.offered = offered
        cast("ColumnsField", self.fields["columns"]).choices = offered

    def in_words(self) -> str:
        """The chosen columns, for the log of exports; empty if it is all of them."""
        if self.cleaned_data.get("letters"):
            return gettext("Adressen für Serienbriefe")
        chosen = self.cleaned_data["columns"]
        headings = [heading for name, heading in self.offered if name in chosen]
        if len(headings) in (0, len(self.offered)):
            return ""
        return gettext("Spalten: %(columns)s") % {"columns": ", ".join(headings)}


class UploadForm(forms.Form):
    """One file. Its format is detected from its content."""

    import_file = forms.FileField(
        label=_("Datei"),
        max_length=255,
        help_text=_("Excel (.xlsx), LibreOffice (.ods) oder CSV, höchstens 5 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.ods,.csv,.txt"}),
        error_messages={
            "required": _("Bitte wählen Sie eine Datei."),
            "empty": _("Die Datei ist leer."),
        },
    )

    def clean_import_file(self) -> "UploadedFile[bytes]":
        file: UploadedFile[bytes] = self.cleaned_data["import_file"]
        if (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(
                _("Die Datei ist größer als 5 MB. Bitte teilen Sie die Liste.")
            )
        return file


class ColumnsForm(forms.Form):
    """How the file and its columns were understood; ``column_names`` has the field of each column."""

    sheet = forms.ChoiceField(label=_("Blatt"))
    encoding = forms.ChoiceField(
        label=_("Zeichen"),
        help_text=_("Ändern Sie das, wenn Umlaute falsch aussehen."),
    )
    heading_row = forms.TypedChoiceField(label=_("Überschriften in Zeile"), coerce=int)

    def __init__(
        self, *args: Any, columns: Columns, upload: ListImport, table: Table, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.columns, self.upload, self.table = columns, upload, table
        self._offer_file()
        meanings = [(LEFT_OUT, _("– nicht übernehmen –")), *columns.labels.items()]
        headings = headings_of(table, upload.heading_row)
        self.column_names = [f"column_{i}" for i in range(len(headings))]
        for i, (name, heading) in enumerate(zip(self.column_names, headings, strict=True)):
            label = gettext("Spalte %(letter)s") % {"letter": get_column_letter(i + 1)}
            self.fields[name] = forms.ChoiceField(
                label=f"{label}: {heading}" if heading else label,
                choices=meanings,
                required=False,
                initial=upload.mapping[i],
            )

    def _offer_file(self) -> None:
        """What the person may choose about the file as a whole."""
        table = self.table
        sheets = [(one.name, self._named(one)) for one in table.sheets]
        headings = [
            (i, f"{row[0]}: {' · '.join(filter(None, texts(row)))[:60]}")
            for i, row in enumerate(table.rows[:HEADINGS_OFFERED])
        ]
        self._offer("sheet", sheets, table.sheet)
        self._offer("heading_row", headings, self.upload.heading_row)
        by_label = {label: name for name, label in OLD.items()}
        self._offer("encoding", list(OLD.items()), by_label.get(table.encoding))

    def _offer(self, name: str, choices: list[tuple[Any, str]], chosen: Any) -> None:
        """Without a choice the field goes."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  as they are declared
        field.choices, field.initial = choices, chosen
        if len(choices) < 2 or chosen is None:
            del self.fields[name]

    @staticmethod
    def _named(sheet: SheetName) -> str:
        return (
            gettext("%(name)s (ausgeblendet)") % {"name": sheet.name}
            if sheet.is_hidden
            else sheet.name
        )

    def columns_with_samples(self) -> "list[tuple[forms.BoundField, list[str]]]":
        below = self.table.rows[self.upload.heading_row + 1 :]
        return [(self[name], samples(below, i)) for i, name in enumerate(self.column_names)]

    @property
    def rereads(self) -> bool:
        """Whether the person has chosen another sheet, encoding or row of headings."""
        return bool({"sheet", "encoding", "heading_row"} & set(self.changed_data))

    @property
    def mapping(self) -> list[str]:
        return [self.cleaned_data[name] for name in self.column_names]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not self.rereads:
            for fault in self.columns.faults([cleaned[name] for name in self.column_names]):
                self.add_error(None, fault)
        return cleaned


def samples(rows: list[Numbered], column: int) -> list[str]:
    """The first values of a column, shortened."""
    values = (as_text(cells[column]) for _n, cells in rows[:50] if len(cells) > column)
    return [value[:40] for value in itertools.islice(filter(None, values), SAMPLES)]
