"""Asking for the link to «Meine Daten»."""

from django.db import transaction

from ..notifications import my_data as notifications
from .scope import scope_of


def send_link(*, email: str) -> None:
    """Mail the link, or that nothing is kept; one mail either way, so that nobody learns which.

    Nothing that was typed stands in it. How often it may be asked, the views say (``own_link``).
    """
    with transaction.atomic():
        if scope_of([email]):
            notifications.link(email)
        else:
            notifications.nothing_kept(email)
