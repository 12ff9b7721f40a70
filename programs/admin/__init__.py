"""Administration of what is on offer and by whom. Importing the modules registers them."""

from . import entries, events, offers, organisations, taxonomy

__all__ = ["entries", "events", "offers", "organisations", "taxonomy"]
