"""Rows that were chosen in a list and come back with the page behind the action."""

from django.http import HttpRequest

MOST_AT_ONCE = 500
"""The most rows in one action on people; each one is locked and mailed."""


def posted_keys(request: HttpRequest) -> list[int]:
    """The primary keys in the field ``ids``; what is no number is left out."""
    numbers = [n for n in request.POST.get("ids", "").split(",") if n.isdecimal()][:MOST_AT_ONCE]
    return [int(n) for n in numbers if len(n) < 19]
