"""Jobs of the worker that belong to the lists. Tasks take ids."""

from procrastinate.contrib.django import app

from .exchange import working
from .exchange.steps import TASK


@app.task(name=TASK, queue="jobs", pass_context=False)
def list_import(list_import: str) -> None:
    """Read, check or take in an uploaded list, whichever its state asks for."""
    working.work_on(list_import)
