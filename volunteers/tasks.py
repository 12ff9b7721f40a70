"""Jobs of the worker. Tasks take ids; periodic ones run once however many workers there are."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from . import chores, mail
from .services import applications, registrations, requests


@app.task(
    name=mail.DELIVER_TASK, queue="mail", retry=RetryStrategy(max_attempts=100, linear_wait=30)
)
def deliver_mail(mail_id: int) -> None:
    """Tried again after 30 s, 60 s, 90 s … for about 40 hours while the mail server is down."""
    mail.deliver(mail_id)


@app.periodic(cron="* * * * *")
@app.task(name="chores", queue="chores", lock="chores", queueing_lock="chores", pass_context=False)
def run_chores(timestamp: int) -> None:
    """Every minute: reminders and whatever else waits for its time; never two at once."""
    chores.run_all()


@app.periodic(cron="17 3 * * *")
@app.task(name="delete_expired", queue="retention", pass_context=False)
def delete_expired(timestamp: int) -> None:
    """Every night: sign-ups and requests that nobody confirmed, and mails that were delivered."""
    applications.delete_expired_applications()
    registrations.delete_expired_registrations()
    requests.delete_expired_requests()
    mail.delete_delivered()
