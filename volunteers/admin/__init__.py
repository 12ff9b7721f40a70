"""Administration of people. Importing the modules registers them."""

from . import (
    accounts,
    applications,
    conduct_checks,
    events,
    people,
    registrations,
    requests,
    tandems,
)

__all__ = [
    "accounts",
    "applications",
    "conduct_checks",
    "events",
    "people",
    "registrations",
    "requests",
    "tandems",
]
