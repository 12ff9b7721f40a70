"""Photographs are checked by content and bounds before they are decoded, then made anew without anything beside."""

import io
import struct
import zlib

import pytest
from PIL import Image, ImageCms

from programs import images
from programs.images import ImageProblem, check, sizes_of
from tests.shown import photo

ORIENTATION, GPS, CAMERA = 0x0112, 0x8825, 0x0110


def png_that_says(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims any size."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def webp_that_says(width: int, height: int, like: bytes) -> bytes:
    """A WebP like the one given, with another size in its head."""
    sides = {
        b"VP8X": (24, (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")),
        b"VP8L": (21, (width - 1 | height - 1 << 14).to_bytes(4, "little")),
        b"VP8 ": (26, width.to_bytes(2, "little") + height.to_bytes(2, "little")),
    }
    start, claim = sides[like[12:16]]
    return like[:start] + claim + like[start + len(claim) :]


WEBP = {
    "plain": photo(form="WEBP"),
    "without loss": photo(form="WEBP", lossless=True),
    "extended": photo(form="WEBP", exif=b"Exif\0\0"),
}


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def from_a_phone() -> bytes:
    """Turned by a quarter, with the place, the camera and a comment."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # the right side of the file is the top
    exif[CAMERA] = "Telefon von Xanthippe"
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (48.0, 46.0, 39.0)
    return photo(exif=exif, comment="Zuhause bei Xanthippe")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_usual_formats_are_taken(form):
    check(photo(form=form))
    assert len(list(sizes_of(photo(form=form)))) == 6


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", images.NO_IMAGE),
        (b"\xff\xd8\xff" + b"x" * 500, images.NO_IMAGE),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
            images.NO_IMAGE,
        ),
        (b"%PDF-1.7\n", images.NO_IMAGE),
        (photo(form="GIF"), images.NO_IMAGE),
        (photo(form="TIFF"), images.NO_IMAGE),
        (photo(form="AVIF"), images.NO_IMAGE),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", images.IS_HEIC),
        (photo(size=(1000, 200)), images.TOO_SMALL),
        (photo(size=(2000, 400)), images.TOO_LONG),
        (b"\xff\xd8" + b"\0" * images.MAX_BYTES, images.TOO_LARGE),
        (png_that_says(5_000, 4_001), images.TOO_MANY),
        (png_that_says(30_000, 30_000), images.TOO_MANY),
        (png_that_says(2**31 - 1, 2**31 - 1), images.TOO_MANY),
    ],
)
def test_other_files_are_refused_with_their_sentence_before_they_are_decoded(data, sentence):
    with pytest.raises(ImageProblem) as refusal:
        check(data)
    assert refusal.value.sentence == sentence


def test_bounds_are_inclusive():
    check(photo(size=(960, 320)))
    check(png_that_says(5_000, 4_000))


@pytest.mark.parametrize("like", WEBP.values(), ids=WEBP)
def test_webp_gets_no_memory_for_what_it_claims(like, monkeypatch):
    check(like)
    monkeypatch.setattr(Image, "open", pytest.fail)
    with pytest.raises(ImageProblem) as refusal:
        check(webp_that_says(16_000, 16_000, like))
    assert refusal.value.sentence == images.TOO_MANY


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_damaged_file_gets_its_sentence_when_it_is_decoded(form):
    data = photo(form=form)
    check(data[: len(data) * 2 // 3])
    with pytest.raises(ImageProblem):
        list(sizes_of(data[: len(data) * 2 // 3]))


@pytest.mark.slow
def test_sizes_are_those_of_the_page_and_none_is_wider_than_the_upload():
    wide = [(one.form, one.width, one.height) for one in sizes_of(photo(size=(2400, 1200)))]
    assert wide == [
        (form, width, width // 2) for width in (480, 960, 1600) for form in ("avif", "jpg")
    ]
    assert [one.width for one in sizes_of(photo(size=(700, 500)))] == [480, 480, 700, 700]
    assert [one.width for one in sizes_of(photo(size=(400, 400)))] == [400, 400]
    for one in sizes_of(photo()):
        made = opened(one.data)
        assert made.format == {"avif": "AVIF", "jpg": "JPEG"}[one.form]
        assert made.size == (one.width, one.height)


def test_picture_is_upright_and_says_nothing_of_place_camera_or_comment():
    data = from_a_phone()
    assert b"Xanthippe" in data
    made = list(sizes_of(data))
    assert {one.form for one in made} == {"avif", "jpg"}
    for one in made:
        image = opened(one.data)
        assert image.height > image.width, "turned"
        red, blue = image.getpixel((5, 5)), image.getpixel((5, image.height - 5))
        assert red[0] > 200 > 60 > red[2]
        assert blue[2] > 200 > 60 > blue[0]
        assert not image.getexif()
        assert not {"comment", "xmp", "icc_profile", "exif"} & set(image.info)
        assert b"Xanthippe" not in one.data
        assert b"Exif" not in one.data or one.form == "avif"


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "CMYK", "I;16"])
def test_every_kind_of_pixel_is_read(mode):
    form = "JPEG" if mode == "CMYK" else "PNG"
    made = list(sizes_of(photo(mode=mode, form=form)))
    assert [one.width for one in made] == [480, 480, 960, 960, 1200, 1200]


def test_transparent_parts_are_white():
    image = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    content = io.BytesIO()
    image.save(content, "PNG")
    assert opened(list(sizes_of(content.getvalue()))[1].data).getpixel((200, 200)) == (255,) * 3


@pytest.mark.slow
def test_colours_of_a_camera_become_those_of_the_web():
    wide = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    list(sizes_of(photo(icc_profile=wide)))  # of no use for RGB: left out
    list(sizes_of(photo(icc_profile=b"no profile")))
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    red = opened(list(sizes_of(photo(icc_profile=srgb)))[1].data).getpixel((5, 5))
    assert red[0] > 245
