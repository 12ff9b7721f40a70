"""Every page that anybody may open, from the table of access: a page that is added later is among them."""

from collections.abc import Iterator

from django.test import Client
from django.urls import reverse

from portal.languages.addresses import ONLY_GERMAN

from .access_table import ROWS


def open_to_all() -> set[str]:
    """The names of the public addresses."""
    rows = [line.split() for line in ROWS.strip().splitlines()[1:]]
    found = {name for name, method, anybody, *_rest in rows if (method, anybody) == ("GET", "200")}
    return {name for name in found if not name.startswith("admin:")}


def in_all_languages() -> list[str]:
    return sorted(open_to_all() - ONLY_GERMAN)


def addresses_of(names: list[str], arguments: dict[str, list]) -> Iterator[str]:
    """Their German addresses."""
    for name in names:
        yield reverse(name, args=arguments.get(name) or [])


def html_addresses(names: list[str], arguments: dict[str, list]) -> Iterator[str]:
    """The German addresses of those that are pages: no files, no pictures."""
    client = Client()
    for path in addresses_of(names, arguments):
        if "html" in client.get(path).headers["Content-Type"]:
            yield path
