"""The lists of requests and tandems; both are only exported."""

from typing import Any, ClassVar

from import_export.fields import Field as Column

from programs.exchange.names import NamesWidget, NameWidget
from programs.exchange.resources import SheetResource
from programs.exchange.shorthand import choices_widget
from programs.exchange.widgets import ChoiceWidget, EmailWidget, TextWidget
from programs.models import DayPart, Field, Language, Weekday

from ..models import CompanionRequest, Tandem
from ..models.families import ChildAge, For


class RequestResource(SheetResource):
    prefetch: ClassVar[tuple[Any, ...]] = ("fields", "district", "programme", "organisation")

    child_name = Column("child_name", "Vorname des Kindes", TextWidget())
    child_age = Column("child_age", "Alter des Kindes", ChoiceWidget(ChildAge.choices))
    asked_for = Column("asked_for", "Für wen", ChoiceWidget(For.choices))
    people = Column("people", "Für wie viele Menschen")
    companions = Column("companions", "Wie viele Begleitungen")
    agreed_at = Column("agreed_at", "eingewilligt")
    name = Column("name", "Name", TextWidget())
    email = Column("email", "E-Mail", EmailWidget())
    phone = Column("phone", "Telefon", TextWidget())
    status = Column("status", "Status", ChoiceWidget(CompanionRequest.Status.choices))
    programme = Column("programme", "Programm", NameWidget())
    organisation = Column("organisation", "betreut von", NameWidget())
    age_group = Column("age_group", "Alter", ChoiceWidget(CompanionRequest.AgeGroup.choices))
    wish = Column("wish", "wünscht sich", ChoiceWidget(CompanionRequest.Wish.choices))
    languages = Column("languages", "Sprachen", choices_widget(Language.choices))
    fields_ = Column("fields", "Wobei", NamesWidget(Field))
    district = Column("district", "Stadtbezirk", NameWidget())
    weekdays = Column("weekdays", "Wochentage", choices_widget(Weekday.choices))
    dayparts = Column("dayparts", "Tageszeiten", choices_widget(DayPart.choices))
    submitted_at = Column("submitted_at", "eingegangen")
    confirmed_at = Column("confirmed_at", "bestätigt")

    class Meta:
        model = CompanionRequest
        fields = (
            "name", "email", "phone", "status", "programme", "organisation", "age_group", "wish",
            "languages", "fields_", "district", "weekdays", "dayparts", "submitted_at", "confirmed_at",
            "asked_for", "child_name", "child_age", "people", "companions", "agreed_at",
        )  # fmt: skip
        export_order = fields


class TandemResource(SheetResource):
    prefetch: ClassVar[tuple[Any, ...]] = ("request", "application", "organisation")

    volunteer = Column("application__name", "Engagierte Person", TextWidget())
    newcomer = Column("request__name", "Begleitete Person", TextWidget())
    status = Column("status", "Status", ChoiceWidget(Tandem.Status.choices))
    organisation = Column("organisation", "betreut von", NameWidget())
    proposed_at = Column("proposed_at", "vorgeschlagen")
    started_on = Column("started_on", "Beginn")
    ended_on = Column("ended_on", "Ende")
    end_reason = Column("end_reason", "Grund des Endes", ChoiceWidget(Tandem.EndReason.choices))
    needs_support_since = Column("needs_support_since", "braucht Unterstützung seit")

    class Meta:
        model = Tandem
        fields = (
            "volunteer", "newcomer", "status", "organisation", "proposed_at", "started_on",
            "ended_on", "end_reason", "needs_support_since",
        )  # fmt: skip
        export_order = fields
