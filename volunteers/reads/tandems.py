"""What both sides of a tandem learn about each other: no name and no contact before both have agreed."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from programs.models.choices import listed

from ..models import Application, CompanionRequest, Gender, Tandem
from ..models.companions import Side, TandemStatus


class Fact(NamedTuple):
    label: str
    value: str


class Contact(NamedTuple):
    """The contact data that the other side gets once both have said yes."""

    name: str
    email: str
    phone: str
    child: str = ""
    """First name of the child, whose guardian this is. Nobody reaches the child itself."""


def facts_for(tandem: Tandem, side: Side) -> list[Fact]:
    """What ``side`` is told about the other one with the proposal; no free text."""
    if side == Side.NEWCOMER:
        return _of_volunteer(tandem.application)
    return _of_newcomer(tandem.request)


def _of_newcomer(request: CompanionRequest) -> list[Fact]:
    together = _("%(number)d Menschen, eine Familie oder eine Gruppe") % {"number": request.people}
    return _told(
        (_("Für wie viele"), together if request.people > 1 else ""),
        (_("Alter"), request.age_label),
        (_("Sprachen"), listed(request.language_labels)),
        (_("Wobei"), listed(request.fields.all())),
        (_("Stadtbezirk"), str(request.district or "")),
        (_("Zeiten"), request.schedule_label),
        (_("Wunsch"), request.get_wish_display() if request.wish else ""),
    )


def _of_volunteer(application: Application) -> list[Fact]:
    shown = application.gender in {Gender.WOMAN, Gender.MAN}
    return _told(
        (_("Wer"), application.get_gender_display() if shown else ""),
        (_("Sprachen"), listed(application.language_labels)),
        (_("Hilft gern bei"), listed(application.fields.all())),
        (_("Stadtbezirke"), listed(application.districts.all())),
        (_("Zeiten"), application.schedule_label),
    )


def _told(*pairs: tuple[str, str]) -> list[Fact]:
    return [Fact(label, value) for label, value in pairs if value]


def first_name(name: str) -> str:
    """The part before the first space; the family name is left out."""
    return name.split(maxsplit=1)[0] if name.split() else name


def contact_for(tandem: Tandem, side: Side) -> Contact:
    """How ``side`` reaches the other one; only for tandems that both have agreed to.

    Of a tandem on hold, and of one that is over, only the name.
    """
    contact = _contact(tandem, side)
    passes = tandem.status == TandemStatus.RUNNING and not tandem.is_held
    return contact if passes else Contact(contact.name, "", "", contact.child)


def _contact(tandem: Tandem, side: Side) -> Contact:
    if side == Side.NEWCOMER:
        other = tandem.application
        return Contact(first_name(other.name), other.email, other.phone)
    request = tandem.request
    return Contact(request.name, request.email, request.phone, request.child_name)


def email_of(tandem: Tandem, side: Side) -> str:
    """The mail address of one side; empty when there is none."""
    return tandem.request.email if side == Side.NEWCOMER else tandem.application.email


def other(side: Side) -> Side:
    return Side.VOLUNTEER if side == Side.NEWCOMER else Side.NEWCOMER


def answer_of(tandem: Tandem, side: Side) -> str:
    return tandem.newcomer_answer if side == Side.NEWCOMER else tandem.volunteer_answer
