"""Figures over time: what is counted each month, what is shown of it outside, and reports."""
