"""A former pair that would like to meet again: whom the page asks, and who both said yes."""

from django.db.models import Exists, OuterRef

from ..models import Concern, Tandem
from ..models.companions import RequestStatus, Side, TandemQuerySet, TandemStatus


def may_wish(tandem: Tandem) -> bool:
    """Whether a side is asked: the pair has ended, and there is nothing newer between the two.

    Never after „passt nicht“, nor when the search was withdrawn. What one side does not know, such as a
    concern, changes nothing here: the page would tell it.
    """
    return (
        tandem.status == TandemStatus.ENDED
        and tandem.end_reason != Tandem.EndReason.CHANGE
        and tandem.request.status != RequestStatus.WITHDRAWN
        and not _newer(tandem).exists()
    )


def _newer(tandem: Tandem) -> TandemQuerySet:
    pair = Tandem.objects.filter(request=tandem.request_id, volunteer=tandem.volunteer_id)
    return pair.filter(pk__gt=tandem.pk)


def wish_of(tandem: Tandem, side: Side) -> bool:
    return getattr(tandem, f"{side.value}_again_at") is not None


def wished_by_both(tandems: TandemQuerySet) -> TandemQuerySet:
    """Ended ones that both sides would like to begin again, and nobody has said that something was wrong."""
    both = tandems.filter(
        status=TandemStatus.ENDED, volunteer_again_at__isnull=False, newcomer_again_at__isnull=False
    )
    newer = Tandem.objects.filter(
        request=OuterRef("request"), volunteer=OuterRef("volunteer"), pk__gt=OuterRef("pk")
    )
    concerns = Concern.objects.filter(tandem__request=OuterRef("request"))
    concerns = concerns.filter(tandem__volunteer=OuterRef("volunteer"))
    left = both.exclude(end_reason=Tandem.EndReason.CHANGE)
    left = left.exclude(request__status=RequestStatus.WITHDRAWN)
    return left.filter(~Exists(newer), ~Exists(concerns))
