"""Administration of the Willkommensräume, with opening hours, offers and carriers on the same page."""

from django.contrib import admin

from programs.admin.base import ScopedTabularInline
from programs.admin.entries import EntryAdminBase
from programs.exchange.admin import ExchangeAdminMixin

from .models import CarrierPeriod, OpeningHours, RoomOffer, WelcomeRoom
from .resources import WelcomeRoomResource


class OpeningHoursInline(ScopedTabularInline[OpeningHours, WelcomeRoom]):
    model = OpeningHours


class RoomOfferInline(ScopedTabularInline[RoomOffer, WelcomeRoom]):
    model = RoomOffer
    fields = ("title", "note", "position")


class CarrierPeriodInline(ScopedTabularInline[CarrierPeriod, WelcomeRoom]):
    """Who ran the room, and when. The current Träger is the room's organisation."""

    model = CarrierPeriod
    autocomplete_fields = ("organisation",)
    fields = ("organisation", "since", "until", "note")


@admin.register(WelcomeRoom)
class WelcomeRoomAdmin(ExchangeAdminMixin, EntryAdminBase[WelcomeRoom]):
    resource_classes = (WelcomeRoomResource,)
    list_display = (
        "title",
        "organisation",
        "place",
        "status_label",
        "is_published",
        "stand",
        "confirmed",
    )
    inlines = (OpeningHoursInline, RoomOfferInline, CarrierPeriodInline)
    where_when = (
        "place",
        "street",
        "access_note",
        "hours_note",
        *EntryAdminBase.where_when,
    )
    office = ("funder", "funding_programme", "department", "internal_note")
