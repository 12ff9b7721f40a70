"""The start page of the administration: what the user has to do. The number of queries is fixed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.tiles import MOST, Tile
from programs.addresses import admin_path
from programs.admin.events import this_week
from programs.admin.typed import M
from programs.confirming import to_confirm
from programs.counting import counts_of
from programs.models import Entry, Event, Membership, Organisation
from volunteers.admin import shortages
from volunteers.admin.filters import OPEN_CHOICE, UNANSWERED
from volunteers.models import (
    Application,
    Enquiry,
    Message,
    User,
)
from volunteers.models.applications import ApplicationQuerySet
from volunteers.models.statuses import Status
from volunteers.reads import escalations
from volunteers.roles.table import OF_MEMBERS

from . import charts
from .tiles import open_points

SHOWN_STATUSES = [status for status in Status if status != Status.UNCONFIRMED]
SHOWN = 6
"""Rows of each list on the start page; a link leads to the rest."""


@dataclass(frozen=True)
class Worklist:
    """Counts and first rows of the open tasks. Every count links to the list it counts."""

    role: str
    organisations: list[Organisation]
    open_points: list[Tile]
    overdue_count: int
    overdue: list[Application]
    escalated_count: int
    escalated: list[escalations.Waiting]
    silent_count: int
    silent: list[escalations.Waiting]
    """Questions that organisations below have not answered."""
    message_count: int
    messages: list[Message]
    new_count: int
    new: list[Application]
    statuses: list[Tile]
    clearing: Tile | None
    confirm_count: int
    confirm: list[Entry]
    events: list[Event]
    missing: list[shortages.Panel]
    charts: list[charts.Chart]
    links: dict[str, str] = field(default_factory=dict)

    @property
    def has_applications(self) -> bool:
        return any(tile.count for tile in self.statuses)


def worklist_for(user: User) -> Worklist:
    applications = Application.objects.visible_to(user)
    waiting = applications.awaiting_answer().select_related("entry", "organisation")
    in_time = waiting.exclude(answer_by__lt=timezone.localdate())
    waiting_below = escalations.waiting_for(user)
    silent = escalations.questions_waiting_for(user)
    messages = Message.objects.visible_to(user).unhandled()
    due = to_confirm(Entry.objects.visible_to(user.limited_to("programs.confirm_entry")))
    own = list(Organisation.objects.employing(user).order_by("title"))
    drawn = charts.drawn_for(user)
    by_name: dict[str, QuerySet[Any]] = {
        **_to_count(applications),
        "in time": in_time,
        "escalated": waiting_below,
        "silent": silent,
        "messages": messages,
        "confirm": due,
    }
    numbers = counts_of([*by_name.values(), *charts.rows_of(drawn)], most=MOST)
    counts = dict(zip(by_name, numbers, strict=False))
    escalated = _first(waiting_below, counts["escalated"])
    unanswered = _first(silent, counts["silent"])
    reminded = escalations.reminded(escalated, unanswered)
    return Worklist(
        role=role_label(user),
        organisations=own,
        open_points=open_points(user),
        overdue_count=counts["overdue"],
        overdue=_first(waiting.overdue(), counts["overdue"]),
        escalated_count=counts["escalated"],
        escalated=escalations.rows(escalated, reminded),
        silent_count=counts["silent"],
        silent=escalations.question_rows(unanswered, reminded),
        message_count=counts["messages"],
        messages=_first(messages.select_related("application__entry"), counts["messages"]),
        new_count=counts["in time"],
        new=_first(in_time, counts["in time"]),
        statuses=_tiles(counts),
        clearing=_clearing(user, own, counts),
        confirm_count=counts["confirm"],
        confirm=_first(
            due.select_related("organisation").order_by("-is_published", "as_of", "title"),
            counts["confirm"],
        ),
        events=_events(user),
        missing=shortages.panels_for(user),
        charts=charts.counted(drawn, numbers[len(by_name) :]),
        links=_links(),
    )


def _first(rows: QuerySet[M], count: int) -> list[M]:
    """The rows that the page shows; nothing is asked for where there are none."""
    return list(rows[:SHOWN]) if count else []


def _to_count(applications: ApplicationQuerySet) -> Mapping[str, QuerySet[Any]]:
    """Applications by status, overdue ones, and open ones without an entry."""
    return {status.value: applications.filter(status=status) for status in SHOWN_STATUSES} | {
        "overdue": applications.overdue(),
        "clearing": applications.seeking_advice(),
    }


def _tiles(counts: Mapping[str, int]) -> list[Tile]:
    return [
        Tile(
            str(status.label),
            counts[status.value],
            admin_path(Application, status__exact=status.value),
            status.value,
        )
        for status in SHOWN_STATUSES
    ]


def _clearing(user: User, own: list[Organisation], counts: Mapping[str, int]) -> Tile | None:
    """Applications without an entry („Ich weiß noch nicht, was passt“), for the clearing office only."""
    answers = user.has_perm("volunteers.view_application")
    if not answers or not (user.is_superuser or any(one.is_clearing_office for one in own)):
        return None
    url = admin_path(Application, art=OPEN_CHOICE)
    return Tile(_("Ich weiß noch nicht, was passt"), counts["clearing"], url)


def _events(user: User) -> list[Event]:
    start, end = this_week()
    events = Event.objects.visible_to(user).filter(starts_at__lt=end, ends_at__gte=start)
    return list(
        events.select_related("organisation", "district").order_by("starts_at")[: 2 * SHOWN]
    )


def _links() -> dict[str, str]:
    return {
        "overdue": admin_path(Application, ueberfaellig="ja"),
        "escalated": admin_path(Application, "escalated"),
        "silent": admin_path(Enquiry, "escalated"),
        "messages": admin_path(Application, nachricht=UNANSWERED),
        "new": admin_path(Application, status__exact=Status.NEW.value, ueberfaellig="nein"),
        "confirm": admin_path(Entry, bestaetigen="ja"),
        "events": admin_path(Event, zeit="woche"),
    }


def role_label(user: User) -> str:
    """The label of the user's role; of several roles, the first in ``OF_MEMBERS``."""
    if user.is_superuser:
        return _("Portalverwaltung")
    role = next((role for role in OF_MEMBERS if role in user.roles), None)
    return str(Membership.Role(role).label) if role else ""
