"""Jobs of the worker that belong to this app."""

from django.conf import settings
from procrastinate.contrib.django import app

from .counselling import reminders as counselling
from .directory import asking, confirming, inviting
from .figures import recording, surveying
from .newsletter import audience, dispatch
from .saved_searches import sending as saved_searches
from .search import missed
from .sharing import keeping
from .websites import keeping as websites


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


@app.periodic(cron="19 8-18 * * *")
@app.task(
    name="remind_invited",
    queue="chores",
    queueing_lock="remind_invited",
    pass_context=False,
)
def remind_invited(timestamp: int) -> None:
    """By day, every hour: remind invited organisations before their deadline, each once."""
    inviting.remind_invited()


@app.periodic(cron="11 * * * *")
@app.task(
    name="remind_of_counselling",
    queue="chores",
    queueing_lock="remind_of_counselling",
    pass_context=False,
)
def remind_of_counselling(timestamp: int) -> None:
    """Every hour: remind departments of counselling that waits, each once before its day and once after it."""
    counselling.remind()


@app.periodic(cron="* * * * *")
@app.task(
    name="draw_pictures",
    queue="jobs",
    lock="draw_pictures",
    queueing_lock="draw_pictures",
    pass_context=False,
)
def draw_pictures(timestamp: int) -> None:
    """Every minute: draw the pictures of pages that are new or have changed; never two runs at once."""
    keeping.keep()


@app.periodic(cron="7 4 * * *")
@app.task(
    name="check_websites",
    queue="jobs",
    lock="check_websites",
    queueing_lock="check_websites",
    pass_context=False,
)
def check_websites(timestamp: int) -> None:
    """Every night: ask the websites whose week is over; never two runs at once."""
    websites.check_due()


@app.periodic(cron="23 * * * *")
@app.task(
    name="ask_organisations",
    queue="jobs",
    lock="ask_organisations",
    queueing_lock="ask_organisations",
    pass_context=False,
)
def ask_organisations(timestamp: int) -> None:
    """Every hour: ask whether entries are still right, mark and hide what nobody confirms; never two runs at once."""
    asking.run()


@app.periodic(cron="47 3 * * *")
@app.task(
    name="forget_old_proposals",
    queue="retention",
    queueing_lock="forget_old_proposals",
    pass_context=False,
)
def forget_old_proposals(timestamp: int) -> None:
    """Every night: delete old proposals of changes, and old notes of mails and calls."""
    confirming.forget_old()


@app.periodic(cron="*/5 * * * *" if settings.DEMO else "11 1-5 * * *")
@app.task(
    name="record_figures",
    queue="jobs",
    lock="record_figures",
    queueing_lock="record_figures",
    pass_context=False,
)
def record_figures(timestamp: int) -> None:
    """By night (in the demo soon): write down the figures of the months that are over and settled."""
    recording.record_due()


@app.periodic(cron="* * * * *")
@app.task(
    name="send_newsletter",
    queue="mail",
    lock="send_newsletter",
    queueing_lock="send_newsletter",
    priority=-10,
    pass_context=False,
)
def send_newsletter(timestamp: int) -> None:
    """Every minute, behind the other mails: issues that are due or on their way; never two runs at once."""
    dispatch.send_due(seconds=dispatch.RUN_SECONDS)


@app.periodic(cron="41 8-18 * * *")
@app.task(
    name="send_saved_searches",
    queue="jobs",
    lock="send_saved_searches",
    queueing_lock="send_saved_searches",
    pass_context=False,
)
def send_saved_searches(timestamp: int) -> None:
    """By day, every hour: tell what is new for saved searches, each once a week at most; never two runs at once."""
    saved_searches.send_due()


@app.periodic(cron="57 3 * * *")
@app.task(
    name="forget_newsletter_deliveries",
    queue="retention",
    queueing_lock="forget_newsletter_deliveries",
    pass_context=False,
)
def forget_newsletter_deliveries(timestamp: int) -> None:
    """Every night: delete who got which issue, once that is no longer needed."""
    audience.forget_deliveries()


@app.periodic(cron="29 8-18 * * *")
@app.task(
    name="remind_surveyed",
    queue="chores",
    queueing_lock="remind_surveyed",
    pass_context=False,
)
def remind_surveyed(timestamp: int) -> None:
    """By day, every hour: remind organisations before a survey closes, each once."""
    surveying.remind()
