"""What a person does with an uploaded list: each step hands it to a worker, in one transaction with the job.

A step that comes twice, or late, finds another state and does nothing; the page then shows what is.
"""

from typing import TYPE_CHECKING, Any

from django.db import transaction

from ..jobs import job
from ..models import ListImport
from ..tracing import carried
from .alike import UndecidedForm
from .cells import printable, tidy
from .columns import headings_of
from .forms import ColumnsForm
from .remembering import remembered

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from volunteers.models import User

State = ListImport.State
TASK = "list_import"


def keep(*, file: "UploadedFile[bytes]", owner: "User", target: str) -> ListImport:
    """Keep the uploaded file and have it read."""
    name = tidy(printable(file.name or ""))[:255]
    with transaction.atomic():
        upload = ListImport.objects.create(
            owner=owner, target=target, file_name=name, data=file.read()
        )
        _queue(upload)
    return upload


def understand(*, upload: ListImport, form: ColumnsForm) -> None:
    """Take over what the person says about the file and its columns.

    Another sheet or encoding is read anew; another row of headings gives the columns other meanings,
    which the person sees first.
    """
    new = form.cleaned_data
    if {"sheet", "encoding"} & set(form.changed_data):
        encoding = new.get("encoding", "")
        _move(upload, State.READING, sheet=new.get("sheet", ""), encoding=encoding, table=None)
    elif form.rereads:
        row = new["heading_row"]
        mapping = form.columns.guess(headings_of(form.table, row), remembered(upload))
        _move(upload, State.COLUMNS, heading_row=row, mapping=mapping)
    else:
        _move(upload, State.CHECKING, mapping=form.mapping)


def decide(*, upload: ListImport, form: UndecidedForm) -> None:
    """Take over what the person says about rows that look like a record, and check the list again."""
    if upload.state == State.PREVIEW:
        decisions = {**(upload.decisions or {}), **form.decisions()}
        _move(upload, State.CHECKING, decisions=decisions)


def back_to_columns(*, upload: ListImport) -> None:
    if upload.state in {State.PREVIEW, State.REFUSED} and upload.table:
        _move(upload, State.COLUMNS, preview=None, digest="", reason="", decisions=None)


def confirm(*, upload: ListImport, digest: str) -> None:
    """Have the list taken in as the preview shows it; ``digest`` says which preview the person saw."""
    if upload.state == State.PREVIEW and upload.digest and digest == upload.digest:
        _move(upload, State.TAKING, reason="")


def discard(*, upload: ListImport) -> None:
    ListImport.objects.filter(pk=upload.pk).exclude(state=State.TAKING).delete()


def _move(upload: ListImport, state: str, **values: Any) -> None:
    with transaction.atomic():
        mine = ListImport.objects.filter(pk=upload.pk, state=upload.state)
        if mine.update(state=state, done_rows=0, **values) and state in ListImport.WORKING:
            _queue(upload)


def _queue(upload: ListImport) -> None:
    """One list at a time, so that the other jobs of the worker go on."""
    job(TASK, queue="jobs", lock=TASK).defer(list_import=str(upload.pk), **carried())
