"""Photographs, voices and stories for tests, uploaded and made ready as in the portal."""

import io
from typing import Any

from django.utils import timezone
from PIL import Image, ImageDraw

from programs import pictures
from programs.models import Entry, Picture, Programme, Story, Voice

TEXT = "Ich war neu in Stuttgart und kannte niemanden. " * 8


def photo(size: tuple[int, int] = (1200, 800), form: str = "JPEG", **options: Any) -> bytes:
    """A picture file: red at the left, blue at the right."""
    mode = options.pop("mode", "RGB")
    image = Image.new(mode, size, "red" if mode in {"RGB", "RGBA"} else 0)
    if mode in {"RGB", "RGBA"}:
        ImageDraw.Draw(image).rectangle((size[0] // 2, 0, *size), fill="blue")
    content = io.BytesIO()
    image.save(content, form, **options)
    return content.getvalue()


def upload(data: bytes | None = None, **fields: Any) -> Picture:
    """A picture that waits for the worker."""
    agreed = {"agreed_on": timezone.localdate(), "agreed_how": "schriftlich, bei der Koordination"}
    defaults = {"alt": "Zwei Frauen kochen", "photographer": "Ida Linse", **agreed}
    picture = Picture(**(defaults | fields))
    pictures.keep(picture=picture, data=data or photo())
    return picture


def make_picture(entry: Entry | None = None, data: bytes | None = None, **fields: Any) -> Picture:
    """A picture of ``entry``, or with ``story`` of that, which can be seen."""
    picture = upload(data, entry=entry and Entry.objects.get(pk=entry.pk), **fields)
    pictures.make(picture.pk, attempt=0)
    picture.refresh_from_db()
    return picture


def make_voice(entry: Entry, **fields: Any) -> Voice:
    defaults = {
        "text": "Hier habe ich Freunde gefunden.",
        "said_by": "Amina",
        "agreed_on": timezone.localdate(),
        "agreed_how": "schriftlich",
    }
    return Voice.objects.create(entry_id=entry.pk, **(defaults | fields))


def make_story(programme: Programme, **fields: Any) -> Story:
    """A published story."""
    defaults = {
        "title": "Samstags bei Familie Kaya",
        "slug": "samstags",
        "person": "Amina",
        "text": f"{TEXT}\n\nHeute ist das anders.",
        "agreed_by": "Amina Yılmaz",
        "agreed_on": timezone.localdate(),
        "agreed_how": "schriftlich",
        "is_published": True,
    }
    return Story.objects.create(programme=programme, **(defaults | fields))
