"""The columns of a list, for exports and imports.

Subclasses declare the columns as import-export fields with German headings. An export only needs
``rows``, which is independent of files and requests. An import runs in one transaction, which is
rolled back if one row is bad. It only changes or creates records that are visible to the user.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar

import tablib
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from import_export import resources, results

from programs.constraints import sentence_of

from .cells import as_text, exported, key, says
from .problems import problems_of
from .readers import FileProblem, Sheet
from .widgets import NamesWidget

if TYPE_CHECKING:
    from volunteers.models import User

CHUNK = 500
"""Number of records that an export holds in memory."""


class PlainDiff:
    """The changes of one row as HTML without inline styles, because the CSP forbids these."""

    def __init__(self, resource: Any, instance: Any, new: bool) -> None:
        self.before = [] if new else self._values(resource, instance)
        self.after: list[str] = []

    def compare_with(self, resource: Any, instance: Any) -> None:
        self.after = self._values(resource, instance) if instance is not None else []

    def as_html(self) -> list[SafeString]:
        before = self.before or self.after
        return [_changed(old, new) for old, new in zip(before, self.after, strict=True)]

    @staticmethod
    def _values(resource: Any, instance: Any) -> list[str]:
        return [as_text(resource.shown(field, instance)) for field in resource.written_fields()]


def _changed(old: str, new: str) -> SafeString:
    if old == new:
        return conditional_escape(new)
    return (
        format_html("<del>{}</del> <ins>{}</ins>", old, new)
        if old
        else format_html("<ins>{}</ins>", new)
    )


class SheetResource(resources.ModelResource):
    """Base of all lists. ``user`` exports or imports the list."""

    required: ClassVar[tuple[str, ...]] = ()
    """Names of the fields whose columns an import must have."""
    other_headings: ClassVar[dict[str, str]] = {}
    """Other headings that an import accepts → name of the field."""
    prefetch: ClassVar[tuple[Any, ...]] = ()

    def __init__(self, user: "User", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.user = user
        self.ignored: list[str] = []

    # --- Export -----------------------------------------------------------------------------

    def rows(self, queryset: "models.QuerySet[Any]") -> Iterator[list[Any]]:
        """The headings, then a list of safe cells for each record. The number of queries per chunk is fixed."""
        yield self.headings()
        for line in self.lines(queryset):
            yield [exported(value) for value in line]

    def headings(self) -> list[str]:
        return [str(field.column_name) for field in self.get_export_fields()]

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
        """Import all rows or none. ``problems`` of the result has the errors with the file's row numbers."""
        numbers = getattr(dataset, "row_numbers", range(2, len(dataset) + 2))
        try:
            dataset = self.with_known_headings(dataset)
        except FileProblem as error:
            result = results.Result()
            result.append_base_error(results.Error(error))
            result.problems = []
            return result
        kwargs["rollback_on_validation_errors"] = True
        result = super().import_data(dataset, *args, **kwargs)
        for failed in result.base_errors:
            raise failed.error
        result.problems = problems_of(result, numbers, self._columns())
        return result

    def _columns(self) -> dict[str, str]:
        """Names of resource fields and of model fields → headings, in the order of the list."""
        found: dict[str, str] = {}
        for name in self.get_export_order():
            field = self.fields[name]
            found |= {name: field.column_name, field.attribute or name: field.column_name}
        return found

    def with_known_headings(self, dataset: tablib.Dataset) -> tablib.Dataset:
        """``dataset`` with the standard headings. Raises ``FileProblem`` with one sentence.

        Case, spaces, hyphens and the spelling of umlauts in headings do not matter. Columns that
        are only exported are listed in ``ignored``; no record takes their values. An unknown column is an error, so
        that no data is lost unnoticed.
        """
        known = {key(field.column_name): name for name, field in self.fields.items()}
        known |= {key(heading): name for heading, name in self.other_headings.items()}
        headings = list(dataset.headers or [])
        names = [known.get(key(heading)) for heading in headings]
        self._check_headings(headings, names)
        fields = [self.fields[name] for name in names]
        self.ignored = [h for h, field in zip(headings, fields, strict=True) if field.readonly]
        return tablib.Dataset(*dataset, headers=[field.column_name for field in fields])

    def _check_headings(self, headings: list[str], names: list[str | None]) -> None:
        unknown = [h for h, name in zip(headings, names, strict=True) if name is None]
        twice = [name for name, count in Counter(filter(None, names)).items() if count > 1]
        missing = [name for name in self.required if name not in names]
        if missing:
            text = _(
                "In der Datei fehlt die Spalte %(columns)s. Die erste Zeile muss Überschriften enthalten."
            )
            raise FileProblem(text % {"columns": self._quoted(missing)})
        if twice:
            raise FileProblem(
                _("Die Spalte %(columns)s steht mehrmals in der Datei.")
                % {"columns": self._quoted(twice)}
            )
        if unknown:
            text = _(
                "Diese Spalten kennt das Portal nicht: %(columns)s. Bitte löschen oder umbenennen Sie sie."
            )
            shown = ", ".join(
                f"«{heading}»" if heading else _("eine ohne Überschrift") for heading in unknown
            )
            raise FileProblem(text % {"columns": shown})

    def _quoted(self, names: list[str]) -> str:
        return ", ".join(f"«{self.fields[name].column_name}»" for name in names)

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
                if isinstance(field.widget, NamesWidget):
                    field.clean(row)
                else:
                    field.save(instance, row)
            except ValueError as error:
                errors[name] = [str(error)]
        if errors:
            raise ValidationError(errors)

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        """Also run the model's checks, so that all errors of the row are reported together."""
        errors = dict(import_validation_errors or {})
        try:
            instance.full_clean(exclude=self.unchecked(errors))
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

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


def as_dataset(sheet: Sheet) -> tablib.Dataset:
    """``sheet`` as a dataset for import-export. Columns without heading and content are left out."""
    width = max(len(sheet.headings), *(len(cells) for _number, cells in sheet.rows))
    headings = sheet.headings + [""] * (width - len(sheet.headings))
    rows = [list(cells) + [""] * (width - len(cells)) for _number, cells in sheet.rows]
    used = [i for i in range(width) if headings[i] or any(row[i] != "" for row in rows)]
    dataset = tablib.Dataset(
        *([row[i] for i in used] for row in rows), headers=[headings[i] for i in used]
    )
    dataset.row_numbers = [number for number, _cells in sheet.rows]
    return dataset
