"""Stores uploaded lists between preview and confirmation.

The lists may contain names and addresses. They are stored in the portal's data folder, which only the
portal's account can read, and are valid for one hour. Only the user who uploaded a list can confirm it,
because the form contains a name signed for that user.
"""

import time
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler
from django.core.signing import BadSignature, TimestampSigner
from import_export.tmp_storages import BaseStorage

from programs.requests import AnyUser

KEPT_SECONDS = 3600
MAX_REQUEST_BYTES = 20 * 1024 * 1024
_signer = TimestampSigner(salt="programs.exchange.uploads")


class UploadGoneError(Exception):
    """The uploaded list was already confirmed, is too old, or belongs to another user."""


def folder() -> Path:
    path: Path = settings.DATA_DIR / "imports"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def signed(name: str, user: AnyUser) -> str:
    return _signer.sign(f"{user.pk}.{name}")


def unsigned(value: str, user: AnyUser) -> str:
    """The name of an upload of ``user``. Raises :class:`UploadGoneError` if ``value`` is not valid."""
    try:
        owner, _dot, name = _signer.unsign(value, max_age=KEPT_SECONDS).partition(".")
    except BadSignature as error:
        raise UploadGoneError from error
    if owner != str(user.pk):
        raise UploadGoneError
    return name


class UploadStorage(BaseStorage):
    """Stores files under random names. Saving a file also deletes the old ones."""

    def save(self, data: bytes) -> None:
        sweep()
        self.name = uuid.uuid4().hex
        path = folder() / self.name
        path.touch(mode=0o600)
        path.write_bytes(data)

    def read(self) -> bytes:
        try:
            return (folder() / str(self.name)).read_bytes()
        except OSError as error:
            raise UploadGoneError from error

    def remove(self) -> None:
        (folder() / str(self.name)).unlink(missing_ok=True)


def sweep() -> None:
    """Delete uploads that are older than one hour."""
    limit = time.time() - KEPT_SECONDS
    for path in folder().iterdir():
        if path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)


def discard_all() -> None:
    """Delete all uploads. Called when a person's data is deleted, because an upload may contain it.

    A user who was about to confirm an upload has to upload the file again.
    """
    for path in folder().iterdir():
        path.unlink(missing_ok=True)


class SmallUploads(FileUploadHandler):
    """Rejects a request over ``MAX_REQUEST_BYTES`` with 400, before anything is written to disk.

    A smaller file that is over ``MAX_BYTES`` gets an error message at the form field.
    """

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],  # noqa: N803 - Django's name
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        if content_length > MAX_REQUEST_BYTES:
            raise RequestDataTooBig

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data  # pass it to the next handler

    def file_complete(self, file_size: int) -> None:
        return None
