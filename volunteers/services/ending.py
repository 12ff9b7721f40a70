"""Ending a tandem, and what happens to both sides afterwards."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..errors import DomainError, TransitionNotAllowed
from ..models import Application, CompanionRequest, StatusChange, Tandem, User
from ..models.companions import RequestStatus, Side, TandemStatus
from ..models.statuses import Status
from ..notifications import applications as application_mails
from ..notifications import first_weeks
from ..notifications import tandems as notifications
from . import tandems
from .locks import lock_all, lock_application, lock_tandem, locked
from .moving import record, step
from .steps import require_ready
from .tandems import NOT_READY

ENDED_NOTE = _("Das Tandem ist zu Ende.")


class NotRunning(DomainError):
    message = _("Dieses Tandem läuft nicht mehr.")


class AlreadySaid(DomainError):
    message = _("Das haben Sie uns schon gesagt, oder es hat sich seitdem etwas geändert.")


def end_tandem(
    *,
    tandem: Tandem,
    reason: str,
    side: Side | None = None,
    closing: str = "",
    again: bool | None = None,
    by: User | None = None,
) -> Tandem:
    """End a running tandem; ``side`` says who ended it, None means the coordination (``by``).

    Closes the request. The volunteer's wish (``again``) decides about the application: ready,
    completed, or, while the wish is unknown, paused with a mail that asks. It stays placed while
    another tandem of it runs. Both sides get a mail. Raises ``NotRunning``.
    """
    with transaction.atomic():
        tandem = lock_tandem(tandem)
        if tandem.status != TandemStatus.RUNNING:
            raise NotRunning
        _write_end(tandem, reason, side, closing)
        close_without_companion(tandem.request)
        asked = _release(tandem, again if side == Side.VOLUNTEER else None, by)
        notifications.ended(tandem, Side.NEWCOMER)
        notifications.ended(tandem, Side.VOLUNTEER, ask=asked)
    return tandem


def change(*, tandem: Tandem, by: User | None = None) -> Tandem:
    """End a running tandem without blame: nobody is named, and both look on as if it were the first time.

    The request is open again with its old place in the line, the application ready again (or paused
    while a requirement is missing). They are not proposed to each other again. Both sides and the
    coordination get a mail. Raises ``NotRunning``.
    """
    with transaction.atomic():
        tandem = lock_tandem(tandem)
        if tandem.status != TandemStatus.RUNNING:
            raise NotRunning
        _write_end(tandem, Tandem.EndReason.CHANGE, None)
        if tandem.request.status == RequestStatus.MATCHED:
            tandem.request.status = RequestStatus.OPEN
            tandem.request.save(update_fields=["status"])
        _free(tandem)
        if tandem.application.status == Status.PAUSED:
            notifications.cannot_be_ready(tandem, str(NOT_READY))
        first_weeks.changed(tandem, tell_members=by is None)
    return tandem


def close_without_companion(request: CompanionRequest) -> None:
    """Close the locked request when its last companion has left. One that still looks for more stays open."""
    if request.status == RequestStatus.MATCHED and not request.tandems.running().exists():
        request.end(RequestStatus.CLOSED)


def _write_end(tandem: Tandem, reason: str, side: Side | None, closing: str = "") -> None:
    tandem.status = TandemStatus.ENDED
    tandem.ended_on = max(timezone.localdate(), tandem.started_on or timezone.localdate())
    tandem.end_reason = Tandem.EndReason(reason)
    tandem.ended_by = side.value if side else ""
    tandem.needs_support_since = tandem.held_at = None
    tandem.hold = ""
    if side is not None and closing:
        setattr(tandem, f"{side.value}_closing", closing)
    tandem.save()
    tandem.agreements.all().delete()


def _release(tandem: Tandem, again: bool | None, by: User | None) -> bool:
    """Change the status of the locked application; True when the volunteer has to be asked."""
    application = tandem.application
    others = application.tandems.alive().exclude(pk=tandem.pk)
    if application.status != Status.PLACED or others.running().exists():
        return False
    if again is None and not others.exists():
        actor = StatusChange.Actor.SYSTEM  # ``may_say_again`` recognises the pause by this
        step(application, Status.PAUSED, actor, by=by, note=str(ENDED_NOTE))
        return True
    _go_on(tandem, again=again is not False)
    return False


def _go_on(tandem: Tandem, *, again: bool) -> None:
    """Make the application ready again, or complete it with thanks; completing calls off open proposals."""
    application, actor = tandem.application, StatusChange.Actor.APPLICANT
    if again:
        _make_ready(tandem)
        return
    for proposal in application.tandems.alive().select_related("organisation", "request"):
        tandems.call_off(proposal, Side.NEWCOMER)
    was = application.status
    step(application, Status.COMPLETED, actor, note=str(ENDED_NOTE))
    application_mails.status_changed(application, was=was)


def _make_ready(tandem: Tandem) -> None:
    """Back to ready. If a requirement is missing by now: paused, and the coordination gets a mail."""
    application, actor = tandem.application, StatusChange.Actor.APPLICANT
    note = str(_("Wieder bereit für ein Tandem."))
    if not _could_step_ready(application, actor, note):
        note = f"{note} {NOT_READY}"
        if application.status != Status.PAUSED:
            step(application, Status.PAUSED, actor, note=note)
        else:  # this row marks the question as answered, so a second click sends no mail
            record(application, actor, note=note)
        notifications.cannot_be_ready(tandem, str(NOT_READY))


def _could_step_ready(application: Application, actor: StatusChange.Actor, note: str) -> bool:
    try:
        with transaction.atomic():
            require_ready(application)
            step(application, Status.READY, actor, note=note)
    except DomainError:
        application.refresh_from_db(fields=["status"])
        return False
    return True


def may_say_again(tandem: Tandem) -> bool:
    """Whether the question „wieder bereit?“ is still open: nobody has changed the status since."""
    if tandem.status != TandemStatus.ENDED or tandem.application.status != Status.PAUSED:
        return False
    newest = tandem.application.tandems.filter(status=TandemStatus.ENDED).order_by("ended_on", "pk")
    last = tandem.application.changes.last()
    by_portal = last is not None and last.actor == StatusChange.Actor.SYSTEM
    return newest.last() == tandem and by_portal


def say_again(*, tandem: Tandem, again: bool, closing: str = "") -> Tandem:
    """The volunteer's answer after the end: ready for another tandem, or done. Raises ``AlreadySaid``."""
    with transaction.atomic():
        tandem = lock_tandem(tandem)
        if not may_say_again(tandem):
            raise AlreadySaid
        if closing:
            tandem.volunteer_closing = closing
            tandem.save(update_fields=["volunteer_closing"])
        _go_on(tandem, again=again)
    return tandem


