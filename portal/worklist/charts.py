"""Charts on the start page of departments: waiting times, the way into an engagement, tandems, the directory.

Every bar leads to the list that it counts: both come from the same condition. The bars are counted in the
query that counts the other work (``page.py``); who coordinates one organisation has no charts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from portal.tiles import MOST
from programs.addresses import admin_path
from programs.admin.entries import CONFIRMED
from programs.confirming import confirmed
from programs.models import Entry, Membership
from volunteers.admin.filters import CAME, WAITED
from volunteers.models import Application, Tandem, User
from volunteers.models.companions import TandemStatus
from volunteers.reads.waiting import having_reached, waiting_for

OF_DEPARTMENTS = frozenset(
    {
        Membership.Role.STAFF.value,
        Membership.Role.REPORTING.value,
        Membership.Role.ROOM_STAFF.value,
        "administrator",
    }
)
"""Roles whose start page has charts, each as far as the role may see the list behind it."""


@dataclass(frozen=True)
class Bar:
    label: str
    count: int
    url: str
    percent: int
    """Of the longest bar of the chart."""


@dataclass(frozen=True)
class Chart:
    slug: str
    title: str
    what: str
    """What is counted, in a sentence."""
    bars: list[Bar]


@dataclass(frozen=True)
class Drawn:
    """A chart before it is counted."""

    slug: str
    title: str
    what: str
    rows: "Sequence[tuple[str, QuerySet[Any], str]]"
    """Label, what is counted, address of its list."""


def drawn_for(user: User) -> list[Drawn]:
    """What the start page of this user counts together with everything else; nothing for who coordinates."""
    return list(_drawn(user)) if user.roles & OF_DEPARTMENTS else []


def rows_of(drawn: Sequence[Drawn]) -> "list[QuerySet[Any]]":
    return [rows for one in drawn for _label, rows, _url in one.rows]


def counted(drawn: Sequence[Drawn], numbers: Sequence[int]) -> list[Chart]:
    """The charts of which at least one bar has a number; ``numbers`` are those of :func:`rows_of`."""
    rest = iter(numbers)
    charts = [_chart(one, [next(rest) for _row in one.rows]) for one in drawn]
    return [one for one in charts if any(bar.count for bar in one.bars)]


def _chart(drawn: Drawn, numbers: list[int]) -> Chart:
    highest = max([*numbers, 1])
    bars = [
        Bar(label, number, url, round(100 * number / highest))
        for (label, _rows, url), number in zip(drawn.rows, numbers, strict=True)
    ]
    return Chart(drawn.slug, drawn.title, drawn.what, bars)


def _drawn(user: User) -> Iterator[Drawn]:
    if user.has_perm("volunteers.view_application"):
        yield _waiting(user)
        yield _funnel(user)
    if user.has_perm("volunteers.view_tandem"):
        yield _tandems(user)
    if user.has_perm("programs.view_entry"):
        yield _freshness(user)


def _waiting(user: User) -> Drawn:
    seen = Application.objects.visible_to(user)
    rows = [
        (str(words), waiting_for(seen, slug), admin_path(Application, wartet=slug))
        for slug, words in WAITED
    ]
    what = _("Neue Anmeldungen, die noch keine Antwort haben, nach der Zeit seit der Bestätigung.")
    return Drawn("waiting", _("So lange warten Menschen"), what, rows)


def _funnel(user: User) -> Drawn:
    seen = Application.objects.visible_to(user).order_by("-submitted_at", "-pk")
    rows = [
        (str(words), having_reached(seen, slug)[: MOST + 1], admin_path(Application, weg=slug))
        for slug, words in CAME
    ]
    what = _("Anmeldungen der letzten zwölf Monate, und wie weit sie gekommen sind.")
    return Drawn("funnel", _("Von der Anmeldung zum Einsatz"), what, rows)


def _tandems(user: User) -> Drawn:
    seen = Tandem.objects.visible_to(user)
    rows = [
        (
            str(status.label),
            seen.filter(status=status),
            admin_path(Tandem, status__exact=status.value),
        )
        for status in TandemStatus
    ]
    what = _("Alle Tandems, die das Portal noch aufbewahrt, nach ihrem Stand heute.")
    return Drawn("tandems", _("Tandems"), what, rows)


def _freshness(user: User) -> Drawn:
    seen = Entry.objects.visible_to(user)
    rows = [
        (str(words), confirmed(seen, slug), admin_path(Entry, frische=slug))
        for slug, words in CONFIRMED
    ]
    what = _("Veröffentlichte Einträge, die nicht beendet sind, nach der letzten Bestätigung.")
    return Drawn("freshness", _("Wie frisch ist das Verzeichnis?"), what, rows)
