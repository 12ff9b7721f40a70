"""Export and import of Willkommensräume and their visit counts."""

from typing import TYPE_CHECKING, Any, ClassVar

from import_export.fields import Field as Column

from programs.exchange.cells import as_text, tidy
from programs.exchange.names import ByName, NameWidget
from programs.exchange.resources import SheetResource
from programs.exchange.widgets import DayWidget, DegreesWidget, NumberWidget, YesNoWidget
from programs.resources import ENTRY_COLUMNS, EntryResource, text

from .models import VisitCount, WelcomeRoom

if TYPE_CHECKING:
    from volunteers.models import User


class WelcomeRoomResource(EntryResource):
    """Opening hours and offers are only exported, as text. Staff edit them on the room's admin page."""

    required = ("title", "organisation")
    other_headings: ClassVar[dict[str, str]] = {
        **EntryResource.other_headings,
        "Träger": "organisation",
    }
    prefetch = (*EntryResource.prefetch, "opening_hours", "offers")

    organisation = Column("organisation", "Organisation", NameWidget())
    place = text("place", "Ort")
    street = text("street", "Straße und Hausnummer")
    latitude = Column("latitude", "Breite (WGS84)", DegreesWidget())
    longitude = Column("longitude", "Länge (WGS84)", DegreesWidget())
    funder = text("funder", "gefördert von")
    funding_programme = text("funding_programme", "im Rahmen von")
    access_note = text("access_note", "Hinweise zum Zugang")
    hours = Column(None, "Öffnungszeiten", readonly=True)
    offer_names = Column(None, "Angebote", readonly=True)

    class Meta:
        model = WelcomeRoom
        fields = (
            *(name for name in ENTRY_COLUMNS if name not in ("type", "located_at")),
            "place", "street", "latitude", "longitude",
            "funder", "funding_programme", "access_note", "hours", "offer_names",
        )  # fmt: skip
        export_order = fields
        import_order = fields
        skip_unchanged = True
        report_skipped = True

    def dehydrate_hours(self, room: WelcomeRoom) -> str:
        return ", ".join(str(hours) for hours in room.opening_hours.all())

    def dehydrate_offer_names(self, room: WelcomeRoom) -> str:
        return ", ".join(offer.title for offer in room.offers.all())


class OfferWidget(NameWidget):
    """An offer, given by its title; it belongs to the room in the same row."""

    rooms: ByName

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        title = tidy(as_text(value))
        if not title:
            return None
        room = self.rooms.find(tidy(as_text(row[VisitCountResource.ROOM])))
        return ByName(room.offers.all, ("title",), "Angebot").find(title)


class VisitCountResource(SheetResource):
    """An import finds a count by room, day and offer."""

    ROOM = "Willkommensraum"

    required = ("room", "day", "number")
    other_headings: ClassVar[dict[str, str]] = {
        "Raum": "room",
        "Datum": "day",
        "Besucher": "number",
        "Anzahl": "number",
    }
    prefetch = ("room", "offer")

    room = Column("room", ROOM, NameWidget())
    offer = Column("offer", "Angebot", OfferWidget())
    day = Column("day", "Tag", DayWidget())
    number = Column("number", "Besuche", NumberWidget())
    is_estimate = Column("is_estimate", "geschätzt", YesNoWidget())

    class Meta:
        model = VisitCount
        fields = ("room", "offer", "day", "number", "is_estimate")
        export_order = fields
        import_order = fields
        skip_unchanged = True
        report_skipped = True

    def __init__(self, user: "User", **kwargs: Any) -> None:
        super().__init__(user, **kwargs)
        rooms: Any = WelcomeRoom.objects.visible_to(user)
        names = ByName(rooms.prefetch_related("offers").all, ("title",), "Willkommensraum")
        self.fields["room"].widget.names = names
        self.fields["offer"].widget.rooms = names

    def get_instance(self, instance_loader: Any, row: Any) -> Any:
        cell = {name: self.value(name, row) for name in ("room", "offer", "day")}
        return self.get_queryset().filter(**cell).first()
