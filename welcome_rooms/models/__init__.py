"""Models of the app, by topic."""

from .rooms import CarrierPeriod, Closure, DateRange, OpeningHours, RoomOffer, WelcomeRoom
from .visits import VisitCount, VisitCountQuerySet

__all__ = [
    "CarrierPeriod",
    "Closure",
    "DateRange",
    "OpeningHours",
    "RoomOffer",
    "VisitCount",
    "VisitCountQuerySet",
    "WelcomeRoom",
]
