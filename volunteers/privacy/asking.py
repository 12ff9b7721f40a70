"""Sending the link to „Meine Daten“."""

from django.db import transaction

from ..notifications import my_data as notifications
from ..reads.persons import people_at


def send_link(*, email: str) -> None:
    """Mail the link, or a mail that nothing is kept. It is one mail in both cases, so that nobody learns which.

    If several people share the mailbox, it has one link for each of them. The mail contains nothing
    that was typed and not confirmed. The views limit how often it may be asked for
    (``own_link``).
    """
    with transaction.atomic():
        if people := people_at([email], everything=True):
            notifications.link(email, people)
        else:
            notifications.nothing_kept(email)
