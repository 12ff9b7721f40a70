"""Figures without personal data: tables, hiding of small groups, and counts of deleted records."""
