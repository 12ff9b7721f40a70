"""Tandems on status pages and „Meine Seite“: open questions, and the contact of the other side."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from ..links import tandems as tandem_links
from ..models import Application, CheckIn, CompanionRequest, Tandem
from ..models.companions import RequestStatus, Side, TandemStatus
from ..reads.answering import looked_after
from ..reads.persons import Person
from ..reads.protection import concepts_of_tandems
from ..reads.tandems import answer_of, contact_for
from ..reads.together_again import may_wish, wish_of
from ..services import ending
from . import first_weeks
from .parts import OpenPoint, Section

TEMPLATE = "volunteers/sections/tandems.html"
SHOWN_ENDED = 3
"""Number of ended tandems shown."""


def of_application(application: Application) -> Section | None:
    """The volunteer's side, on the status page of the application."""
    if not application.tandems.all():  # most have none, and what belongs to one is much to ask for
        return None
    return _section(_loaded(Tandem.objects.filter(application=application)), Side.VOLUNTEER)


def of_request(request: CompanionRequest) -> Section | None:
    """The newcomer's side, on the page of the request."""
    return _section(_loaded(Tandem.objects.filter(request=request)), Side.NEWCOMER)


def of_person(person: Person) -> Section | None:
    """Both sides: one person may be a companion and have a companion, and sees both here."""
    mine = _loaded(Tandem.objects.filter(person.owns("application__")))
    theirs = _loaded(Tandem.objects.filter(person.named("request__")))
    context = _context(mine, Side.VOLUNTEER)
    for name, rows in _context(theirs, Side.NEWCOMER).items():
        context[name] += rows
    confirmed = CompanionRequest.objects.filter(confirmed_at__isnull=False)
    requests = confirmed.filter(person.named()).exclude(status=RequestStatus.WITHDRAWN)
    context["requests"] = [(one, tandem_links.status_path(one)) for one in requests]
    asked = CompanionRequest.objects.filter(person.named("asker__"))
    asked = asked.exclude(status__in=(RequestStatus.UNCONFIRMED, RequestStatus.WITHDRAWN))
    context["asked"] = [(one, tandem_links.asked_path(one)) for one in asked]
    return Section(TEMPLATE, context) if any(context.values()) else None


def open_points(person: Person) -> list[OpenPoint]:
    """Proposals and check-ins that wait for the person's answer."""
    alive = Q(status=TandemStatus.PROPOSED) | Q(status=TandemStatus.RUNNING)
    found = Tandem.objects.filter(alive)
    points = []
    own = {Side.VOLUNTEER: person.owns("application__"), Side.NEWCOMER: person.named("request__")}
    for side, condition in own.items():
        tandems = _loaded(found.filter(condition))
        context = _context(tandems, side)
        points += [
            OpenPoint(
                _("Ein Vorschlag für ein Tandem wartet auf Ihre Antwort."), row["url"], _("Ansehen")
            )
            for row in context["proposals"]
            if not row["answered"]
        ]
        points += [
            OpenPoint(_("Wie läuft es in Ihrem Tandem?"), replies[0][1], _("Antworten"))
            for row in context["running"]
            if (replies := row["replies"])
        ]
        points += [
            OpenPoint(_("Sie haben sich getroffen: Passt es?"), row["first"]["url"], _("Antworten"))
            for row in context["running"]
            if row["first"]["is_asked"]
        ]
        points += [
            OpenPoint(
                _("Ein Vorschlag für Ihre Absprache wartet auf Sie."),
                row["first"]["agreement"]["url"],
                _("Ansehen"),
            )
            for row in context["running"]
            if row["first"]["agreement"]["waits_for_me"]
        ]
    return points


def _loaded(tandems: "QuerySet[Tandem]") -> "QuerySet[Tandem]":
    replies = CheckIn.objects.filter(reply__in=("", CheckIn.Reply.SUPPORT)).order_by("-due_on")
    tandems = tandems.select_related("organisation", "request", "application")
    asked = Prefetch("check_ins", replies, to_attr="open_or_support")
    return tandems.prefetch_related(asked, "first_meetings", "agreements")


def _section(tandems: "QuerySet[Tandem]", side: Side) -> Section | None:
    context = _context(tandems, side)
    return Section(TEMPLATE, context) if any(context.values()) else None


def _context(tandems: "QuerySet[Tandem]", side: Side) -> dict[str, list[Any]]:
    """What a volunteer finds about protection stands with the steps of their preparation."""
    found = list(tandems)
    runs = [t for t in found if t.status == TandemStatus.RUNNING and side == Side.NEWCOMER]
    concepts = concepts_of_tandems(runs)
    ended = [tandem for tandem in found if tandem.status == TandemStatus.ENDED]
    return {
        "proposals": [_proposal(t, side) for t in found if t.status == TandemStatus.PROPOSED],
        "running": [
            _running(t, side) | {"protection": concepts.get(t.pk)}
            for t in found
            if t.status == TandemStatus.RUNNING
        ],
        "ended": [_ended(tandem, side) for tandem in ended[:SHOWN_ENDED]],
    }


def _proposal(tandem: Tandem, side: Side) -> dict[str, Any]:
    return {
        "answered": answer_of(tandem, side),
        "url": tandem_links.answer_path(tandem, side),
        "is_newcomer": side == Side.NEWCOMER,
        "concern_url": tandem_links.concern_path(tandem, side),
    }


def _running(tandem: Tandem, side: Side) -> dict[str, Any]:
    own = [c for c in tandem.open_or_support if c.side == side]  # type: ignore[attr-defined]  # prefetched
    asked = next((c for c in own if not c.reply), None)
    since = tandem.needs_support_since
    replies = [
        (reply.label, tandem_links.check_in_path(asked, reply.value))
        for reply in CheckIn.Reply
        if asked is not None and not tandem.is_held
    ]
    return {
        "tandem": tandem,
        "who": looked_after(tandem),
        "contact": contact_for(tandem, side),
        "first": first_weeks.of_side(tandem, side),
        "replies": replies,
        # What one side answers is not shown to the other: only whoever asked for support sees it.
        "has_asked_for_support": since and any(c.reply and c.replied_at >= since for c in own),
        "support_url": tandem_links.support_path(tandem, side),
        "end_url": tandem_links.end_path(tandem, side),
        "concern_url": tandem_links.concern_path(tandem, side),
        "is_newcomer": side == Side.NEWCOMER,
    }


def _ended(tandem: Tandem, side: Side) -> dict[str, Any]:
    asks = side == Side.VOLUNTEER and ending.may_say_again(tandem)
    return {
        "tandem": tandem,
        "name": contact_for(tandem, side).name,
        "again_url": tandem_links.again_url(tandem) if asks else "",
        "meet_url": tandem_links.together_again_path(tandem, side) if may_wish(tandem) else "",
        "wishes": wish_of(tandem, side),
        "concern_url": tandem_links.concern_path(tandem, side),
    }
