"""From a proposal to a running tandem.

If two coordinators propose at once, one waits for the lock on the request or the volunteer, and is
then refused because of the other's proposal.
"""

import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .. import matching
from ..errors import DomainError
from ..models import Application, CompanionRequest, StatusChange, Tandem, User
from ..models.companions import Answer, RequestStatus, Side, TandemQuerySet, TandemStatus
from ..models.statuses import Status
from ..notifications import requests as request_mails
from ..notifications import tandems as notifications
from ..reads.first_weeks import trial_end
from ..reads.protection import concepts_of_tandems
from ..reads.tandems import answer_of, other
from .breaks import count_down
from .locks import lock_application, lock_request, lock_tandem, lock_volunteer
from .moving import step
from .rounds import each
from .steps import require_ready

NOT_READY = _("Was fehlt, steht unter „Vorbereitung“ auf der Seite der Anmeldung.")
"""Neither history nor mails name a certificate of good conduct: they are kept longer than its record."""


class RequestTaken(DomainError):
    message = _(
        "Für diese Suche gibt es schon einen Vorschlag oder ein Tandem, oder sie ist nicht mehr "
        "offen. Auf der Seite der Suche sehen Sie, wo sie steht."
    )


class NoMatch(DomainError):
    message = _("Diese beiden passen nicht zusammen.")


class OnHold(DomainError):
    message = _("Dieses Tandem ist angehalten. Es kann beginnen, sobald es weitergeht.")


class TooLate(DomainError):
    message = _("Dieser Vorschlag wartet nicht mehr auf eine Antwort.")


def propose(
    *,
    request: CompanionRequest,
    application: Application,
    by: User | None = None,
    search_reopened: bool = False,
) -> Tandem:
    """Ask both sides whether they want to meet; neither learns yet who the other is.

    ``search_reopened`` says that the search is open for these two only: it closes again when nothing comes of it.

    The caller makes sure that ``by`` may see both. The hard conditions are checked again on locked
    records. Raises ``RequestTaken``, or ``NoMatch``, whose message says what is missing.
    """
    with transaction.atomic():
        request = lock_request(request.pk)
        application = lock_application(application)
        if matching.is_taken(request):
            raise RequestTaken
        if application.volunteer_id is None:
            raise NoMatch
        lock_volunteer(application.volunteer_id)
        if obstacles := matching.obstacles(request, application):
            raise NoMatch(" ".join(str(obstacle.text) for obstacle in obstacles))
        tandem = Tandem.objects.create(
            request=request,
            application=application,
            volunteer_id=application.volunteer_id,
            organisation=request.organisation,
            proposed_by=by,
            search_reopened=search_reopened,
        )
        notifications.proposed(tandem)
    return tandem


def answer(*, tandem: Tandem, side: Side, answer: str, by: User | None = None) -> Tandem:
    """One side says yes or no; ``by`` is the coordinator who records it for somebody without an address.

    When both say yes, the tandem starts and both get the other's contact; one on hold starts when it is
    let go. A no ends the proposal:
    the other side gets a kind mail and the request stays open. Raises ``TooLate`` when the proposal
    is over or this side has answered already.
    """
    with transaction.atomic():
        tandem = lock_tandem(tandem)
        if tandem.status != TandemStatus.PROPOSED or answer_of(tandem, side):
            raise TooLate
        setattr(tandem, f"{side.value}_answer", Answer(answer).value)
        setattr(tandem, f"{side.value}_answered_at", timezone.now())
        if answer == Answer.NO:
            tandem.status, tandem.hold, tandem.held_at = TandemStatus.DECLINED, "", None
        tandem.save()
        if answer == Answer.NO:
            _close_again(tandem)
            notifications.not_this_time(tandem, other(side))
        elif answer_of(tandem, other(side)) == Answer.YES and not tandem.is_held:
            start_or_tell(tandem, by)
    return tandem


def start_or_tell(tandem: Tandem, by: User | None) -> None:
    """Start after both said yes. If the start is refused, both answers stay and the coordination gets a mail."""
    try:
        with transaction.atomic():
            _start(tandem, by)
    except DomainError:
        tandem.refresh_from_db(fields=["status", "started_on"])
        notifications.cannot_start(tandem, str(NOT_READY))


