"""Uploaded lists between preview and confirmation.

They may hold names and addresses: they lie in the portal's data folder, readable by the portal alone,
for an hour at most, and only the person who uploaded a list can confirm it (the form carries a signed
name).
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
    """The list was confirmed already, is too old, or belongs to somebody else."""


def folder() -> Path:
    path: Path = settings.DATA_DIR / "imports"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def signed(name: str, user: AnyUser) -> str:
    return _signer.sign(f"{user.pk}.{name}")


def unsigned(value: str, user: AnyUser) -> str:
    """The name of an upload of ``user``. Raises :class:`UploadGoneError`."""
    try:
        owner, _dot, name = _signer.unsign(value, max_age=KEPT_SECONDS).partition(".")
    except BadSignature as error:
        raise UploadGoneError from error
    if owner != str(user.pk):
        raise UploadGoneError
    return name


class UploadStorage(BaseStorage):
    """Files under random names; saving one sweeps away the old ones."""

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
    """Delete uploads that nobody confirmed within the hour."""
    limit = time.time() - KEPT_SECONDS
    for path in folder().iterdir():
        if path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)


def discard_all() -> None:
    """Delete every upload: somebody's data were deleted, and a list that waits may hold them.

    Whoever was about to confirm one uploads it again.
    """
    for path in folder().iterdir():
        path.unlink(missing_ok=True)


class SmallUploads(FileUploadHandler):
    """Refuses a request that brings far too much before any of it is written to the disk.

    What is a little over ``MAX_BYTES`` gets its sentence beside the field; what is over
    ``MAX_REQUEST_BYTES`` is answered with 400.
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
        return raw_data  # for the next handler

    def file_complete(self, file_size: int) -> None:
        return None
