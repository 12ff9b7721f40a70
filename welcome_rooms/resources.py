"""Export and import of Willkommensräume."""

from typing import ClassVar

from import_export.fields import Field as Column

from programs.exchange.names import NameWidget
from programs.exchange.widgets import DegreesWidget
from programs.resources import ENTRY_COLUMNS, EntryResource, text

from .models import WelcomeRoom


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