def start(*, tandem: Tandem, by: User) -> Tandem:
    """A coordinator starts a tandem that both agreed to, after its start had been refused.

    Raises ``TooLate``, or the error that says what is still missing.
    """
    with transaction.atomic():
        tandem = lock_tandem(tandem)
        agreed = {tandem.volunteer_answer, tandem.newcomer_answer} == {Answer.YES.value}
        if tandem.status != TandemStatus.PROPOSED or not agreed:
            raise TooLate
        _start(tandem, by)
    return tandem


def _start(tandem: Tandem, by: User | None) -> None:
    """Start on locked records. Raises ``OnHold``, ``NoMatch``, or ``NotReady`` and the like for the application."""
    if tandem.is_held:
        raise OnHold
    if missing := matching.missing_at_start(tandem.request, tandem.application):
        raise NoMatch(str(missing.text))
    require_ready(tandem.application)
    if tandem.application.status != Status.PLACED:
        actor = StatusChange.Actor.STAFF if by else StatusChange.Actor.SYSTEM
        step(tandem.application, Status.PLACED, actor, by=by, note=str(_("Ein Tandem beginnt.")))
    tandem.status, tandem.started_on = TandemStatus.RUNNING, timezone.localdate()
    tandem.trial_until = trial_end(tandem.request.programme, tandem.started_on)
    concept = concepts_of_tandems([tandem]).get(tandem.pk)
    tandem.first_meeting_with = concept.first_meeting_with if concept else ""
    tandem.save(update_fields=["status", "started_on", "trial_until", "first_meeting_with"])
    count_down(tandem.volunteer)
    if tandem.request.tandems.running().count() >= tandem.request.companions:
        tandem.request.status = RequestStatus.MATCHED
        tandem.request.save(update_fields=["status"])
    notifications.started(tandem)
    request_mails.tell_asker(tandem.request, request_mails.STARTED)


def retract(*, tandem: Tandem) -> Tandem:
    """A coordinator takes a proposal back; sides that have not said no get a mail. Raises ``TooLate``."""
    with transaction.atomic():
        tandem = lock_tandem(tandem)
        if tandem.status != TandemStatus.PROPOSED:
            raise TooLate
        call_off(tandem, *Side)
    return tandem


def call_off(tandem: Tandem, *sides: Side) -> None:
    """End a locked proposal without a tandem; ``sides`` get a kind mail."""
    _not_begun(tandem, TandemStatus.DECLINED)
    notifications.not_this_time(tandem, *sides)


def _not_begun(tandem: Tandem, status: TandemStatus) -> None:
    tandem.status, tandem.hold, tandem.held_at = status, "", None
    tandem.save(update_fields=["status", "hold", "held_at"])
    _close_again(tandem)


def _close_again(tandem: Tandem) -> None:
    """Nothing came of the proposal: a search that was open for these two only is closed as before."""
    request = tandem.request
    if not tandem.search_reopened or request.tandems.alive().exists():
        return
    now, found = timezone.now(), CompanionRequest.objects.filter(pk=request.pk)
    if found.open().update(status=RequestStatus.CLOSED, closed_at=now):
        request.status, request.closed_at = RequestStatus.CLOSED, now


def lapsing() -> TandemQuerySet:
    """Proposals with a side that has not answered within ``PROPOSAL_DAYS``."""
    limit = timezone.now() - datetime.timedelta(days=settings.PROPOSAL_DAYS)
    unanswered = Q(volunteer_answer="") | Q(newcomer_answer="")
    return Tandem.objects.filter(unanswered, status=TandemStatus.PROPOSED, proposed_at__lte=limit)


def lapse_proposals() -> int:
    """End proposals without an answer; their requests are open again. Returns how many."""
    return each(list(lapsing()), _lapse)


def _lapse(tandem: Tandem) -> bool:
    with transaction.atomic():
        tandem = lock_tandem(tandem)
        if not lapsing().filter(pk=tandem.pk).exists():
            return False  # it was answered, or another worker ended it, a moment ago
        _not_begun(tandem, TandemStatus.LAPSED)
        notifications.not_this_time(tandem, *Side)
    return True