def leave_as_newcomer(request: CompanionRequest, *, for_good: bool = False) -> None:
    """The newcomer leaves (``request`` is locked): calls off proposals, ends a running tandem.

    ``for_good`` says that the tandem is deleted afterwards. Its page then cannot ask the volunteer
    „wieder bereit?“, so they become ready again, or paused while a requirement is missing.
    """
    for tandem in request.tandems.alive():
        tandem = lock_tandem(tandem)  # noqa: PLW2901
        if tandem.status == TandemStatus.PROPOSED:
            tandems.call_off(tandem, Side.VOLUNTEER)
        elif tandem.status == TandemStatus.RUNNING:
            _write_end(tandem, Tandem.EndReason.OTHER, Side.NEWCOMER)
            if for_good:
                _free(tandem)
            asked = not for_good and _release(tandem, None, None)
            notifications.ended(tandem, Side.VOLUNTEER, ask=asked)


def _free(tandem: Tandem) -> None:
    """Release the locked application of a tandem that just ended, without asking the volunteer."""
    application, actor = tandem.application, StatusChange.Actor.SYSTEM
    others = application.tandems.running().exclude(pk=tandem.pk)
    if application.status != Status.PLACED or others.exists():
        return
    if not _could_step_ready(application, actor, str(ENDED_NOTE)):
        step(application, Status.PAUSED, actor, note=f"{ENDED_NOTE} {NOT_READY}")


def lock_with_requests(application: Application) -> Application:
    """The locked application, after the requests of its tandems that are proposed or running.

    Raises ``TransitionNotAllowed`` when a tandem began between reading and locking.
    """
    alive = application.tandems.alive()
    numbers = set(alive.values_list("request_id", flat=True))
    found = lock_all(CompanionRequest.objects.filter(pk__in=numbers))
    requests = {request.pk for request in found}
    application = lock_application(application)
    if not set(alive.running().values_list("request_id", flat=True)) <= requests:
        raise TransitionNotAllowed
    return application


def leave_as_volunteer(application: Application) -> None:
    """The volunteer leaves: ends their tandems and proposals. Locked by :func:`lock_with_requests`."""
    alive = locked(Tandem.objects.filter(application=application).alive())
    for tandem in alive.select_related("organisation", "request"):
        tandem.application = application
        if tandem.status == TandemStatus.PROPOSED:
            tandems.call_off(tandem, Side.NEWCOMER)
            continue
        _write_end(tandem, Tandem.EndReason.OTHER, Side.VOLUNTEER)
        close_without_companion(tandem.request)
        notifications.ended(tandem, Side.NEWCOMER)
