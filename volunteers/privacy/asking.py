"""Sending the link to «Meine Daten»."""

from django.db import transaction

from ..notifications import my_data as notifications
from .scope import scope_of


def send_link(*, email: str) -> None:
    """Mail the link, or a mail that nothing is kept. It is one mail in both cases, so that nobody learns which.

    The mail contains nothing that was typed. The views limit how often it may be asked for
    (``own_link``).
    """
    with transaction.atomic():
        if scope_of([email]):
            notifications.link(email)
        else:
            notifications.nothing_kept(email)
