"""Jobs of the worker that belong to this app."""

from procrastinate.contrib.django import app

from .search import missed


@app.periodic(cron="37 3 * * *")
@app.task(
    name="forget_missed_words",
    queue="retention",
    queueing_lock="forget_missed_words",
    pass_context=False,
)
def forget_missed_words(timestamp: int) -> None:
    """Every night: delete words of searches that nobody has looked for lately."""
    missed.delete_old()
