"""Renders a template with data to an accessible PDF."""

import json
import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import typst
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from ..errors import DomainError

FONTS = (str(files("weblate_fonts")), str(Path(__file__).parent / "fonts"))
"""Open fonts from a dependency, and those that it lacks: a PDF looks the same on a server without fonts."""
STANDARD: Final = "ua-1"
"""PDF/UA-1 (ISO 14289-1): tagged, with language and title, and a text for every picture."""
PREVIEW_PPI = 96
MISSING_GLYPH = re.compile(r"the text `\"(?P<text>.+?)\"` could not be displayed")

ESCAPED = re.compile(r"\\u\{(?P<hex>[0-9a-f]+)\}")
"""How typst's error message writes characters that are not printable."""


class CannotPrint(DomainError):
    """None of the fonts has the character: better no document than one with empty boxes."""

    message = _(
        "Das Zeichen „%(text)s“ lässt sich nicht drucken. Bitte schreiben Sie den Text ohne dieses "
        "Zeichen."
    )

    def __init__(self, text: str) -> None:
        self.text = text
        shown = text if text.isprintable() else " ".join(f"U+{ord(char):04X}" for char in text)
        super().__init__(self.message % {"text": shown})


def render(template: str | Path, **data: Any) -> bytes:
    """The file ``<template>.typ`` in this folder with ``data``, as PDF; a path is another room's template.

    The template gets the data as JSON and shows it as text, never as markup. Nothing is written to
    disk, and calls share nothing but the list of fonts, so they may run concurrently. Raises
    ``CannotPrint`` for characters without a font; any other error of typst is a mistake in the
    template and is re-raised.
    """
    try:
        pdf = _compiler(template, data).compile(format="pdf", pdf_standards=[STANDARD])
    except typst.TypstError as error:
        if missing := MISSING_GLYPH.search(str(error)):
            text = ESCAPED.sub(lambda found: chr(int(found["hex"], 16)), missing["text"])
            raise CannotPrint(text) from error
        raise
    assert isinstance(pdf, bytes)  # noqa: S101 - without a file name typst gives the content
    return pdf


def picture(template: str | Path, *, ppi: int = PREVIEW_PPI, **data: Any) -> bytes:
    """The first page as PNG, for a preview before issuing, or to show it; raises ``CannotPrint``."""
    render(template, **data)  # only a PDF reports missing characters
    pages = _compiler(template, data).compile(format="png", ppi=ppi)
    first = pages[0] if isinstance(pages, list) else pages
    assert isinstance(first, bytes)  # noqa: S101 - as above
    return first


def _compiler(template: str | Path, data: dict[str, Any]) -> typst.Compiler:
    return typst.Compiler(
        template if isinstance(template, Path) else Path(__file__).parent / f"{template}.typ",
        root=settings.BASE_DIR,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data)},
    )


@cache
def _fonts() -> typst.Fonts:
    """Searched once for each process; typst reads a font file when a text needs it."""
    return typst.Fonts(include_system_fonts=False, font_paths=list(FONTS))
