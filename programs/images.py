"""Photographs as they come from cameras and phones: checked by content, then made anew in a few sizes.

What is checked in the request reads only the head of the file. Decoding is for a worker.
"""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from .models import PictureFile
from .models.pictures import WIDTHS

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

MAX_BYTES = 10 * 1024 * 1024
MOST_PIXELS = {"JPEG": 50_000_000, "MPO": 50_000_000, "PNG": 20_000_000, "WEBP": 20_000_000}
"""Format → how many pixels a file may have. JPEG is made smaller while it is decoded."""
LEAST_SIDE = 320
"""Pixels of the shorter side."""
LONGEST = 3
"""The longer side has at most so many times the pixels of the shorter one."""
FORMATS = ("JPEG", "PNG", "WEBP")
BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error, Image.DecompressionBombError)
"""What Pillow raises for a file that is no image, or damaged."""
HEIC = (b"ftypheic", b"ftypheix", b"ftyphevc", b"ftypmif1", b"ftypmsf1")
LONGEST_RECEIPT = 12
"""The same for a receipt from a till, which is long and narrow."""
RECEIPT_SIDE = 2000
"""Pixels of the longer side of a stored receipt: enough to read it."""
SRGB = ImageCms.createProfile("sRGB")
FORM = PictureFile.Form
ENCODING: dict[str, dict[str, object]] = {
    FORM.AVIF: {"format": "AVIF", "quality": 60, "speed": 7},
    FORM.JPEG: {"format": "JPEG", "quality": 80, "optimize": True, "progressive": True},
}


class ImageProblem(Exception):
    """The file cannot be used; ``sentence`` is for the person who has uploaded it."""

    def __init__(self, sentence: "_StrPromise") -> None:
        super().__init__(sentence)
        self.sentence = sentence


NO_IMAGE = _(
    "Das ist kein Foto, das wir lesen können. Bitte laden Sie ein JPEG, PNG oder WebP hoch."
)
IS_HEIC = _(
    "Das ist ein Foto im Format HEIC. Bitte laden Sie es als JPEG hoch: beim iPhone unter Einstellungen, "
    "Kamera, Formate „Maximale Kompatibilität“, oder das Foto per Mail an sich selbst schicken."
)
TOO_LARGE = _(
    "Das Foto ist größer als 10 MB. Bitte speichern Sie es kleiner; 2.000 Pixel Breite genügen."
)
TOO_MANY = _(
    "Das Foto hat zu viele Bildpunkte. Bitte speichern Sie es kleiner; 2.000 Pixel Breite genügen."
)
TOO_SMALL = _("Das Foto ist zu klein: Jede Seite braucht mindestens 320 Bildpunkte.")
TOO_LONG = _("Das Foto ist zu schmal: Die lange Seite ist höchstens dreimal so lang wie die kurze.")

TOO_NARROW = _("Das Foto ist zu klein, um den Beleg darauf zu lesen.")
IS_PDF = _(
    "Das ist eine PDF-Datei. Bitte laden Sie ein Foto oder ein Bildschirmfoto davon hoch, als JPEG, PNG oder "
    "WebP."
)


@dataclass(frozen=True)
class Size:
    """One size of a picture in one format."""

    form: str
    width: int
    height: int
    data: bytes


def check(data: bytes) -> None:
    """Raises :class:`ImageProblem` unless the head of the file is that of a photograph of a fair size."""
    if len(data) > MAX_BYTES:
        raise ImageProblem(TOO_LARGE)
    if data[4:12] in HEIC:
        raise ImageProblem(IS_HEIC)
    with _open(data) as image:
        _check_size(image)


