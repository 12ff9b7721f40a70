"""Jobs of the worker that belong to lists and pictures. Tasks take ids."""

from procrastinate import JobContext
from procrastinate.contrib.django import app

from . import pictures
from .exchange import background, working
from .exchange.steps import TASK


@app.task(name=TASK, queue="jobs", pass_context=False)
def list_import(list_import: str) -> None:
    """Read, check or take in an uploaded list, whichever its state asks for."""
    working.work_on(list_import)


@app.task(name=background.MAKE_TASK, queue="jobs", pass_context=True)
def make_export(context: JobContext, file_id: int) -> None:
    """One large export after another, so that they never take all of a worker's places."""
    background.make(file_id, attempt=context.job.attempts)


@app.task(name=pictures.TASK, queue="jobs", pass_context=True)
def make_picture(context: JobContext, picture: int) -> None:
    """One picture after another, so that they never take all of a worker's memory."""
    pictures.make(picture, attempt=context.job.attempts)
