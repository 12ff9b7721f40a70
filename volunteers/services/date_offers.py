"""A single date from the side of who was asked: coming, not coming after all, and how it was."""

from collections.abc import Iterator
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..errors import DomainError, TransitionNotAllowed
from ..models import Application, DateMessage, DateOffer, DateRequest, Volunteer
from ..models.dates import DateStatus
from ..notifications import dates as notifications
from ..reads.date_candidates import LONGEST, can_come
from ..reads.engaged import BEGUN
from .hours import HoursRefused, NotEngaged, Work, note_hours
from .locks import lock_date, lock_volunteer

AN_HOUR = 60


class SomebodyElseComes(DomainError):
    message = gettext_lazy(
        "Danke, dass Sie helfen wollen! Es kommt schon jemand anderes mit. Beim nächsten Mal fragen "
        "wir Sie gern wieder."
    )


class NotWantedAnyMore(DomainError):
    message = gettext_lazy(
        "Danke, dass Sie helfen wollen! Für diesen Termin wird niemand mehr gesucht."
    )


class ElsewhereThen(DomainError):
    message = gettext_lazy("Zu dieser Zeit haben Sie schon einen anderen Termin zugesagt.")


def send_link(*, date: DateRequest, email: str) -> None:
    """Somebody saw the date on the board: mail its link to whoever may come at this address.

    The same conditions hold as for those whom the portal asks by itself, but nobody's week is counted.
    Everybody else gets a mail that says what it takes; it is the same for known and unknown addresses.
    """
    with transaction.atomic():
        date = lock_date(date.pk)
        if date.status != DateStatus.OPEN or date.starts_at < timezone.now():
            return
        found = list(can_come(date).filter(email=email).order_by("pk"))
        for volunteer in found:
            offer, _made = DateOffer.objects.get_or_create(date=date, volunteer=volunteer)
            notifications.link_wanted(offer)
        if not found:
            notifications.not_ready_yet(date, email)


def accept(*, offer: DateOffer, shares_phone: bool = False) -> DateOffer:
    """The volunteer comes; first come, first served. A second click changes nothing.

    Locks the date, then the volunteer. Raises ``SomebodyElseComes``, ``NotWantedAnyMore`` or
    ``ElsewhereThen``.
    """
    with transaction.atomic():
        date = lock_date(offer.date_id)
        volunteer = lock_volunteer(offer.volunteer_id)
        if date.status == DateStatus.TAKEN and date.companion_id == volunteer.pk:
            return offer
        if date.status == DateStatus.TAKEN:
            raise SomebodyElseComes
        is_over = date.status != DateStatus.OPEN or date.starts_at < timezone.now()
        if is_over or volunteer.kept_apart.not_freed().exists():
            raise NotWantedAnyMore
        if _is_busy(volunteer, date):
            raise ElsewhereThen
        date.status, date.companion, date.next_wave_at = DateStatus.TAKEN, volunteer, None
        date.shares_phone = shares_phone and bool(volunteer.phone)
        date.save(update_fields=["status", "companion", "next_wave_at", "shares_phone"])
        offer.date, offer.volunteer, offer.gave_back_at = date, volunteer, None
        offer.save(update_fields=["gave_back_at"])
        notifications.accepted(offer)
    return offer


def _is_busy(volunteer: Volunteer, date: DateRequest) -> bool:
    near = volunteer.dates.filter(
        status=DateStatus.TAKEN,
        starts_at__lt=date.ends_at,
        starts_at__gt=date.starts_at - LONGEST,
    )
    return any(one.ends_at > date.starts_at for one in near)


def give_back(*, offer: DateOffer) -> None:
    """The volunteer cannot come after all: the next ones are asked at once, and the asker knows.

    Raises ``TransitionNotAllowed`` when it is not theirs, or has begun.
    """
    with transaction.atomic():
        date = lock_date(offer.date_id)
        if not _comes(offer, date) or date.starts_at < timezone.now():
            raise TransitionNotAllowed
        offer.gave_back_at = timezone.now()
        offer.save(update_fields=["gave_back_at"])
        _open_again(date)


def leave(volunteer: Volunteer) -> None:
    """The volunteer goes (deletion), with what both wrote; others are asked for the dates to come."""
    DateMessage.objects.filter(date__companion=volunteer).delete()
    for date in _to_come(volunteer):
        _open_again(date)


def give_to_others(volunteer: Volunteer) -> None:
    """The volunteer is not to come any more, and is told so without a reason; others are asked."""
    now = timezone.now()
    for date in _to_come(volunteer):
        offer = date.offers.select_related("volunteer").get(volunteer=volunteer)
        offer.date, offer.gave_back_at = date, now
        offer.save(update_fields=["gave_back_at"])
        notifications.cancelled(offer)
        _open_again(date)


def _to_come(volunteer: Volunteer) -> Iterator[DateRequest]:
    """The dates to come that the volunteer has accepted, each locked."""
    found = volunteer.dates.filter(status=DateStatus.TAKEN, starts_at__gt=timezone.now())
    for number in found.order_by("pk").values_list("pk", flat=True):
        yield lock_date(number)


def _open_again(date: DateRequest) -> None:
    date.status, date.companion, date.shares_phone = DateStatus.OPEN, None, False
    date.next_wave_at = timezone.now()
    date.save(update_fields=["status", "companion", "shares_phone", "next_wave_at"])
    date.messages.all().delete()  # they were for this one alone
    notifications.searching_again(date)


def reply(*, offer: DateOffer, outcome: DateRequest.Outcome) -> bool:
    """How it was, from who came; the first reply counts. Returns whether hours are noted by it.

    A problem is mailed to the clearing office. Raises ``TransitionNotAllowed`` when the date is not
    theirs or has not begun.
    """
    with transaction.atomic():
        date = lock_date(offer.date_id)
        if date.status == DateStatus.DONE and date.companion_id == offer.volunteer_id:
            return False
        if not _comes(offer, date) or date.starts_at > timezone.now():
            raise TransitionNotAllowed
        date.status, date.outcome, date.replied_at = DateStatus.DONE, outcome, timezone.now()
        date.save(update_fields=["status", "outcome", "replied_at"])
        if outcome == DateRequest.Outcome.PROBLEM:
            notifications.problem(date)
        return outcome == DateRequest.Outcome.HAPPENED and _note(date, offer)


def _comes(offer: DateOffer, date: DateRequest) -> bool:
    return date.status == DateStatus.TAKEN and date.companion_id == offer.volunteer_id


def _note(date: DateRequest, offer: DateOffer) -> bool:
    """Hours go to the application that made the person ready, the newest that is older than the date."""
    own = Application.objects.filter(
        volunteer=offer.volunteer_id, status__in=BEGUN, submitted_at__lte=date.starts_at
    )
    application = own.order_by("-submitted_at", "-pk").first()
    if application is None:
        return False
    what = _("%(kind)s: %(topic)s")
    work = Work(
        on=timezone.localdate(date.starts_at),
        hours=Decimal(date.minutes) / AN_HOUR,
        what=what % {"kind": date.get_kind_display(), "topic": date.get_topic_display()},
    )
    try:
        with transaction.atomic():
            note_hours(application=application, work=work)
    except (HoursRefused, NotEngaged):
        return False
    return True
