"""Administration of people. Importing the modules registers them."""

from . import accounts, applications, events, people, registrations

__all__ = ["accounts", "applications", "events", "people", "registrations"]
