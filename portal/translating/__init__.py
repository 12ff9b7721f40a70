"""Translating the texts of records: pages of the administration, and files for translators' own tools (XLIFF)."""
