"""A former pair finds together again: each side wishes it for itself, and a coordinator proposes the two.

Only a wish is kept, never a no; so nobody learns that the other side has not wished it.
"""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..errors import DomainError
from ..models import CompanionRequest, Tandem, User
from ..models.companions import RequestStatus, Side
from ..reads.together_again import may_wish, wish_of, wished_by_both
from . import tandems
from .locks import lock_own_tandem, lock_tandem


class WishTooLate(DomainError):
    message = _(
        "Danach fragen wir bei diesem Tandem nicht mehr. Auf Ihrer Seite sehen Sie, wie es steht."
    )


class NotWished(DomainError):
    message = _(
        "Das geht nicht mehr: Es hat sich etwas geändert, seit Sie die Seite geöffnet haben."
    )


class SearchesAlready(DomainError):
    message = _(
        "Für diesen Menschen gibt es inzwischen eine andere offene Suche. Schlagen Sie die beiden dort vor."
    )


def wish(*, tandem: Tandem, side: Side, again: bool) -> Tandem:
    """One side would like to meet the other again, or takes that back. Raises ``WishTooLate``."""
    with transaction.atomic():
        tandem = lock_own_tandem(tandem.pk)
        if not may_wish(tandem):
            raise WishTooLate
        if again != wish_of(tandem, side):
            column = f"{side.value}_again_at"
            setattr(tandem, column, timezone.now() if again else None)
            tandem.save(update_fields=[column])
    return tandem


def propose_again(*, tandem: Tandem, by: User) -> Tandem:
    """Open the search again and propose exactly these two; all conditions of a proposal hold.

    The caller makes sure that ``by`` may change the tandem. If the proposal is refused, nothing changes;
    if nothing comes of it, the search is closed again.
    Raises ``NotWished``, ``SearchesAlready``, or what ``tandems.propose`` raises.
    """
    with transaction.atomic():
        tandem = lock_tandem(tandem)
        if not wished_by_both(Tandem.objects.filter(pk=tandem.pk)).exists():
            raise NotWished
        reopened = _open_again(tandem.request)
        tandem.volunteer_again_at = tandem.newcomer_again_at = None
        tandem.save(update_fields=["volunteer_again_at", "newcomer_again_at"])
        return tandems.propose(
            request=tandem.request,
            application=tandem.application,
            by=by,
            search_reopened=reopened,
        )


def _open_again(request: CompanionRequest) -> bool:
    """Whether the locked request was closed; one that still looks, or has all its companions, stays as it is."""
    if request.status != RequestStatus.CLOSED:
        return False
    request.status, request.closed_at = RequestStatus.OPEN, None
    try:
        with transaction.atomic():
            request.save(update_fields=["status", "closed_at"])
    except IntegrityError as error:
        raise SearchesAlready from error
    return True
