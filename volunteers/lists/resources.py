"""The import-export resources of lists that are only exported; ``people.py`` has the one that comes back."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet
from import_export.fields import Field as Column

from programs.exchange.names import NameWidget
from programs.exchange.resources import SheetResource
from programs.exchange.widgets import ChoiceWidget, EmailWidget, TextWidget, YesNoWidget

from ..models import Application, Expense, HoursEntry, Registration
from ..models.questions import Section
from ..models.registrations import RegistrationStatus
from . import lines
from .columns import OF_APPLICATIONS, OF_PEOPLE, columns

WHO = [one.key for one in OF_PEOPLE if one.section is Section.FIRST]
WHAT = [one.key for one in OF_APPLICATIONS if one.key not in WHO]


class ApplicationResource(SheetResource):
    """Applications are only exported; they come into the portal by sign-up."""

    locals().update(columns(OF_APPLICATIONS))
    people = Column("people", "Menschen")
    wish = Column("wish", "Angebot")
    organisation = Column("organisation", "Organisation", NameWidget())
    status = Column("status", "Status", ChoiceWidget(Application.Status.choices))
    submitted_at = Column("submitted_at", "eingegangen")
    answer_by = Column("answer_by", "Antwort bis")
    decline_reason = Column("decline_reason", "Grund der Absage", TextWidget(lines=True))
    more_asked = Column(None, "Sprachen, Orte, Zeiten", readonly=True)
    open_steps = Column(None, "offene Schritte", readonly=True)

    class Meta:
        model = Application
        fields = (
            *WHO, "people", "wish", "organisation", "status", "submitted_at", "answer_by", *WHAT, "decline_reason",
            "more_asked", "open_steps",
        )  # fmt: skip
        export_order = fields

    def lines(self, queryset: "QuerySet[Any]") -> Iterator[Iterable[Any]]:
        return lines.application_lines(queryset, self.get_export_order())


class RegistrationResource(SheetResource):
    """The people who come to events; only exported."""

    event = Column("event__title", "Termin")
    starts_at = Column("event__starts_at", "Beginn")
    name = Column("name", "Name", TextWidget())
    email = Column("email", "E-Mail", EmailWidget())
    status = Column("status", "Status", ChoiceWidget(RegistrationStatus.choices))
    attended = Column("attended", "teilgenommen", YesNoWidget())
    note = Column("note", "Hinweis", TextWidget(lines=True))
    organisation = Column("organisation__title", "Organisation")
    submitted_at = Column("submitted_at", "eingegangen")

    class Meta:
        model = Registration
        fields = (
            "event", "starts_at", "name", "email", "status", "attended", "note", "organisation",
            "submitted_at",
        )  # fmt: skip
        export_order = fields

    def lines(self, queryset: "QuerySet[Any]") -> Iterator[Iterable[Any]]:
        return lines.registration_lines(queryset)


class HoursResource(SheetResource):
    """Hours are only exported; they are entered on the pages of applications."""

    on = Column("on", "Datum")
    hours = Column("hours", "Stunden")
    what = Column("what", "Was", TextWidget())
    name = Column("name", "Name", TextWidget())
    wish = Column("wish", "Angebot")
    organisation = Column("organisation", "Organisation", NameWidget())
    district = Column("district", "Stadtbezirk")
    confirmed_on = Column("confirmed_on", "bestätigt am")

    class Meta:
        model = HoursEntry
        fields = (
            "on", "hours", "what", "name", "wish", "organisation", "district", "confirmed_on",
        )  # fmt: skip
        export_order = fields

    def lines(self, queryset: "QuerySet[Any]") -> Iterator[Iterable[Any]]:
        return lines.hours_lines(queryset)


class ExpenseResource(SheetResource):
    """The list for the cash office; exporting changes nothing."""

    number = Column("number", "Nummer")
    on = Column("on", "Datum")
    kind = Column("kind", "Wofür", ChoiceWidget(Expense.Kind.choices))
    amount = Column("amount", "Betrag in Euro")
    name = Column("name", "Name", TextWidget())
    email = Column("email", "E-Mail", EmailWidget())
    wish = Column("wish", "Angebot")
    organisation = Column("organisation", "Organisation", NameWidget())
    status = Column("status", "Status", ChoiceWidget(Expense.Status.choices))
    decided_on = Column("decided_on", "entschieden am")
    closed_on = Column("closed_on", "abgeschlossen am")

    class Meta:
        model = Expense
        fields = (
            "number", "on", "kind", "amount", "name", "email", "wish", "organisation", "status",
            "decided_on", "closed_on",
        )  # fmt: skip
        export_order = fields

    def lines(self, queryset: "QuerySet[Any]") -> Iterator[Iterable[Any]]:
        return lines.expense_lines(queryset)
