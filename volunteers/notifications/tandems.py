"""Mails to both sides of a tandem, and to those who look after it."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from programs.addresses import admin_url

from ..links import tandems as tandem_links
from ..models import CheckIn, MailKind, Tandem
from ..models.companions import RequestStatus, Side
from ..periods import after_days, after_months, after_weeks_in_words
from ..reads.answering import looked_after
from ..reads.protection import concepts_of_tandems
from ..reads.tandems import contact_for, email_of, facts_for
from . import outbox
from .in_german import as_said
from .people import send_to_members
from .sending import News, send
from .speaking import to_side, to_staff


def _send(tandem: Tandem, side: Side, subject: str, template: str, **context: Any) -> None:
    """To one side, if it has an address; people without one are told by the coordination."""
    if address := email_of(tandem, side):
        context |= {
            "tandem": tandem,
            "who": as_said(looked_after(tandem)),
            "newcomer": side == Side.NEWCOMER,
            "for_child": is_for_child(tandem, side),
            "concern_url": tandem_links.concern_url(tandem, side),
        }
        send(address, subject, template, **context)


def is_for_child(tandem: Tandem, side: Side) -> bool:
    """Whether the mail goes to the guardian of the child that is accompanied."""
    return side == Side.NEWCOMER and tandem.request.is_for_child


def _topic(tandem: Tandem, side: Side) -> str:
    return f"tandem.{tandem.pk}.{side.value}"


def proposed(tandem: Tandem) -> None:
    for side in Side:
        _propose(tandem, side)


@to_side
def _propose(tandem: Tandem, side: Side) -> None:
    subject = {
        Side.NEWCOMER: _("Ein Vorschlag: Möchten Sie diesen Menschen kennenlernen?"),
        Side.VOLUNTEER: _("Ein Vorschlag: Möchten Sie diesen Menschen begleiten?"),
    }[side]
    url = tandem_links.answer_url(tandem, side)
    facts = facts_for(tandem, side)
    period = after_days(settings.PROPOSAL_DAYS)
    news = News(_topic(tandem, side), "", "proposed")
    told = {"url": url, "facts": facts, "period": period, "news": news}
    _send(tandem, side, subject, "tandems/proposed", **told)


def started(tandem: Tandem) -> None:
    """To both sides: only now each learns who the other is."""
    protection = concepts_of_tandems([tandem]).get(tandem.pk)
    for side in Side:
        _begins(tandem, side, protection)


@to_side
def _begins(tandem: Tandem, side: Side, protection: Any) -> None:
    child = _("Die Begleitung Ihres Kindes beginnt")
    _send(
        tandem,
        side,
        child if is_for_child(tandem, side) else _("Ihr Tandem beginnt"),
        "tandems/started",
        contact=contact_for(tandem, side),
        protection=protection,
        period=_first_question(),
        url=tandem_links.page_url_of(tandem, side),
        news=News(_contact_topic(tandem, side), "", "started"),
    )


def _contact_topic(tandem: Tandem, side: Side) -> str:
    return f"contact.{tandem.pk}.{side.value}"


def keep_contacts_back(tandem: Tandem) -> None:
    """Take back what has not left yet and holds the contact of the other side."""
    for side in Side:
        outbox.take_back(_contact_topic(tandem, side), was="")


@to_side
def goes_on(tandem: Tandem, side: Side) -> None:
    """A tandem that was on hold goes on; the contact stands on the page."""
    url = tandem_links.page_url_of(tandem, side)
    child = _("Die Begleitung Ihres Kindes geht weiter")
    subject = child if is_for_child(tandem, side) else _("Ihr Tandem geht weiter")
    _send(tandem, side, subject, "tandems/goes_on", url=url)


def _first_question() -> str:
    """The time after which both sides are asked for the first time how it goes."""
    if settings.CHECK_IN_WEEKS:
        return after_weeks_in_words(7 * min(settings.CHECK_IN_WEEKS))
    return after_months(settings.CHECK_IN_EVERY_MONTHS)


def not_this_time(tandem: Tandem, *sides: Side) -> None:
    """The proposal has failed; the mail does not say why. None to a side that has not heard of it yet."""
    for side in sides:
        if News(_topic(tandem, side), "proposed", "").to_tell() is not None:
            _comes_to_nothing(tandem, side)


@to_side
def _comes_to_nothing(tandem: Tandem, side: Side) -> None:
    url = tandem_links.page_url_of(tandem, side)
    told = {"url": url, "looks_on": tandem.request.status == RequestStatus.OPEN}
    _send(tandem, side, _("Zu unserem Vorschlag"), "tandems/not_this_time", **told)


@to_staff
def cannot_start(tandem: Tandem, reason: str) -> None:
    _to_members(tandem, _("Ein Tandem kann noch nicht beginnen"), "tandems/cannot_start", reason)


@to_staff
def needs_support(tandem: Tandem) -> None:
    _to_members(tandem, _("Ein Tandem braucht Unterstützung"), "tandems/needs_support", "")


@to_staff
def cannot_be_ready(tandem: Tandem, reason: str) -> None:
    _to_members(tandem, _("Wieder bereit, aber es fehlt noch etwas"), "tandems/not_ready", reason)


def _to_members(tandem: Tandem, subject: str, template: str, reason: str) -> None:
    """To the members of the organisation: where to look. What both sides typed stays in the portal."""
    url = admin_url(tandem)
    send_to_members(tandem.organisation, subject, template, url=url, reason=reason)


@to_side
def ended(tandem: Tandem, side: Side, *, ask: bool = False) -> None:
    """To both sides; with ``ask`` the volunteer is asked whether they are ready for another tandem."""
    if side == Side.NEWCOMER:
        url = settings.SITE_URL + reverse("volunteers:companion")
    else:
        url = tandem_links.again_url(tandem) if ask else ""
    child = _("Die Begleitung Ihres Kindes ist beendet")
    subject = child if is_for_child(tandem, side) else _("Ihr Tandem ist beendet")
    _send(tandem, side, subject, "tandems/ended", url=url)


def how_is_it(check_in: CheckIn) -> None:
    """„Wie läuft es?“ with one link for each reply."""
    _ask_how_it_is(check_in.tandem, Side(check_in.side), check_in)


@to_side
def _ask_how_it_is(tandem: Tandem, side: Side, check_in: CheckIn) -> None:
    urls = {reply.value: tandem_links.check_in_url(check_in, reply) for reply in CheckIn.Reply}
    name = contact_for(tandem, side).name
    told = {"urls": urls, "name": name, "kind": MailKind.CHECK_IN}
    _send(tandem, side, _("Wie läuft es in Ihrem Tandem?"), "tandems/check_in", **told)
