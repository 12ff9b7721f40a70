"""Export and import of organisations and events."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from import_export.fields import Field as Column

from .doubles import Named, likely_doubles
from .exchange.alike import Alike
from .exchange.cells import tidy
from .exchange.names import ByName, NamesWidget, NameWidget
from .exchange.resources import SheetResource
from .exchange.shorthand import LanguagesWidget
from .exchange.widgets import (
    ChoiceWidget,
    DayWidget,
    MomentWidget,
    NumberWidget,
    PhoneWidget,
    SlugWidget,
    TextWidget,
    YesNoWidget,
)
from .models import District, Entry, Event, Field, Organisation, TargetGroup
from .models.choices import Precision
from .models.organisations import POSTAL
from .slugs import give_slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from volunteers.models import User


def text(attribute: str, heading: str, *, lines: bool = False) -> Column:
    return Column(attribute, heading, TextWidget(lines=lines))


class EntryResource(SheetResource):
    """The common columns of entries. An import finds a record by its slug, else by its name."""

    required: ClassVar[tuple[str, ...]] = ("title",)
    other_headings: ClassVar[dict[str, str]] = {
        "Titel": "title",
        "Webadresse": "website",
        "Bezirke": "districts",
    }
    prefetch: ClassVar[tuple[Any, ...]] = (
        "districts",
        "fields",
        "target_groups",
        "organisation",
        "department",
    )
    names_of: ClassVar[dict[str, tuple[Any, tuple[str, ...], str]]] = {
        "districts": (District, ("name", "short_name"), "Stadtbezirk"),
        "fields": (Field, ("name",), "Engagementfeld"),
        "target_groups": (TargetGroup, ("name",), "Zielgruppe"),
    }

    title = text("title", "Name")
    slug = Column("slug", "Adresse", SlugWidget())
    summary = text("summary", "Kurzbeschreibung")
    description = text("description", "Beschreibung", lines=True)
    districts = Column("districts", "Stadtbezirke", NamesWidget(District))
    located_at = text("located_at", "Ort in Worten")
    fields_ = Column("fields", "Engagementfelder", NamesWidget(Field))
    target_groups = Column("target_groups", "Zielgruppen", NamesWidget(TargetGroup))
    languages = Column("languages", "Sprachen", LanguagesWidget())
    website = text("website", "Webseite")
    contact_role = text("contact_role", "Ansprechstelle")
    phone = Column("phone", "Telefon", PhoneWidget())
    phone_hours = text("phone_hours", "Sprechzeiten am Telefon")
    department = Column("department", "zuständige Stelle", NameWidget())
    status = Column(
        "status", "Status", ChoiceWidget(Entry.Status.choices, default=Entry.Status.ACTIVE)
    )
    is_published = Column("is_published", "veröffentlicht", YesNoWidget())
    accepts_sign_ups = Column("accepts_sign_ups", "nimmt Anmeldungen an", YesNoWidget())
    source = text("source", "Quelle")
    as_of = Column("as_of", "Stand", DayWidget())
    as_of_precision = Column(
        "as_of_precision", "Stand bekannt", ChoiceWidget(Precision.choices, default=Precision.DAY)
    )
    confirmed_on = Column("confirmed_on", "bestätigt am", DayWidget())

    def __init__(self, user: "User", **kwargs: Any) -> None:
        super().__init__(user, **kwargs)
        for name, (model, attributes, what) in self.names_of.items():
            widget = self.fields["fields_" if name == "fields" else name].widget
            widget.names = ByName(model.objects.all, attributes, what)
        for name in {"department", "organisation"} & set(self.fields):
            self.fields[name].widget.names = ByName(
                self.own_organisations, ("title",), "Organisation"
            )

    def own_organisations(self) -> "QuerySet[Organisation]":
        return Organisation.objects.visible_to(self.user)

    def get_instance(self, instance_loader: Any, row: Any) -> Any:
        if slug := self.value("slug", row):
            return self.get_queryset().filter(slug=slug).first()
        found = list(self.get_queryset().filter(title__iexact=self.value("title", row) or "")[:2])
        if len(found) > 1:
            raise ValidationError(_("Mehrere Einträge heißen so. Bitte geben Sie die Adresse an."))
        return found[0] if found else None

    def complete(self, instance: Any) -> None:
        give_slug(instance)

    def unchecked(self, errors: dict[str, Any]) -> set[str]:
        """Do not check ``kind``: ``save()`` sets it, and database constraints check it."""
        return {*errors, "kind", *({"slug"} if "title" in errors else ())}


SHORT_TYPES = {"FK": Organisation.Type.CIRCLE, "Ini": Organisation.Type.INITIATIVE}
ENTRY_COLUMNS = (
    "title", "slug", "type", "organisation", "summary", "description", "districts", "located_at",
    "fields_", "target_groups", "languages", "website", "contact_role", "phone", "phone_hours",
    "department", "status",
    "is_published", "accepts_sign_ups", "source", "as_of", "as_of_precision", "confirmed_on",
)  # fmt: skip
"""The order of the columns. A resource leaves out the columns that its model does not have."""


class OrganisationResource(EntryResource):
    required = ("title", "type")

    type = Column(
        "type", "Art der Organisation", ChoiceWidget(Organisation.Type.choices, also=SHORT_TYPES)
    )
    carried_by = text("carried_by", "getragen von")
    founded = Column("founded", "Gründungsjahr", NumberWidget())
    area = text("area", "Gebiet")
    contact_email = text("contact_email", "Adresse für Rückfragen")
    post_to = text("post_to", "Post zu Händen")
    post_street = text("post_street", "Straße und Hausnummer")
    post_code = text("post_code", "PLZ")
    post_city = text("post_city", "Ort")
    answer_days = Column("answer_days", "Antwortfrist in Tagen", NumberWidget(), default=7)

    class Meta:
        model = Organisation
        fields = (
            *(name for name in ENTRY_COLUMNS if name != "organisation"),
            "carried_by",
            "founded",
            "area",
            "contact_email",
            *POSTAL,
            "answer_days",
        )
        export_order = fields
        import_order = fields
        skip_unchanged = True
        report_skipped = True

    def complete(self, instance: Any) -> None:
        """A new organisation without a department gets the user's own, so that the user can see it."""
        super().complete(instance)
        if instance.pk is None and instance.department_id is None and not self.user.is_superuser:
            instance.department = Organisation.objects.employing(self.user).order_by("pk").first()

    def look_alike(self, rows: "Sequence[Any]") -> "list[Sequence[Alike]]":
        """Organisations with the same or a similar name (``programs/doubles.py``)."""
        named = [
            Named(
                self.value("title", row) or "",
                [district.pk for district in self.value("districts", row) or ()],
            )
            for row in rows
        ]
        return [
            [Alike(one.organisation, one.reason, is_proposed=one.is_same_name) for one in likely]
            for likely in likely_doubles(named, self.get_queryset())
        ]


