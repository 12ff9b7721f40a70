"""Administration of the app, by topic; Django finds it by this name."""

from . import rooms, visits

__all__ = ["rooms", "visits"]
