"""The frame of a page is the same on nearly all pages, so its parts are made once (``_header.html``)."""

from functools import cache

from django import template
from django.urls import reverse
from django.utils.translation import get_language

register = template.Library()

MAIN = (
    ("portal:catalogue",),
    ("portal:map",),
    ("programs:event_list",),
    ("portal:page", "so-laeuft-es"),
    ("volunteers:my_page",),
)
"""What the main menu leads to."""


@register.simple_tag
def main_page(path: str | None) -> str:
    """``path`` if it is the address of a page of the main menu, else nothing; ``None``: there is no request."""
    return path if path in _main_pages(get_language()) else ""


@cache
def _main_pages(language: str | None) -> frozenset[str]:
    """In the active ``language``."""
    return frozenset(reverse(name, args=args) for name, *args in MAIN)
