"""The Django admin for people. Importing the modules registers them."""

from . import (
    accesses,
    accounts,
    applications,
    certificates,
    conduct_checks,
    enquiries,
    events,
    hours,
    mails,
    people,
    registrations,
    requests,
    retention,
    rules,
    security,
    tandems,
)

__all__ = [
    "accesses",
    "accounts",
    "applications",
    "certificates",
    "conduct_checks",
    "enquiries",
    "events",
    "hours",
    "mails",
    "people",
    "registrations",
    "requests",
    "retention",
    "rules",
    "security",
    "tandems",
]
