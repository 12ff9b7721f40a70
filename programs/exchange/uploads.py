"""Uploaded lists: kept in the database for a day, then deleted; no request is larger than a list.

The lists may contain names and addresses. Only who uploaded a list sees it (``ListImport.visible_to``).
"""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

from ..models import ListImport

MAX_REQUEST_BYTES = 20 * 1024 * 1024


def sweep() -> int:
    """Delete uploads that have waited too long; returns how many."""
    return ListImport.objects.expired().delete()[1].get(ListImport._meta.label, 0)


def discard_all() -> None:
    """Delete all uploads. Called when a person's data is deleted, because an upload may contain it.

    A user who was about to confirm an upload has to upload the file again.
    """
    ListImport.objects.all().delete()


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
