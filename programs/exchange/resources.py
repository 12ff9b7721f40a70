"""The columns of a list, for exports and imports.

Subclasses declare the columns as import-export fields with German headings. An export only needs
``rows``, which is independent of files and requests. An import runs in one transaction, which is
rolled back if one row is bad. It only changes or creates records that are visible to the user.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import tablib
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from programs.constraints import fields_of, sentence_of

from .alike import DecidedRows
from .cells import exported, says
from .names import NamesWidget
from .reading.cells import BadCell
from .widgets import PhoneWidget

if TYPE_CHECKING:
    from volunteers.models import User

CHUNK = 500
"""Number of records that an export holds in memory."""


class PlainDiff:
    """The changes of one row, as plain values."""

    def __init__(self, resource: Any, instance: Any, new: bool) -> None:
        self.before = [] if new else self._values(resource, instance)
        self.after: list[str] = []

    def compare_with(self, resource: Any, instance: Any) -> None:
        self.after = self._values(resource, instance) if instance is not None else []

    def as_html(self) -> list[list[str]]:
        """The value before and after of each column; templates make HTML of it."""
        before = self.before or self.after
        return [[old, new] for old, new in zip(before, self.after, strict=True)]

    @staticmethod
    def _values(resource: Any, instance: Any) -> list[str]:
        values: list[str] = resource.values_of(instance)
        return values


class SheetResource(DecidedRows):
    """Base of all lists. ``user`` exports or imports the list."""

    required: ClassVar[tuple[str, ...]] = ()
    """Names of the fields whose columns an import must have."""
    other_headings: ClassVar[dict[str, str]] = {}
    """Other headings that an import knows → name of the field or of a part."""
    parts: ClassVar[dict[str, tuple[str, str]]] = {}
    """Parts of a value that may have columns of their own → heading, and the field they make up, in order."""
    joined: ClassVar[dict[str, str]] = {}
    """Fields that may have several columns → what comes between their values."""
    prefetch: ClassVar[tuple[Any, ...]] = ()

    def __init__(self, user: "User", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.user = user
        self.hidden_rows: list[int] = []
        self.on_row: Callable[[int], None] = lambda row: None

    # --- Export -----------------------------------------------------------------------------

    def rows(
        self, queryset: "models.QuerySet[Any]", columns: Iterable[str] = ()
    ) -> Iterator[list[Any]]:
        """The headings, then a list of safe cells for each record. The number of queries per chunk is fixed.

        ``columns`` are the names of those to export, in the order of the list; without names it is all.
        """
        wanted = set(columns)
        names = [name for name, _heading in self.offered()]
        places = [n for n, name in enumerate(names) if name in wanted]
        headings = self.headings()
        yield [headings[n] for n in places] or headings
        for line in self.lines(queryset):
            cells: Iterable[Any] = line
            if places:
                values = list(line)
                cells = [values[n] for n in places]
            # Nearly every cell is a text that needs nothing: not even a call.
            yield [
                one if type(one) is str and one.isprintable() else exported(one) for one in cells
            ]

    def headings(self) -> list[str]:
        return [str(field.column_name) for field in self.get_export_fields()]

    def offered(self) -> list[tuple[str, str]]:
        """Name and heading of each column of the export, in the order of the list."""
        return list(zip(self.get_export_order(), self.headings(), strict=True))

    def lines(self, queryset: "models.QuerySet[Any]") -> Iterator[Iterable[Any]]:
        """The values of the columns for each record.

        This is fast enough for hundreds of records. Resources for tens of thousands override it and
        read columns in place of model instances.
        """
        readers = [read for _field, read in self._read_fields()]
        bare = queryset.select_related(None).prefetch_related(None)
        for record in bare.prefetch_related(*self.prefetch).iterator(chunk_size=CHUNK):
            yield [read(record) for read in readers]

    def _read_fields(self) -> list[tuple[Any, Callable[[Any], Any]]]:
        """Each field, and what reads its value from a record."""
        fields = [(self.get_field_name(field), field) for field in self.get_export_fields()]
        return [(field, getattr(self, f"dehydrate_{name}", field.export)) for name, field in fields]

    # --- Import: the file ---------------------------------------------------------------------

    def import_data(self, dataset: tablib.Dataset, *args: Any, **kwargs: Any) -> Any:
        """Import all rows or none; with ``dry_run`` none. ``dataset`` comes from ``Columns.dataset``."""
        self.row_numbers = dataset.row_numbers
        kwargs |= {"rollback_on_validation_errors": True, "retain_instance_in_row_result": True}
        result = super().import_data(dataset, *args, **kwargs)
        for failed in result.base_errors:
            raise failed.error
        return result

    @staticmethod
    def has_faults(result: Any) -> bool:
        return bool(result.invalid_rows or result.error_rows)

    def after_import_row(self, row: Any, row_result: Any, **kwargs: Any) -> None:
        self.on_row(kwargs["row_number"])

    def notes(self, dataset: tablib.Dataset) -> list[str]:
        """What the person should know before confirming, one sentence each."""
        hidden = sorted(set(self.hidden_rows) & set(dataset.row_numbers))
        notes = []
        if hidden:
            text = _("In der Datei ausgeblendet und trotzdem dabei: Zeile %(rows)s.")
            notes.append(text % {"rows": listed(hidden)})
        for field in self.get_import_fields():
            if isinstance(field.widget, PhoneWidget) and field.column_name in dataset.headers:
                cells = list(zip(dataset.row_numbers, dataset[field.column_name], strict=True))
                for note, met in field.widget.doubts.items():
                    if rows := [row for row, cell in cells if met(cell)]:
                        words = {"column": field.column_name, "rows": listed(rows)}
                        notes.append(note % words)
        return notes

    def columns(self) -> dict[str, str]:
        """Names of resource fields and of model fields → headings, in the order of the list."""
        found: dict[str, str] = {}
        for name in self.get_export_order():
            field = self.fields[name]
            found |= {name: field.column_name, field.attribute or name: field.column_name}
        return found

    # --- Import: one row ----------------------------------------------------------------------

    def written_fields(self) -> list[Any]:
        return [field for field in self.get_import_fields() if not field.readonly]

    def shown(self, field: Any, instance: Any) -> Any:
        """The value of ``field`` as the preview shows it."""
        return field.export(instance)

    def get_diff_headers(self) -> list[str]:
        return [str(field.column_name) for field in self.written_fields()]

    @classmethod
    def get_diff_class(cls) -> type[PlainDiff]:
        return PlainDiff

    def get_queryset(self) -> "models.QuerySet[Any]":
        """The records that the import may find and change."""
        found: models.QuerySet[Any] = self._meta.model.objects.visible_to(self.user)
        return found

    def after_init_instance(self, instance: Any, new: bool, row: Any, **kwargs: Any) -> None:
        """Forget the cells that say what an export says of the record.

        So an exported list changes nothing when it comes back, even where a cell says less than the
        record (no seconds) or where the record is such as no import makes it.
        """
        if new:
            return
        for field, read in self._read_fields():
            if field.column_name in row and says(row[field.column_name], read(instance)):
                del row[field.column_name]

    def value(self, name: str, row: Any) -> Any:
        """The value of field ``name`` in ``row``; None if the column is missing or the cell is bad.

        A bad cell is reported later, together with the others of the row.
        """
        field = self.fields[name]
        try:
            self._require_value(row.get(field.column_name))
            return field.clean(row) if field.column_name in row else None
        except ValueError:
            return None

    def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Set the values of the cells on ``instance``. Raises one error for all bad cells.

        Many-to-many cells (``NamesWidget``) are only checked here and saved later.
        """
        errors: dict[str, list[str]] = {}
        for name, field in self.fields.items():
            if field.readonly or field.column_name not in row:
                continue
            try:
                self._require_value(row[field.column_name])
                if isinstance(field.widget, NamesWidget):
                    field.clean(row)
                else:
                    field.save(instance, row)
            except ValueError as error:
                errors[name] = [str(error)]
        self.complete(instance)
        if errors:
            raise ValidationError(errors)

    @staticmethod
    def _require_value(cell: Any) -> None:
        if isinstance(cell, BadCell):
            raise ValueError(cell.sentence)

    def complete(self, instance: Any) -> None:
        """Fill in what the list need not say, also if a cell is bad: one fault must not cause another."""

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        """Also run the model's checks, so that all errors of the row are reported together."""
        errors = dict(import_validation_errors or {})
        try:
            instance.full_clean(exclude=self.unchecked(errors))
        except ValidationError as error:
            errors = error.update_error_dict(errors)
            self._name_columns(instance, errors)
        if errors:
            raise ValidationError(errors)

    def _name_columns(self, instance: Any, errors: dict[str, Any]) -> None:
        """A rule of the database about several columns is told at the last of them in the list."""
        left = []
        for error in ValidationError(errors.pop(NON_FIELD_ERRORS, [])).error_list:
            named = fields_of(instance, error.messages[0])
            names = [name for name in self.get_import_order() if name in named]
            if names:
                errors.setdefault(names[-1], []).append(error)
            else:
                left.append(error)
        if left:
            errors[NON_FIELD_ERRORS] = left

    def unchecked(self, errors: dict[str, Any]) -> set[str]:
        return set(errors)

    def do_instance_save(self, instance: Any, is_create: bool) -> None:
        try:
            with transaction.atomic():
                instance.save(force_insert=is_create)
        except IntegrityError as error:
            raise ValidationError(sentence_of(error)) from error

    def after_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Reject a saved record that is not visible to the user."""
        if not self.get_queryset().filter(pk=instance.pk).exists():
            raise ValidationError(
                _("Diese Zeile gehört zu einer Organisation, die nicht Ihre ist.")
            )

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        """Does nothing: no sequence has to be reset, because imports contain no primary keys."""


def listed(numbers: Sequence[int], most: int = 10) -> str:
    """Row numbers for a sentence: „2, 5, 9 …“."""
    shown = ", ".join(map(str, numbers[:most]))
    return f"{shown} …" if len(numbers) > most else shown
