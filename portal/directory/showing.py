"""Entries and proposed changes as people read them, on the pages behind a link and in the administration."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from programs.models import Entry
from volunteers.notifications.sending import without_foreign_links

from .fields import LISTS, Names, Values, changeable, label_of, values_of
from .models import ChangeProposal

LINE = 240
"""Characters of one fact in a mail; the page behind the link shows all."""


@dataclass(frozen=True)
class ShownEntry:
    entry: Entry
    facts: list[tuple[str, str]]
    """Label and text of all that the entry says."""
    proposal: "ShownProposal | None"
    """The newest one."""

    @property
    def lines(self) -> list[tuple[str, str]]:
        """For a mail: each fact on one line, not too long, so that nothing looks like the portal's own text."""
        confirmed = self.entry.confirmed_on
        sure = date_format(confirmed, "j. F Y") if confirmed else _("noch nie")
        website = label_of("website")
        lines = [
            (label, text if label == website else without_foreign_links(" ".join(text.split())))
            for label, text in self.facts
        ]
        cut = ((label, Truncator(text).chars(LINE)) for label, text in lines)
        return [*cut, (_("zuletzt bestätigt"), sure)]


@dataclass(frozen=True)
class Difference:
    """One field of a proposed change."""

    name: str
    label: str
    before: str
    after: str
    now: str
    """What the entry says at this moment."""
    is_live: bool
    is_accepted: bool

    @property
    def is_stale(self) -> bool:
        """Whether somebody else has changed it since the proposal."""
        return not self.is_live and self.now != self.before


@dataclass(frozen=True)
class ShownProposal:
    proposal: ChangeProposal
    differences: list[Difference]

    @property
    def live(self) -> list[Difference]:
        return [one for one in self.differences if one.is_live]

    @property
    def waiting(self) -> list[Difference]:
        return [one for one in self.differences if not one.is_live]


def shown_entries(entries: QuerySet[Entry]) -> list[ShownEntry]:
    """With a fixed number of queries."""
    found = list(entries.prefetch_related(*LISTS, "change_proposals"))
    values = [values_of(entry, changeable(entry)) for entry in found]
    newest_of = [list(entry.change_proposals.all()[:1]) for entry in found]
    names = Names([*values, *_told(one for some in newest_of for one in some)])
    return [
        ShownEntry(
            entry,
            [(label_of(name), text) for name, text in _said(names, said)],
            _shown(some[0], values_of(entry, some[0].after), names) if some else None,
        )
        for entry, said, some in zip(found, values, newest_of, strict=True)
    ]


def shown_proposal(proposal: ChangeProposal) -> ShownProposal:
    now = values_of(proposal.entry, proposal.after)
    return _shown(proposal, now, Names([*_told([proposal]), now]))


def _told(proposals: Iterable[ChangeProposal]) -> list[Values]:
    return [values for one in proposals for values in (one.before, one.after)]


def _said(names: Names, values: Values) -> Sequence[tuple[str, str]]:
    """Only what says something: no „–“, no „nein“."""
    return [
        (name, names.text(name, value))
        for name, value in values.items()
        if value not in (None, "", [], False) and name != "title"
    ]


def _shown(proposal: ChangeProposal, now: Values, names: Names) -> ShownProposal:
    return ShownProposal(
        proposal,
        [
            Difference(
                name=name,
                label=label_of(name),
                before=names.text(name, proposal.before[name]),
                after=names.text(name, proposal.after[name]),
                now=names.text(name, now[name]),
                is_live=name in proposal.live,
                is_accepted=name in proposal.accepted,
            )
            for name in proposal.in_order
        ],
    )
