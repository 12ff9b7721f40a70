"""From a proposal to a running tandem.

Two coordinators who propose at once wait for each other at the request or at the volunteer, and the
second one is refused by what the first one made.
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
from ..notifications import tandems as notifications
from ..reads.tandems import answer_of, other
from .locks import lock_application, lock_request, lock_tandem, lock_volunteer
from .moving import step
from .rounds import each
from .steps import require_ready

NOT_READY = _("Was fehlt, steht unter «Vorbereitung» auf der Seite der Anmeldung.")
"""Neither history nor mails name a certificate of good conduct: they outlive its record."""


class RequestTaken(DomainError):
    message = _(
        "Für diese Suche gibt es schon einen Vorschlag oder ein Tandem, oder sie ist nicht mehr "
        "offen. Auf der Seite der Suche sehen Sie, wo sie steht."
    )


class NoMatch(DomainError):
    message = _("Diese beiden passen nicht zusammen.")


class TooLate(DomainError):
    message = _("Dieser Vorschlag wartet nicht mehr auf eine Antwort.")


def propose(
    *, request: CompanionRequest, application: Application, by: User | None = None
) -> Tandem:
    """Ask both sides whether they want to meet; neither learns yet who the other is.

    Both have to be in sight of ``by``; the caller sees to that. The hard conditions are checked
    again on locked records. Raises ``RequestTaken`` or ``NoMatch``, which says what is missing.
    """
    with transaction.atomic():
        request = lock_request(request.pk)
        application = lock_application(application)
        if request.status != RequestStatus.OPEN or request.tandems.alive().exists():
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
        )
        notifications.proposed(tandem)
    return tandem


def answer(*, tandem: Tandem, side: Side, answer: str, by: User | None = None) -> Tandem:
    """One side says yes or no; ``by`` records it for somebody who has no address.

    With both yes the tandem starts and contact passes. A no ends the proposal, the other one is
    told kindly and the request stays open. Raises ``TooLate`` when the proposal is over or this side
    has answered already.
    """
    with transaction.atomic():
        tandem = lock_tandem(tandem)
        if tandem.status != TandemStatus.PROPOSED or answer_of(tandem, side):
            raise TooLate
        setattr(tandem, f"{side.value}_answer", Answer(answer).value)
        setattr(tandem, f"{side.value}_answered_at", timezone.now())
        if answer == Answer.NO:
            tandem.status = TandemStatus.DECLINED
        tandem.save()
        if answer == Answer.NO:
            notifications.not_this_time(tandem, other(side))
        elif answer_of(tandem, other(side)) == Answer.YES:
            _start_or_tell(tandem, by)
    return tandem


def _start_or_tell(tandem: Tandem, by: User | None) -> None:
    """Both yeses are kept even when the start is refused; the coordination hears where to look."""
    try:
        with transaction.atomic():
            _start(tandem, by)
    except DomainError:
        tandem.refresh_from_db(fields=["status", "started_on"])
        notifications.cannot_start(tandem, str(NOT_READY))


def start(*, tandem: Tandem, by: User) -> Tandem:
    """A coordinator starts a tandem that both agreed to, once what was missing is there.

    Raises ``TooLate``, or what is still missing.
    """
    with transaction.atomic():
        tandem = lock_tandem(tandem)
        agreed = {tandem.volunteer_answer, tandem.newcomer_answer} == {Answer.YES.value}
        if tandem.status != TandemStatus.PROPOSED or not agreed:
            raise TooLate
        _start(tandem, by)
    return tandem


def _start(tandem: Tandem, by: User | None) -> None:
    """Begin, on locked records. Raises ``NoMatch`` or whatever the application is not ready for."""
    if missing := matching.missing_check(tandem.request, tandem.application):
        raise NoMatch(str(missing.text))
    require_ready(tandem.application)
    if tandem.application.status != Status.PLACED:
        actor = StatusChange.Actor.STAFF if by else StatusChange.Actor.SYSTEM
        step(tandem.application, Status.PLACED, actor, by=by, note=str(_("Ein Tandem beginnt.")))
    tandem.status, tandem.started_on = TandemStatus.RUNNING, timezone.localdate()
    tandem.save(update_fields=["status", "started_on"])
    tandem.request.status = RequestStatus.MATCHED
    tandem.request.save(update_fields=["status"])
    notifications.started(tandem)


def retract(*, tandem: Tandem) -> Tandem:
    """A coordinator takes a proposal back; whoever has not said no is told. Raises ``TooLate``."""
    with transaction.atomic():
        tandem = lock_tandem(tandem)
        if tandem.status != TandemStatus.PROPOSED:
            raise TooLate
        call_off(tandem, *Side)
    return tandem


def call_off(tandem: Tandem, *sides: Side) -> None:
    """A locked proposal comes to nothing; ``sides`` get a kind mail."""
    tandem.status = TandemStatus.DECLINED
    tandem.save(update_fields=["status"])
    notifications.not_this_time(tandem, *sides)


def lapsing() -> TandemQuerySet:
    """Proposals that somebody has not answered in ``PROPOSAL_DAYS``."""
    limit = timezone.now() - datetime.timedelta(days=settings.PROPOSAL_DAYS)
    unanswered = Q(volunteer_answer="") | Q(newcomer_answer="")
    return Tandem.objects.filter(unanswered, status=TandemStatus.PROPOSED, proposed_at__lte=limit)


def lapse_proposals() -> int:
    """Give up proposals without an answer; the requests are open again. Returns how many."""
    return each(list(lapsing()), _lapse)


def _lapse(tandem: Tandem) -> bool:
    with transaction.atomic():
        tandem = lock_tandem(tandem)
        if not lapsing().filter(pk=tandem.pk).exists():
            return False  # answered, or given up by another worker, a moment before
        tandem.status = TandemStatus.LAPSED
        tandem.save(update_fields=["status"])
        notifications.not_this_time(tandem, *Side)
    return True
