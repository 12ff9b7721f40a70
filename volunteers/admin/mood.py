"""The mood of a tandem over time as a small drawing, with the same in words."""

import datetime
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ..models import CheckIn, Fit
from ..models.companions import Side
from .display import day_label

SHOWN = 6
"""Answers of each side in the drawing, the newest ones."""
STEP, DROP = 14, 7
"""Pixels from one answer to the next, and from one to the next worse."""
TOP = {Side.VOLUNTEER: 6, Side.NEWCOMER: 32}
"""Where the line of each side begins, so that they never cover each other."""
LEVELS = {
    CheckIn.Reply.GOOD.value: 0,
    Fit.FITS.value: 0,
    Fit.OPEN.value: 1,
    CheckIn.Reply.SUPPORT.value: 2,
}
"""Answer → how well: 0 good, 1 open, 2 asked for support. An answer that ended the tandem is no mood."""


class Said(NamedTuple):
    at: datetime.datetime
    level: int
    text: str


class Mark(NamedTuple):
    x: int
    y: int
    level: int
    """Each has a shape of its own."""


def mood(tandem: Any) -> SafeString | str:
    """Reads the prefetched ``replied`` and ``first_meetings``; a dash when nobody has said anything."""
    lines = {side: _said(tandem, side) for side in Side}
    if not any(lines.values()):
        return "–"
    drawn = {side.value: _marks(side, said) for side, said in lines.items() if said}
    context = {
        "lines": drawn,
        "label": "; ".join(_words(side, said) for side, said in lines.items() if said),
        "width": STEP * max(len(marks) for marks in drawn.values()) + 4,
    }
    return render_to_string("admin/volunteers/tandems/_mood.html", context)


def _said(tandem: Any, side: Side) -> list[Said]:
    """What this side said, oldest first."""
    found = [
        Said(one.replied_at, LEVELS[one.reply], one.get_reply_display())
        for one in tandem.replied
        if one.side == side and one.reply in LEVELS
    ]
    found += [
        Said(one.fit_at, LEVELS[one.fit], one.get_fit_display())
        for one in tandem.first_meetings.all()
        if one.side == side and one.fit in LEVELS
    ]
    return sorted(found)[-SHOWN:]


def _marks(side: Side, said: list[Said]) -> list[Mark]:
    return [
        Mark(STEP * number + STEP // 2, TOP[side] + DROP * one.level, one.level)
        for number, one in enumerate(said)
    ]


def _words(side: Side, said: list[Said]) -> str:
    """„begleitete Person: passt (01.10.2026), läuft gut (14.10.2026)“."""
    listed = [f"{one.text} ({day_label(timezone.localdate(one.at))})" for one in said]
    return _("%(who)s: %(answers)s") % {"who": side.label, "answers": ", ".join(listed)}
