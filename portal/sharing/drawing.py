"""Draws a picture with typst, and makes its file small."""

import io
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from PIL import Image

from portal.map import load_cells
from volunteers import papers

from .shown import TEMPLATE, Shown

WIDTH, HEIGHT = 1200, 630
"""Pixels; what all messengers and networks show without cutting."""
COLOURS = (64, 24, 12)
"""The drawing is flat: with few colours the file is a third as large, and nobody sees a difference."""
LARGEST = 60_000
"""Bytes; a picture that is larger, because its title is long and intricate, gets fewer colours."""
MOST_MISSING = 20
"""So many characters without a font are looked for one by one; then only Latin letters stay."""
DEFAULT = "teilen.png"
"""The picture of pages without one of their own, among the static files; made by ``make picture``."""


def draw(shown: Shown) -> bytes:
    """The picture as PNG, identical each time; characters that no font has are left out."""
    png = without_missing(
        papers.picture,
        TEMPLATE,
        ppi=72,
        kind=shown.kind,
        title=shown.title,
        when=shown.when,
        where=shown.where,
        districts=shown.districts,
        name=_("Freiwilligenportal Stuttgart"),
        cells=cells(),
    )
    return small(png)


def draw_default() -> bytes:
    """The picture of the whole portal."""
    everywhere = tuple(cell.number for cell in load_cells())
    where = _("Engagement mit Menschen, die neu in der Stadt sind")
    return draw(Shown(_("Schön, dass Sie da sind"), _("Mitmachen in Stuttgart"), where, everywhere))


def cells() -> list[tuple[str, str]]:
    """The city's 23 districts: number, and corners as in an SVG."""
    return [(cell.number, cell.points) for cell in load_cells()]


def without_missing(make: Callable[..., bytes], template: Path, **words: Any) -> bytes:
    """What ``make`` makes of ``words``, without the characters that cannot be printed."""
    for _time in range(MOST_MISSING):
        try:
            return make(template, **words)
        except papers.CannotPrint as error:
            words = _changed(words, partial(_leave_out, error.text))
    return make(template, **_changed(words, _only_latin))


def _leave_out(missing: str, text: str) -> str:
    return text.replace(missing, "").replace("  ", " ").strip()


def _only_latin(text: str) -> str:
    return "".join(char for char in text if char < "\u0250")


def _changed(value: Any, change: Callable[[str], str]) -> Any:
    """``value`` with each of its strings changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: _changed(one, change) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_changed(one, change) for one in value]
    return value


def small(png: bytes) -> bytes:
    """The picture with as many of :data:`COLOURS` as keep it below :data:`LARGEST`."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    made = b""
    for number in COLOURS:
        file = io.BytesIO()
        flat = picture.quantize(number, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        flat.save(file, "png", optimize=True)
        made = file.getvalue()
        if len(made) < LARGEST:
            break
    return made
