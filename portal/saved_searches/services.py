"""Keeping a search, confirming it, and what its address changes.

The mailbox decides: whoever types an address that gets this search already changes nothing, and learns
nothing. A search is locked alone.
"""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from volunteers.models.standing_orders import OrderStatus
from volunteers.services import standing_orders
from volunteers.services.confirming import find_or_make, mail_link

from . import mails
from .models import SavedSearch
from .texts import VERSION

MOST = 20
"""So many searches an address may have. Only those count that the mailbox has confirmed."""


def ask(*, email: str, query: str, preferred_language: str) -> None:
    """Keep a search, unconfirmed, and mail the link that confirms it. ``query``: see ``wanted.kept_query``.

    One that runs stays as it is, and the mailbox gets the link to its page. One that was left, or whose
    address took no more mail, has to be confirmed again.
    """
    with transaction.atomic():
        own = SavedSearch.objects.filter(email=email)
        running = list(own.running().order_by("pk"))
        if len(running) >= MOST and query not in {one.query for one in running}:
            mail_link(running[0], ask=mails.too_many, known=mails.too_many)
            return
        search = find_or_make(
            own.filter(query=query),
            lambda: SavedSearch.objects.create(email=email, query=query),
            with_consent=False,
        )
        if not search.is_running:
            search.ask_again(text_version=VERSION, now=timezone.now())
            search.preferred_language = preferred_language
            search.save()
        mail_link(search, ask=mails.ask_for_confirmation, known=mails.already_there)


def resume(*, search: SavedSearch) -> None:
    """By the link of a mailbox that has left, or took no more mail. See ``standing_orders.resume``."""
    standing_orders.resume(order=search, text_version=VERSION)


def write_in(*, search: SavedSearch, language: str) -> None:
    """From now on all mails about searches of this address are in that language."""
    SavedSearch.objects.filter(email=search.email).update(preferred_language=language)


def shown_with(search: SavedSearch) -> list[SavedSearch]:
    """What the page of an address shows: its confirmed searches, and of those it has left only this one."""
    own = SavedSearch.objects.filter(email=search.email)
    confirmed = own.filter(Q(status=OrderStatus.ACTIVE) | Q(pk=search.pk, status=OrderStatus.ENDED))
    return list(confirmed.order_by("confirmed_at", "pk"))
