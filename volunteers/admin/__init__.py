"""Administration of people. Importing the modules registers them."""

from . import accounts, applications, people

__all__ = ["accounts", "applications", "people"]