class LetterResource(SheetResource):
    """Addresses for a mail merge: one row a letter, each part in a column of its own and in one line."""

    salutation = Column(None, "Anrede", readonly=True)
    title = text("title", "Name")
    attention = Column(None, "Ansprechstelle", readonly=True)
    street = text("post_street", "Straße")
    code = text("post_code", "PLZ")
    city = text("post_city", "Ort")

    class Meta:
        model = Organisation
        fields = ("salutation", "title", "attention", "street", "code", "city")
        export_order = fields

    def lines(self, queryset: "QuerySet[Any]") -> "Iterator[Iterable[Any]]":
        """Only those with a whole address: nobody prints a letter without one."""
        for line in super().lines(queryset.with_postal_address()):  # type: ignore[attr-defined]  # of organisations
            yield [tidy(value) for value in line]

    def dehydrate_salutation(self, organisation: Organisation) -> str:
        return _("Sehr geehrte Damen und Herren")

    def dehydrate_attention(self, organisation: Organisation) -> str:
        return organisation.post_to or organisation.contact_role


class EventResource(SheetResource):
    """An import finds an event by its slug, else by organisation, title and start."""

    required = ("title", "kind", "organisation", "starts_at", "ends_at")
    other_headings: ClassVar[dict[str, str]] = {
        "Name": "title",
        "von": "starts_at",
        "bis": "ends_at",
    }
    prefetch = ("organisation", "district")

    title = text("title", "Titel")
    slug = Column("slug", "Adresse", SlugWidget())
    kind = Column("kind", "Art", ChoiceWidget(Event.Kind.choices))
    organisation = Column("organisation", "Organisation", NameWidget())
    starts_at = Column("starts_at", "Beginn", MomentWidget())
    ends_at = Column("ends_at", "Ende", MomentWidget())
    registration_until = Column("registration_until", "Anmeldung bis", MomentWidget())
    place = text("place", "Ort")
    street = text("street", "Straße und Hausnummer")
    district = Column("district", "Stadtbezirk", NameWidget())
    online_url = text("online_url", "Link zur Teilnahme")
    access_note = text("access_note", "Hinweise zum Zugang")
    languages = Column("languages", "Sprachen", LanguagesWidget())
    childcare_note = text("childcare_note", "Kinderbetreuung")
    takes_registrations = Column("takes_registrations", "mit Anmeldung", YesNoWidget())
    only_invited = Column("only_invited", "nur mit Einladung", YesNoWidget())
    asks_again = Column("asks_again", "kurz vorher nachfragen", YesNoWidget())
    capacity = Column("capacity", "Plätze", NumberWidget())
    qualification = text("qualification", "bescheinigt")
    qualification_months = Column("qualification_months", "gilt so viele Monate", NumberWidget())
    summary = text("summary", "Kurzbeschreibung")
    description = text("description", "Beschreibung", lines=True)
    is_published = Column("is_published", "veröffentlicht", YesNoWidget())
    is_cancelled = Column("is_cancelled", "abgesagt", YesNoWidget())

    class Meta:
        model = Event
        fields = (
            "title", "slug", "kind", "organisation", "starts_at", "ends_at", "registration_until",
            "place", "street", "district", "online_url", "access_note", "childcare_note", "languages",
            "takes_registrations", "only_invited", "asks_again", "capacity", "qualification",
            "qualification_months", "summary", "description", "is_published", "is_cancelled",
        )  # fmt: skip
        export_order = fields
        import_order = fields
        skip_unchanged = True
        report_skipped = True

    def __init__(self, user: "User", **kwargs: Any) -> None:
        super().__init__(user, **kwargs)
        own = Organisation.objects.visible_to(user)
        self.fields["organisation"].widget.names = ByName(own.all, ("title",), "Organisation")
        self.fields["district"].widget.names = ByName(
            District.objects.all, ("name", "short_name"), "Stadtbezirk"
        )

    def get_instance(self, instance_loader: Any, row: Any) -> Any:
        events = self.get_queryset()
        if slug := self.value("slug", row):
            return events.filter(slug=slug).first()
        return events.filter(
            title=self.value("title", row),
            organisation=self.value("organisation", row),
            starts_at=self.value("starts_at", row),
        ).first()

    def complete(self, instance: Any) -> None:
        give_slug(instance)

    def unchecked(self, errors: dict[str, Any]) -> set[str]:
        """Nothing is said about an address that could not be made, because the title is bad."""
        return {*errors, "slug"} if "title" in errors else set(errors)
