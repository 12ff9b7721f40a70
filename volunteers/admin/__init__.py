"""Administration of people. Importing the modules registers them."""

from . import (
    accounts,
    applications,
    certificates,
    conduct_checks,
    events,
    hours,
    people,
    registrations,
    requests,
    retention,
    security,
    tandems,
)

__all__ = [
    "accounts",
    "applications",
    "certificates",
    "conduct_checks",
    "events",
    "hours",
    "people",
    "registrations",
    "requests",
    "retention",
    "security",
    "tandems",
]
