"""Figures without persons: what the reporting role, departments and the Portalverwaltung see.

Live records and the counts of deleted ones (``privacy/tally.py``) together. Counts are shown by the
rule of ``small_groups``; nothing here reads a name, an address or a text of a person.
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from programs.exchange.cells import exported
from programs.models import Entry, Event, Membership, Organisation

from .models import Application, CompanionRequest, HoursEntry, Registration, Tally, Tandem
from .permissions import PERMISSIONS
from .privacy import tally
from .small_groups import Shown, shown, shown_hours, shown_total

NOBODYS = None
"""The «organisation» of what the Sozialamt looks after because no organisation does."""
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Table:
    """One breakdown: a label and what is shown in each column; below, the sums where they may be told."""

    title: str
    heads: list[str]
    rows: list[tuple[str, list[Shown]]]
    total: list[Shown | None] = field(default_factory=list)


def organisations_for(user: Any) -> tuple[QuerySet[Organisation], bool]:
    """Whose figures ``user`` sees, and whether these are those of the whole city.

    Organisations for which the person has a role with figures, and those that these are in charge
    of; all for the Portalverwaltung and the clearing office.
    """
    roles = [role for role, may in PERMISSIONS.items() if may.get("volunteers.figures")]
    active = Membership.objects.active().filter(user=user.pk, role__in=roles)
    own = Organisation.objects.filter(pk__in=active.values("organisation"))
    if user.is_superuser or own.filter(is_clearing_office=True).exists():
        return Organisation.objects.all(), True
    return Organisation.objects.filter(Q(pk__in=own.values("pk")) | Q(department__in=own)), False


class Figures:
    """Counts of one year and of today for some organisations; the number of queries is fixed."""

    def __init__(self, names: dict[int, str], year: int, *, with_nobodys: bool) -> None:
        self.names: dict[int | None, str] = dict(names.items())
        if with_nobodys:
            self.names[NOBODYS] = _("ohne Organisation (Sozialamt)")
        self.year = year

    def tables(self) -> list[Table]:
        applications = self.of_year(Tally.Kind.APPLICATION, "entry", "outcome")
        requests = self.of_year(Tally.Kind.COMPANION_REQUEST, "outcome")
        tandems = self.of_year(Tally.Kind.TANDEM, "outcome")
        placed = self.today(Application.objects.filter(status=Application.Status.PLACED), "entry")
        year = {"year": self.year}
        tables = [
            self._by_organisation(applications, placed),
            self._by_month(applications),
            _by_status(_("Anmeldungen %(year)d nach Stand") % year, applications, 3, Application),
            self._by_entry(applications, placed),
            _by_status(_("Tandems mit Beginn %(year)d") % year, tandems, 2, Tandem),
            _by_status(_("Suchen nach Begleitung %(year)d") % year, requests, 2, CompanionRequest),
            self._by_event(),
        ]
        return [table for table in tables if table.rows]

    # --- Counting -------------------------------------------------------------------------------

    def of_year(self, kind: str, *by: str) -> Counter[Key]:
        """Records of the year by organisation, month and ``by``, deleted ones included; two queries."""
        source = tally.SOURCES[kind]
        live = source.model._default_manager.filter(self._own(source.organisation))
        counts = tally.counts(kind, "organisation", "month", *by, live=live)
        return Counter({key: one.number for key, one in counts.items() if self._counts(key)})

    def today(self, records: QuerySet[Any], *by: str) -> Counter[Key]:
        """What there is right now by organisation and ``by``; one query."""
        rows = records.filter(self._own("organisation")).order_by().values_list("organisation", *by)
        return Counter({tuple(key): n for *key, n in rows.annotate(n=Count("pk"))})

    def hours(self) -> dict[int | None, Shown]:
        """Confirmed hours of the year by organisation; two queries.

        How many people stood behind deleted hours nobody knows any more: they add hours, not people.
        """
        live = HoursEntry.objects.confirmed().filter(
            self._own("application__organisation"), on__year=self.year
        )
        rows = live.order_by().values_list("application__organisation")
        people = {
            key: (hours, count)
            for key, hours, count in rows.annotate(
                sum=Sum("hours"), people=Count("application__email", distinct=True)
            )
        }
        gone: Counter[Any] = Counter()
        for key, one in tally.counts(Tally.Kind.HOURS, "organisation", "month", "outcome").items():
            if self._counts(key) and key[2] == tally.CONFIRMED:
                gone[key[0]] += one.hours  # type: ignore[assignment]
        return {
            key: shown_hours(people.get(key, (0, 0))[0] + gone[key], people.get(key, (0, 0))[1])
            for key in {*people, *gone}
        }

    def _own(self, lookup: str) -> Q:
        own = Q(**{f"{lookup}__in": [pk for pk in self.names if pk is not NOBODYS]})
        return own | Q(**{f"{lookup}__isnull": True}) if NOBODYS in self.names else own

    def _counts(self, key: Key) -> bool:
        return key[0] in self.names and key[1] is not None and key[1].year == self.year

    # --- Tables ---------------------------------------------------------------------------------

    def _by_organisation(self, applications: Counter[Key], placed: Counter[Key]) -> Table:
        running = self.today(Tandem.objects.running())
        looking = self.today(CompanionRequest.objects.open())
        parts = [_summed(one, 0) for one in (applications, placed, running, looking)]
        hours = self.hours()
        rows = [
            (name, [part[pk,] for part in parts])
            for pk, name in self.names.items()
            if any(part[pk,] for part in parts) or pk in hours
        ]
        heads = [_("Anmeldungen %(year)d") % {"year": self.year}, _("heute im Einsatz")]
        heads += [_("laufende Tandems heute"), _("offene Suchen heute")]
        table = made(_("Organisationen"), heads, rows)
        by_name = {name: hours.get(pk, 0) for pk, name in self.names.items()}
        return Table(
            table.title,
            [*heads, _("bestätigte Stunden %(year)d") % {"year": self.year}],
            [(name, [*cells, by_name[name]]) for name, cells in table.rows],
            [*table.total, None] if table.total else [],
        )

    def _by_month(self, applications: Counter[Key]) -> Table:
        months = _summed(applications, 1)
        rows = [
            (date_format(day, "F Y"), [months[day,]])
            for day in (datetime.date(self.year, month, 1) for month in range(1, 13))
        ]
        title = _("Anmeldungen %(year)d nach Monat") % {"year": self.year}
        return made(title, [_("eingegangen")], rows)

    def _by_entry(self, applications: Counter[Key], placed: Counter[Key]) -> Table:
        counted, at_work = _summed(applications, 2), _summed(placed, 1)
        titles: dict[int | None, str] = {None: _("noch offen, was passt")}
        numbers = [pk for (pk,) in {*counted, *at_work} if pk]
        entries = Entry.objects.filter(pk__in=numbers).order_by("title")
        titles |= dict(entries.values_list("pk", "title"))
        rows = [(title, [counted[pk,], at_work[pk,]]) for pk, title in titles.items()]
        heads = [_("Anmeldungen %(year)d") % {"year": self.year}, _("heute im Einsatz")]
        return made(_("Programme und Angebote"), heads, rows)

    def _by_event(self) -> Table:
        """Places at events by kind; of deleted ones only the outcome is known, not the kind."""
        live = Registration.objects.filter(
            self._own("organisation"), confirmed_at__isnull=False, event__starts_at__year=self.year
        )
        outcome = tally.SOURCES[Tally.Kind.REGISTRATION].outcome
        found: Counter[Key] = Counter()
        grouped = live.order_by().values_list("event__kind", outcome)
        for kind, result, n in grouped.annotate(n=Count("pk")):
            found[kind, _attendance(result)] += n
        gone = tally.counts(Tally.Kind.REGISTRATION, "organisation", "month", "outcome")
        for key, one in gone.items():
            found["", _attendance(key[2])] += one.number if self._counts(key) else 0
        kinds = [*Event.Kind.choices, ("", _("gelöscht, Art nicht mehr bekannt"))]
        columns = ("attended", "absent", "other")
        rows = [(str(label), [found[kind, c] for c in columns]) for kind, label in kinds]
        heads = [_("teilgenommen"), _("nicht gekommen"), _("ohne Angabe oder abgesagt")]
        return made(_("Termine %(year)d nach Art") % {"year": self.year}, heads, rows)


def made(title: str, heads: list[str], rows: Iterable[tuple[str, list[int]]]) -> Table:
    """A table of counts as they may be shown; rows in which nothing is are left out."""
    kept = [(label, counts) for label, counts in rows if any(counts)]
    columns = [[counts[at] for _label, counts in kept] for at in range(len(heads))]
    total = [shown_total(column) for column in columns] if len(kept) > 1 else []
    return Table(
        title, heads, [(label, [shown(n) for n in counts]) for label, counts in kept], total
    )


def _by_status(title: str, counts: Counter[Key], position: int, model: Any) -> Table:
    found = _summed(counts, position)
    rows = [(str(label), [found[status,]]) for status, label in model.Status.choices]
    return made(title, [_("Anzahl")], rows)


def _summed(counts: Counter[Key], position: int) -> Counter[Key]:
    found: Counter[Key] = Counter()
    for key, n in counts.items():
        found[key[position],] += n
    return found


def _attendance(outcome: str) -> str:
    return outcome if outcome in {tally.ATTENDED, tally.ABSENT} else "other"


def source() -> str:
    return _("Freiwilligenportal Stuttgart, Vorgänge im Portal")


def as_lines(tables: list[Table], year: int) -> Iterator[list[Any]]:
    """What the page shows, one figure a line, each with its Stand and source."""
    yield [_("Tabelle"), _("Zeile"), _("Größe"), _("Wert"), _("Jahr"), _("Stand"), _("Quelle")]
    as_of = timezone.localdate()
    for table in tables:
        lines: list[tuple[str, Sequence[Shown | None]]] = [*table.rows]
        lines += [(_("Zusammen"), table.total)] if table.total else []
        for label, cells in lines:
            for head, value in zip(table.heads, cells, strict=True):
                told = _("nicht ausgewiesen") if value is None else value
                line = [table.title, label, head, told, year, as_of, source()]
                yield [exported(one) for one in line]
