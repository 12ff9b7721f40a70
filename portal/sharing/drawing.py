"""Draws a picture with typst, and makes its file small."""

import io

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
DEFAULT = "teilen.png"
"""The picture of pages without one of their own, among the static files; made by ``make picture``."""


def draw(shown: Shown) -> bytes:
    """The picture as PNG, identical each time; characters that no font has are left out."""
    png = papers.without_missing(
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
