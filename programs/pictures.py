"""Uploading pictures: kept at once, made ready by a worker, in short transactions."""

import base64
import logging
import uuid
from typing import Any

from django.db import models, transaction

from .history import table_of
from .images import ImageProblem, Size, sizes_of
from .jobs import job
from .models import Entry, Picture, PictureFile, Voice
from .tracing import carried

logger = logging.getLogger(__name__)

TASK = "make_picture"
TRIES = 3
"""A worker that is killed three times over a picture does not begin again."""
State = Picture.State
UPLOADED = PictureFile.Form.UPLOADED


def keep(*, picture: Picture, data: bytes) -> None:
    """Save a new picture with its file, and have its sizes made, one picture after another."""
    with transaction.atomic():
        picture.save()
        PictureFile.objects.create(picture=picture, form=UPLOADED, data=data)
        job(TASK, queue="jobs", lock="pictures").defer(picture=picture.pk, **carried())


def has_room(entry: Entry, things: type[Picture] | type[Voice]) -> bool:
    """Whether ``entry`` may have one more of ``things``, pictures or voices.

    Locks the entry until the end of the transaction, so that two people do not both add the last one.
    """
    Entry.objects.select_for_update(no_key=True).get(pk=entry.pk)
    return things.objects.filter(entry=entry.pk).count() < things.MOST


def make(number: int, *, attempt: int) -> None:
    """Make the sizes of a picture; does nothing if it was removed or made meanwhile."""
    file = PictureFile.objects.filter(picture=number, form=UPLOADED).first()
    if file is None:
        return
    sizes: list[Size] = []
    try:
        if attempt < TRIES:
            sizes = list(sizes_of(bytes(file.data)))
    except ImageProblem:
        logger.info("Picture %s is damaged", number)
    _finish(number, sizes)


def _finish(number: int, sizes: list[Size]) -> None:
    """Store the sizes; the file as it was uploaded, with place and camera, goes."""
    state = State.READY if sizes else State.FAILED
    widest = {"width": sizes[-1].width, "height": sizes[-1].height} if sizes else {}
    with transaction.atomic():
        # The update waits for whoever removes the picture, and then finds nothing.
        waiting = Picture.objects.filter(pk=number, state=State.WAITING)
        if not waiting.update(state=state, **widest):
            return
        PictureFile.objects.filter(picture=number, form=UPLOADED).delete()
        PictureFile.objects.bulk_create(
            PictureFile(picture_id=number, form=size.form, width=size.width, data=size.data)
            for size in sizes
        )


def as_data_url(picture: Picture) -> str:
    """The smallest JPEG of a picture, to stand in a page of the administration."""
    files = PictureFile.objects.filter(picture=picture, form=PictureFile.Form.JPEG)
    data = bytes(files.order_by("width").values_list("data", flat=True)[0])
    return f"data:image/jpeg;base64,{base64.b64encode(data).decode()}"


def public_file(key: uuid.UUID, width: int, form: str) -> bytes | None:
    """One size of a picture that pages show."""
    shown = Picture.objects.public().filter(key=key).values("pk")
    files = PictureFile.objects.filter(picture__in=shown, form=form, width=width)
    data = files.exclude(form=UPLOADED).values_list("data", flat=True).first()
    return None if data is None else bytes(data)


def was_removed(key: uuid.UUID) -> bool:
    """Whether there was such a picture. Its history knows the key, and nothing that was to be seen."""
    history: models.QuerySet[Any] = models.QuerySet(table_of(Picture))
    return history.filter(key=key, pgh_label="delete").exists()
