"""Dates as people type them in Germany, where the browser has no calendar."""

DATE_INPUT_FORMATS = ["%d.%m.%Y", "%d/%m/%Y"]
