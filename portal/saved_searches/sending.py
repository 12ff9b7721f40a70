"""Telling what is new: the worker writes one mail a search, once a week at most, into the outbox.

What is new for a search are the entries that were published since it was told of the last ones, and that
it finds now. Its row is locked, the mail stored and ``told_until`` moved in one transaction. So a worker
may be killed at any moment and two may run at once: an entry is told once. After a long stop everything
that has come meanwhile is in one mail.
"""

import datetime
import time
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from programs import versions
from programs.history import by_portal
from programs.models import Entry, EntryQuerySet
from volunteers.models import OutgoingMail
from volunteers.models.standing_orders import OrderStatus
from volunteers.notifications.speaking import speaking
from volunteers.services.locks import locked
from volunteers.services.rounds import each
from volunteers.services.standing_orders import note_bounce, note_reached

from . import mails
from .models import SavedSearch

RUN_SECONDS = 600.0
SETTLED = datetime.timedelta(hours=1)
"""An entry is told when it has been there for so long: whatever published it, an import of thousands
included, has committed by then, so none slips through behind ``told_until``."""
NOT_TOLD = ("description", "search_names", "search_text", "search_vector")


@by_portal("send_saved_searches")
def send_due(*, seconds: float = RUN_SECONDS) -> int:
    """Write what is due, for about so many seconds; returns how many mails. An error in one stops no other."""
    until = timezone.now() - SETTLED
    newest = _published(until).aggregate(newest=Max("published_at"))["newest"]
    if newest is None:
        return 0
    due = SavedSearch.objects.due().filter(told_until__lt=newest).order_by("told_until", "pk")
    numbers = _in_time(list(due.values_list("pk", flat=True)), time.monotonic() + seconds)
    return each(numbers, lambda number: tell(number, until))


def _published(until: datetime.datetime) -> EntryQuerySet:
    return Entry.objects.joinable().filter(published_at__lte=until)


def _in_time(numbers: list[int], end: float) -> Iterator[int]:
    for number in numbers:
        if time.monotonic() > end:
            return
        yield number


def tell(number: int, until: datetime.datetime) -> int:
    """One search: whether a mail went. Locks it, and looks again whether it is due."""
    with transaction.atomic():
        search = locked(SavedSearch.objects.due().filter(pk=number, told_until__lt=until)).first()
        if search is None:
            return 0
        with speaking(search.preferred_language), versions.one_version():
            if not search.wanted.is_whole:
                return _end(search)
            new = new_for(search, until)
        search.told_until = until
        if not new:
            search.save(update_fields=["told_until"])
            return 0
        _note_last_mail(search)
        if search.is_running:
            search.last_sent_at = timezone.now()
            mails.new_offers(search, new)
        search.save(update_fields=["told_until", "last_sent_at"])
        return int(search.is_running)


def new_for(search: SavedSearch, until: datetime.datetime) -> list[Entry]:
    """The newest first, with their organisations. Call it in the language of the search."""
    published = _published(until).filter(published_at__gt=search.told_until)
    new = set(published.values_list("pk", flat=True))
    found = Entry.objects.filter(pk__in=new & search.wanted.keys() if new else ())
    plain = found.select_related("organisation").defer(*NOT_TOLD)
    return list(plain.order_by("-published_at", "-pk"))


def _note_last_mail(search: SavedSearch) -> None:
    """What became of the mail before this one: delivered, refused, or come back later."""
    if search.last_sent_at is None:
        return
    refused = OutgoingMail.objects.that_show_a_dead_address(search.email)
    is_dead = refused.filter(created_at__gte=search.last_sent_at).exists()
    (note_bounce if is_dead else note_reached)(search)


def _end(search: SavedSearch) -> int:
    """Without that part it would find more than somebody has asked for."""
    search.status, search.ended_at = OrderStatus.ENDED, timezone.now()
    search.save(update_fields=["status", "ended_at"])
    mails.no_longer_possible(search)
    return 1
