"""Queries that are used in several places. Nothing here changes, locks or mails anything."""
