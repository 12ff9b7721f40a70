"""„Wie läuft es?“: asks both sides of a tandem on fixed days, and acts on the replies."""

import datetime
from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..errors import DomainError
from ..models import CheckIn, Tandem
from ..models.companions import Side, TandemStatus
from ..notifications import tandems as notifications
from ..periods import reminder_day
from . import ending
from .first_weeks import note_met
from .locks import lock_check_in, lock_own_tandem, lock_tandem, locked
from .rounds import each


class AlreadyReplied(DomainError):
    message = _("Diese Frage haben Sie schon beantwortet, oder das Tandem ist inzwischen beendet.")


def ask_due() -> int:
    """Ask every side that is due and has not been asked; returns how many.

    The row of the check-in is the record of the question: its unique constraint makes sure that
    nobody is asked twice for one day. If several days have passed, only the last is asked, because
    the question is about today. A side without an address gets a row, too: then the coordination
    asks and records.
    """
    return each(list(_due(reminder_day())), lambda due: _ask(*due))


def _due(day: datetime.date) -> Iterator[tuple[int, Side, datetime.date]]:
    running = Tandem.objects.going_on().only("pk", "started_on").order_by("pk")
    asked = set(
        CheckIn.objects.filter(tandem__status=TandemStatus.RUNNING).values_list(
            "tandem_id", "side", "due_on"
        )
    )
    for tandem in running:
        days = tandem.check_in_days(day)
        for side in Side if days else ():
            if (tandem.pk, side.value, max(days)) not in asked:
                yield tandem.pk, side, max(days)


def _ask(number: int, side: Side, due_on: datetime.date) -> bool:
    with transaction.atomic():
        found = locked(Tandem.objects.filter(pk=number).going_on())
        tandem = found.select_related("organisation", "request", "application").first()
        if tandem is None:
            return False  # it ended or was put on hold a moment ago
        check_in, is_new = CheckIn.objects.get_or_create(tandem=tandem, side=side, due_on=due_on)
        if is_new:
            check_in.tandem = tandem
            notifications.how_is_it(check_in)
    return is_new


def _lock(check_in: CheckIn) -> CheckIn:
    """The unanswered check-in of a running tandem, locked after the tandem. Raises ``AlreadyReplied``."""
    check_in = lock_check_in(check_in)
    if check_in.reply or check_in.tandem.status != TandemStatus.RUNNING:
        raise AlreadyReplied
    return check_in


def reply(*, check_in: CheckIn, reply: str, note: str = "") -> CheckIn:
    """Store „Läuft gut“ or „brauchen Unterstützung“; for an end see :func:`reply_over`.

    A reply that asks for support marks the tandem red on the worklist and mails whoever looks after
    it. Raises ``AlreadyReplied``.
    """
    with transaction.atomic():
        check_in = _lock(check_in)
        _write(check_in.tandem, check_in, reply, note)
        if reply == CheckIn.Reply.SUPPORT:
            _mark(check_in.tandem, check_in)
    return check_in


def _write(tandem: Tandem, check_in: CheckIn, reply: str, note: str) -> None:
    check_in.reply, check_in.note = CheckIn.Reply(reply), note
    check_in.replied_at = timezone.now()
    check_in.save()
    if reply == CheckIn.Reply.GOOD:
        note_met(tandem)


def _mark(tandem: Tandem, check_in: CheckIn) -> None:
    """Mark that support is needed, with the time of the first answer that asked for it."""
    tandem.needs_support_since = tandem.needs_support_since or check_in.replied_at
    tandem.save(update_fields=["needs_support_since"])
    notifications.needs_support(tandem)


def reply_over(
    *, check_in: CheckIn, reason: str, closing: str = "", again: bool | None = None
) -> Tandem:
    """„Ist zu Ende“: ends the tandem. Raises ``AlreadyReplied``."""
    with transaction.atomic():
        tandem = lock_tandem(check_in.tandem)
        check_in = _lock(check_in)
        _write(tandem, check_in, CheckIn.Reply.OVER, "")
        side = Side(check_in.side)
        return ending.end_tandem(
            tandem=tandem, reason=reason, side=side, closing=closing, again=again
        )


def ask_for_support(*, tandem: Tandem, side: Side, note: str = "") -> CheckIn:
    """One side asks for help before it was asked. Raises ``ending.NotRunning``."""
    return record_reply(tandem=tandem, side=side, reply=CheckIn.Reply.SUPPORT, note=note)


def record_reply(*, tandem: Tandem, side: Side, reply: str, note: str = "") -> CheckIn:
    """Record what one side said by phone or unasked.

    Kept in the check-in that waits for an answer; if there is none, in a new one of today. Raises
    ``ending.NotRunning``.
    """
    with transaction.atomic():
        tandem = lock_own_tandem(tandem.pk)
        if tandem.status != TandemStatus.RUNNING:
            raise ending.NotRunning
        waiting = tandem.check_ins.filter(side=side, reply="").order_by("due_on").last()
        check_in = (
            waiting
            or CheckIn.objects.get_or_create(tandem=tandem, side=side, due_on=timezone.localdate())[
                0
            ]
        )
        if (check_in.reply, check_in.note) != (reply, note):  # equal: a double click
            _write(tandem, check_in, reply, note)
            if reply == CheckIn.Reply.SUPPORT:
                _mark(tandem, check_in)
    return check_in


def supported(*, tandem: Tandem) -> Tandem:
    """The coordination has helped; the tandem is no longer red."""
    with transaction.atomic():
        tandem = lock_own_tandem(tandem.pk)
        tandem.needs_support_since = None
        tandem.save(update_fields=["needs_support_since"])
    return tandem