def sizes_of(data: bytes) -> Iterator[Size]:
    """The picture in all sizes and formats, without anything that the file says beside it (place, camera).

    Raises :class:`ImageProblem` for a file that is damaged.
    """
    try:
        with _open(data) as image:
            _check_size(image)
        whole = _decode(data, 2 * WIDTHS[-1])
    except BROKEN as error:
        raise ImageProblem(NO_IMAGE) from error
    widest = min(whole.width, WIDTHS[-1])
    for width in [*(width for width in WIDTHS if width < widest), widest]:
        height = max(1, round(whole.height * width / whole.width))
        image = whole.resize((width, height), Image.Resampling.LANCZOS)
        for form, options in ENCODING.items():
            content = io.BytesIO()
            image.save(content, **options)  # type: ignore[arg-type]  # options of two encoders
            yield Size(form, width, height, content.getvalue())


def receipt_of(data: bytes) -> bytes:
    """The photograph of a receipt as one JPEG, without anything that the file says beside it.

    Unlike the photographs of entries it is made at once: there is only one size, and nothing that was
    uploaded is ever stored. Raises :class:`ImageProblem`.
    """
    if data.startswith(b"%PDF-"):
        raise ImageProblem(IS_PDF)
    if len(data) > MAX_BYTES:
        raise ImageProblem(TOO_LARGE)
    if data[4:12] in HEIC:
        raise ImageProblem(IS_HEIC)
    with _open(data) as image:
        short, long = sorted(image.size)
        if short * long > MOST_PIXELS[image.format or ""]:
            raise ImageProblem(TOO_MANY)
        if long < LEAST_SIDE or long > LONGEST_RECEIPT * short:
            raise ImageProblem(TOO_NARROW)
    try:
        whole = _decode(data, RECEIPT_SIDE)
    except BROKEN as error:
        raise ImageProblem(NO_IMAGE) from error
    content = io.BytesIO()
    whole.save(content, format="JPEG", quality=75, optimize=True)
    return content.getvalue()


def _open(data: bytes) -> Image.Image:
    """Reads the head. WebP alone gets its memory here, so its head is read by hand before."""
    if data[8:12] == b"WEBP" and _webp_pixels(data) > MOST_PIXELS["WEBP"]:
        raise ImageProblem(TOO_MANY)
    try:
        return Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise ImageProblem(TOO_MANY) from error
    except (UnidentifiedImageError, *BROKEN) as error:
        raise ImageProblem(NO_IMAGE) from error


def _webp_pixels(data: bytes) -> int:
    """What the head of the file claims (RFC 9649): extended, without loss, or plain."""

    def number(start: int, end: int) -> int:
        return int.from_bytes(data[start:end], "little")

    if data[12:16] == b"VP8X":
        return (number(24, 27) + 1) * (number(27, 30) + 1)
    if data[12:16] == b"VP8L":
        bits = number(21, 25)
        return ((bits & 0x3FFF) + 1) * ((bits >> 14 & 0x3FFF) + 1)
    return (number(26, 28) & 0x3FFF) * (number(28, 30) & 0x3FFF)


def _check_size(image: Image.Image) -> None:
    short, long = sorted(image.size)
    if short * long > MOST_PIXELS[image.format or ""]:
        raise ImageProblem(TOO_MANY)
    if short < LEAST_SIDE:
        raise ImageProblem(TOO_SMALL)
    if long > LONGEST * short:
        raise ImageProblem(TOO_LONG)


def _decode(data: bytes, side: int) -> Image.Image:
    """Upright, in sRGB, on white where it was transparent, ``side`` pixels long; only the pixels are left."""
    with _open(data) as image:
        image.draft("RGB", (side, side))
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((side, side))
        coloured = _in_srgb(upright, image.info.get("icc_profile"))
    clean = Image.new("RGB", coloured.size, "white")
    clean.paste(coloured, mask=coloured.getchannel("A") if coloured.mode == "RGBA" else None)
    return clean


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if image.mode.startswith("I"):
        image = image.point(lambda value: value / 256).convert("L")  # 16 bits a pixel
    mode = "RGBA" if image.has_transparency_data else "RGB"
    if profile and image.mode in {"RGB", "CMYK", "L"}:
        try:
            found = ImageCms.profileToProfile(
                image, ImageCms.ImageCmsProfile(io.BytesIO(profile)), SRGB, outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            found = None  # a profile that nobody understands
        if found is not None:
            return found
    return image.convert(mode)
