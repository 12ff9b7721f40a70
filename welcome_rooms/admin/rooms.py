"""Administration of the Willkommensräume, with opening hours, offers and carriers on the same page."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import URLPattern

from programs.admin.base import ScopedTabularInline
from programs.admin.entries import EntryAdminBase
from programs.admin.translated import TranslatedMixin
from programs.exchange.admin import ExchangeAdminMixin

from ..models import CarrierPeriod, Closure, OpeningHours, RoomOffer, WelcomeRoom
from ..resources import WelcomeRoomResource
from .visits import VisitsOfRoomViews


class OpeningHoursInline(ScopedTabularInline[OpeningHours, WelcomeRoom]):
    model = OpeningHours


class ClosureInline(ScopedTabularInline[Closure, WelcomeRoom]):
    model = Closure
    fields = ("first_day", "last_day", "reason")


class RoomOfferInline(ScopedTabularInline[RoomOffer, WelcomeRoom]):
    model = RoomOffer
    fields = ("title", "note", "weekday", "starts", "ends", "since", "until", "position")


class CarrierPeriodInline(ScopedTabularInline[CarrierPeriod, WelcomeRoom]):
    """Who ran the room, and when. The current Träger is the room's organisation."""

    model = CarrierPeriod
    autocomplete_fields = ("organisation",)
    fields = ("organisation", "since", "until", "note")

    def get_queryset(self, request: HttpRequest) -> "models.QuerySet[CarrierPeriod]":
        return super().get_queryset(request).select_related("organisation")


@admin.register(WelcomeRoom)
class WelcomeRoomAdmin(
    TranslatedMixin, VisitsOfRoomViews, ExchangeAdminMixin, EntryAdminBase[WelcomeRoom]
):
    resource_classes = (WelcomeRoomResource,)
    list_display = (
        "title",
        "organisation",
        "place",
        "status_label",
        "is_published",
        "stand",
        "confirmed",
        "translated_label",
    )
    inlines = (OpeningHoursInline, ClosureInline, RoomOfferInline, CarrierPeriodInline)
    where_when = (
        "place",
        "street",
        ("latitude", "longitude"),
        "access_note",
        "hours_note",
        "open_on_holidays",
        *(name for name in EntryAdminBase.where_when if name != "located_at"),
    )
    office = ("funder", "funding_programme", "department", "internal_note")

    def get_urls(self) -> list[URLPattern]:
        return [*self.visits_urls(), *super().get_urls()]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Latitude and longitude may have a comma or a point."""
        if isinstance(db_field, models.FloatField):
            kwargs["localize"] = True
        return super().formfield_for_dbfield(db_field, request, **kwargs)
