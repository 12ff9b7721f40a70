"""Administration of offers and organisations. Importing the modules registers their models."""

from . import (
    entries,
    events,
    offers,
    organisations,
    published,
    saved_lists,
    taxonomy,
    templates,
)

__all__ = [
    "entries",
    "events",
    "offers",
    "organisations",
    "published",
    "saved_lists",
    "taxonomy",
    "templates",
]
