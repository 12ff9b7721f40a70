"""Visit counts of a room: what is asked on a day, how it is kept, and sums by month."""

import datetime
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, TruncMonth
from django.utils import timezone

from programs.models import Organisation

from .models import RoomOffer, VisitCount, WelcomeRoom

if TYPE_CHECKING:
    from volunteers.models import User

Cell = tuple[datetime.date, int | None]
"""Day and primary key of the offer; None: everything else on that day."""


class Count(NamedTuple):
    number: int
    is_estimate: bool


def offers_on(
    room: WelcomeRoom, day: datetime.date, counted: Iterable[Cell] = ()
) -> list[RoomOffer]:
    """Offers that may have had visitors on ``day``: those of the weekday first, then those without one.

    Those of other weekdays only if they are among ``counted``.
    """
    on_the_day, any_day = [], []
    for offer in room.offers.all():
        if offer.is_on(day):
            on_the_day.append(offer)
        elif (day, offer.pk) in counted or (offer.weekday is None and offer.is_offered_on(day)):
            any_day.append(offer)
    return [*on_the_day, *any_day]


def uncounted_today(user: "User") -> list[int]:
    """Primary keys of rooms of the user's own organisation that are open today, without any count yet."""
    today = timezone.localdate()
    own = Organisation.objects.employing(user)
    counting = user.limited_to("welcome_rooms.change_visitcount")
    takes_place = Q(opening_hours__weekday=today.weekday()) | Q(offers__weekday=today.weekday())
    rooms = WelcomeRoom.objects.visible_to(counting).filter(takes_place, organisation__in=own)
    uncounted = rooms.exclude(pk__in=VisitCount.objects.filter(day=today).values("room"))
    return list(uncounted.order_by("pk").values_list("pk", flat=True).distinct())


@transaction.atomic
def keep_counts(*, room: WelcomeRoom, counts: Mapping[Cell, Count | None]) -> None:
    """Store the counts; None removes one. Cells that are not in ``counts`` stay.

    Two savers write their rows in the same order, so neither waits for the other in a circle.
    """
    for (day, offer), count in sorted(counts.items(), key=lambda one: (one[0][0], one[0][1] or 0)):
        if count is None:
            VisitCount.objects.filter(room=room, day=day, offer=offer).delete()
            continue
        VisitCount.objects.bulk_create(
            [
                VisitCount(
                    room=room,
                    day=day,
                    offer_id=offer,
                    number=count.number,
                    is_estimate=count.is_estimate,
                )
            ],
            update_conflicts=True,
            unique_fields=["room", "day", "offer"],
            update_fields=["number", "is_estimate"],
        )


class Month(NamedTuple):
    """Visits of one month. ``estimated``: how many of ``number`` are from estimates."""

    first_day: datetime.date
    of: Any
    number: int
    estimated: int

    @property
    def share(self) -> int:
        """Per cent of the visits that are estimated; a share below one half per cent is 0."""
        return round(100 * self.estimated / self.number) if self.number else 0


def by_month(counts: QuerySet[VisitCount], of: str = "") -> list[Month]:
    """Sums by month, latest first, and within it by the column ``of`` if one is named."""
    named = {"of": F(of)} if of else {}
    rows = (
        counts.annotate(month=TruncMonth("day"), **named)
        .order_by()
        .values("month", *named)
        .annotate(
            total=Sum("number"),
            estimated=Coalesce(Sum("number", filter=Q(is_estimate=True)), 0),
        )
        .order_by("-month", *named)
    )
    return [Month(row["month"], row.get("of"), row["total"], row["estimated"]) for row in rows]
