"""The list of people, which goes both ways: an export of what organisations know, an import of who is with them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.fields import Field as Column

from programs.exchange.alike import Alike
from programs.exchange.cells import says
from programs.exchange.names import ByName
from programs.exchange.resources import SheetResource
from programs.exchange.widgets import SEPARATOR, TextWidget
from programs.models import Organisation

from ..errors import DomainError
from ..models import Application, User, Volunteer
from ..models.identity import key_of
from ..reads.known import applications_in_sight
from . import lines
from .alike import look_alike, name_the_known
from .columns import LINKED, OF_PEOPLE, columns, linked, stored
from .taking_in import Intake, PersonRow, Who


class VolunteerResource(SheetResource):
    """People as an organisation knows them.

    A person is a name at an address: two rows with one address are two people. Somebody without an
    address is known by name and phone number.

    Export: one row for each person, with what the organisation was told (``lines.py``). Import:
    one row for each person, added to the organisations named in it (``taking_in.py``). The preview
    compares with the application that the organisation has, never with the person's own record.
    """

    required = ("name", "email")
    alike_note = gettext_lazy(
        "Bei „gleich“ und „zusammenführen“ bleiben Name und Adresse, wie sie im Portal stehen."
    )
    other_headings: ClassVar[dict[str, str]] = {
        "E-Mail-Adresse": "email",
        "Mail": "email",
        "Mailadresse": "email",
        "Telefonnummer": "phone",
        "Tel.": "phone",
        "Tel. privat": "phone",
        "Tel. dienstlich": "phone",
        "Festnetz": "phone",
        "Handy": "phone",
        "Mobil": "phone",
        "Mobilnummer": "phone",
        "Sprachkenntnisse": "languages",
        "Organisationen": "organisation",
        "Bezirk": "districts",
        "Bezirke": "districts",
        "Felder": "fields_of_engagement",
        "Familienname": "family_name",
        "Zuname": "family_name",
        "Rufname": "given_name",
    }
    parts: ClassVar[dict[str, tuple[str, str]]] = {
        "given_name": ("Vorname", "name"),
        "family_name": ("Nachname", "name"),
    }
    joined: ClassVar[dict[str, str]] = {"name": " ", "phone": ", "}

    locals().update(columns(OF_PEOPLE))
    organisation = Column("organisation_names", "Organisation", TextWidget())
    statuses = Column(None, "Status", readonly=True)

    class Meta:
        model = Application
        fields = (*(one.key for one in OF_PEOPLE), "organisation", "statuses")
        export_order = fields
        import_order = fields
        skip_unchanged = True
        report_skipped = True

    def __init__(self, user: User, **kwargs: Any) -> None:
        super().__init__(user, **kwargs)
        for one in linked(OF_PEOPLE):
            model = one.column.related_model
            self.fields[one.key].widget.names = ByName(model.objects.all, *LINKED[model])
        self.organisations = ByName(self._own_organisations, ("title",), "Organisation")
        self.seen_people: dict[tuple[str, str, str], int] = {}
        self.as_exported = False

    def _own_organisations(self) -> "QuerySet[Organisation]":
        """The organisations that the user works for. A department does not see people of its organisations."""
        if self.user.is_superuser:
            return Organisation.objects.all()
        return Organisation.objects.of(self.user)

    def lines(self, queryset: "QuerySet[Any]") -> Iterator[Iterable[Any]]:
        return lines.people_lines(queryset, self.user, self.get_export_order())

    def get_instance(self, instance_loader: Any, row: Any) -> Application | None:
        who, chosen = self._who(row), self._chosen(row, silent=True)
        known = self.intake.known(who, chosen[0]) if chosen else None
        self.as_exported = self._is_as_exported(row, who.email, is_known=known is not None)
        return known or (self._newest(who) if self.as_exported else None)

    def _who(self, row: Any) -> Who:
        return Who(*(self.value(name, row) or "" for name in Who._fields))

    def _newest(self, who: Who) -> Application | None:
        found = applications_in_sight(self.user).filter(volunteer__email=who.email)
        return found.filter(name__person_key=key_of(who.name)).first()

    def _is_as_exported(self, row: Any, email: str, *, is_known: bool) -> bool:
        """Whether each cell of the row says what an export says of the person: nothing changes then.

        A list without the status may name somebody again whose application is closed (or one that
        the organisation does not answer): then the person is with the organisation now.
        """
        if not is_known and self.fields["statuses"].column_name not in row:
            return False
        return any(
            all(says(cell, line[heading]) for heading, cell in row.items())
            for line in self.known_lines[email]
        )

    def look_alike(self, rows: Sequence[Any]) -> Sequence[Sequence[Alike]]:
        return look_alike([self._who(row) for row in rows], self.user)

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        super().before_import_row(row, **kwargs)
        self.as_exported = False

    def values_of(self, record: Any) -> list[str]:
        if not hasattr(record, "links"):
            self.after_init_instance(record, new=False, row=None)
        return super().values_of(record)

    def tells_who(self, field: Any, record: Any) -> bool:
        names = {"name", "email", "organisation_names", *([] if record.email else ["phone"])}
        return field.attribute in names

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        headings = {name: self.fields[name].column_name for name in Who._fields}
        name_the_known(dataset, self.decisions, headings, self.user)
        rows = [dict(zip(dataset.headers, cells, strict=True)) for cells in dataset]
        listed = [self._who(row) for row in rows]
        emails = {who.email for who in listed}
        self.intake = Intake(by=self.user, people=listed)
        self.known_lines: dict[str, list[dict[str, Any]]] = defaultdict(list)
        people = Volunteer.objects.visible_to(self.user).filter(email__in=emails)
        for line in self.lines(people):
            cells = dict(zip(self.headings(), line, strict=True))
            self.known_lines[cells[self.fields["email"].column_name]].append(cells)

    def after_init_instance(self, instance: Any, new: bool, row: Any, **kwargs: Any) -> None:
        instance.organisation_names = "" if new else str(instance.organisation)
        instance.links = {}

    def skip_row(
        self, instance: Any, original: Any, row: Any, import_validation_errors: Any = None
    ) -> bool:
        if self.as_exported and not import_validation_errors:
            return True
        return bool(super().skip_row(instance, original, row, import_validation_errors))

    def shown(self, field: Any, instance: Any) -> Any:
        """Relations of an imported row are shown before they are saved."""
        if (names := instance.links.get(field.attribute)) is not None:
            return SEPARATOR.join(map(str, names))
        return super().shown(field, instance)

    def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        if not self.as_exported:
            super().import_instance(instance, row, **kwargs)
            instance.links = {one.name: self.value(one.key, row) for one in linked(OF_PEOPLE)}
        told = self.intake.told(self._who(row))
        first = self.seen_people.setdefault(told, kwargs.get("row_number", 0))
        if first != kwargs.get("row_number", 0):
            raise ValidationError(
                {"name": [_("Diese Person steht schon weiter oben in der Liste.")]}
            )
        if self.as_exported:
            return
        chosen = self._chosen(row)
        instance.organisation_names = SEPARATOR.join(str(organisation) for organisation in chosen)

    def _chosen(self, row: Any, *, silent: bool = False) -> list[Organisation]:
        """The organisations named in a row; if none is named, the user's only one."""
        column = self.fields["organisation"].column_name
        try:
            chosen = self.organisations.split(str(row.get(column, "")))
        except ValueError as error:
            if silent:
                return []
            raise ValidationError({"organisation": [str(error)]}) from error
        if not chosen and len(self.organisations.by_key) == 1:
            chosen = list(self.organisations.by_key.values())
        if not chosen and not silent:
            raise ValidationError({"organisation": [_("Bitte nennen Sie die Organisation.")]})
        return chosen

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        """Checks the cells only: a check for uniqueness would reveal people whom the user may not see."""
        errors = dict(import_validation_errors or {})
        shown = set(stored(OF_PEOPLE)) - set(errors)
        if not instance.email and not errors:
            shown -= {"email"}
            if not instance.phone:
                text = _("Bitte geben Sie eine E-Mail-Adresse oder eine Telefonnummer an.")
                errors["email"] = [text]
        try:
            instance.clean_fields(exclude={f.name for f in instance._meta.fields} - shown)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if errors:
            raise ValidationError(errors)

    def do_instance_save(self, instance: Any, is_create: bool) -> None:
        """Does nothing: :meth:`after_save_instance` saves, because it has the row."""

    def after_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        person = PersonRow(profile=instance, links=instance.links)
        try:
            for organisation in self._chosen(row):
                taken = self.intake.take_in(person, organisation)
                instance.pk = instance.pk or taken.pk
        except DomainError as error:
            raise ValidationError(str(error)) from error

    def save_m2m(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Does nothing: :meth:`after_save_instance` has done it."""
