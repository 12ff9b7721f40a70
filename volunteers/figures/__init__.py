"""Figures without people: tables, small groups left out, and counts of what was deleted."""
