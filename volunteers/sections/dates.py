"""Single dates on „Meine Seite“: those to which the person comes, and those for which they asked."""

from collections.abc import Iterable

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..links import dates as links
from ..models import DateOffer, DateRequest
from ..models.dates import WITH_SOMEBODY, DateStatus, talk_is_over
from ..notifications.dates import when
from ..reads.persons import Person
from .parts import OpenPoint, Section

TEMPLATE = "volunteers/sections/dates.html"
NOT_SHOWN = (DateStatus.UNCONFIRMED, DateStatus.CANCELLED)


def of_person(person: Person) -> Section | None:
    """Both sides, by date: one person may come to dates of others and ask for own ones.

    They stay as long as the two may write to each other; the contact is on their pages alone.
    """
    comes = _offers(person).filter(
        date__companion=F("volunteer"),
        date__status__in=WITH_SOMEBODY,
        date__starts_at__gt=talk_is_over(),
    )
    asked = DateRequest.objects.filter(person.named(), starts_at__gt=talk_is_over())
    asked = asked.exclude(status__in=NOT_SHOWN).select_related("district")
    context = {
        "comes": [(one.date, when(one.date), links.offer_token(one)) for one in comes],
        "asked": [(one, when(one), links.token(one)) for one in asked.order_by("starts_at", "pk")],
    }
    return Section(TEMPLATE, context) if any(context.values()) else None


def _offers(person: Person) -> "QuerySet[DateOffer]":
    offers = DateOffer.objects.filter(person.named("volunteer__"))
    return offers.select_related("date__district").order_by("date__starts_at", "pk")


def open_points(person: Person) -> Iterable[OpenPoint]:
    """Dates for which the person is asked, and those of which nobody knows yet how they were."""
    now = timezone.now()
    wanted = _offers(person).filter(
        date__status=DateStatus.OPEN, date__starts_at__gt=now, gave_back_at=None
    )
    for offer in wanted:
        text = _("Haben Sie Zeit? %(what)s am %(when)s.")
        yield OpenPoint(text % _words(offer.date), links.offer_path(offer), _("Ansehen"))
    taken = _offers(person).filter(date__companion=F("volunteer"), date__status=DateStatus.TAKEN)
    for offer in taken.filter(date__starts_at__lt=now):
        if offer.date.ends_at < now:
            text = _("Wie war es? %(what)s am %(when)s.")
            yield OpenPoint(text % _words(offer.date), links.offer_path(offer), _("Antworten"))


def _words(date: DateRequest) -> dict[str, str]:
    start = timezone.localtime(date.starts_at)
    return {"what": str(date.get_kind_display()), "when": date_format(start, _("j. F"))}
