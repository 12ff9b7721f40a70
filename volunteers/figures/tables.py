"""Figures without personal data, for the reporting role, departments and the Portalverwaltung.

Adds live records and the counts of deleted ones (``figures/tally.py``). Counts are shown by the
rule of ``small_groups``, exactly to those who may see the people; nothing here reads a name, an address or a
text of a person.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Aggregate,
    Count,
    DateTimeField,
    F,
    Func,
    IntegerField,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from programs.exchange.cells import exported
from programs.models import Entry, Event, Organisation
from programs.one_row import OneOf

from ..models import Application, CompanionRequest, HoursEntry, Registration, Tally, Tandem, User
from ..models.thanks import hours_label
from ..roles.table import PERMISSIONS
from . import tally
from .small_groups import Shown, shown, shown_hours, shown_total, step_for

GONE: tuple[tally.Wanted, ...] = (
    (Tally.Kind.APPLICATION, ("organisation", "entry")),
    (Tally.Kind.APPLICATION, ("month", "outcome")),
    (Tally.Kind.COMPANION_REQUEST, ("outcome",)),
    (Tally.Kind.GROUP, ("organisation",)),
    (Tally.Kind.HOURS, ("organisation", "outcome")),
    (Tally.Kind.REGISTRATION, ("outcome",)),
    (Tally.Kind.TANDEM, ("outcome",)),
)
"""What the tables ask of deleted records."""
RUNS = Tandem.Status.RUNNING
NOBODYS = None
"""The „organisation“ of records that the Sozialamt looks after because they have none."""
Key = tuple[Any, ...]


@dataclass(frozen=True)
class Counted:
    """One breakdown before rounding; ``figures`` says what each column counts.

    Columns that count the same in several tables have the same sum, and show it in the same way.
    """

    title: str
    heads: list[str]
    figures: tuple[str, ...]
    rows: list[tuple[str, list[int]]]

    def column(self, at: int) -> list[int]:
        return [counts[at] for _label, counts in self.rows]


@dataclass(frozen=True)
class Table:
    """One breakdown: a label and the shown value for each column; below, the sums that may be shown."""

    title: str
    heads: list[str]
    rows: list[tuple[str, list[Shown]]]
    total: list[Shown | None] = field(default_factory=list)


def organisations_for(user: User) -> tuple[QuerySet[Organisation], bool]:
    """The organisations whose figures ``user`` may see, and whether these are the whole city.

    These are the organisations where the user has a role with figures, and those that they are in
    charge of; for the Portalverwaltung and the clearing office all of them.
    """
    roles = [role for role, may in PERMISSIONS.items() if may.get("volunteers.figures")]
    held = user.held(roles)
    if user.is_superuser or any(one.at_clearing_office for one in held):
        return Organisation.objects.all(), True
    own = [one.organisation for one in held]
    return Organisation.objects.filter(Q(pk__in=own) | Q(department__in=own)), False


class Figures:
    """Counts of one year and of today for some organisations, in a fixed number of queries.

    ``with_nobodys``: ``names`` are all organisations, and what has none counts, too.
    ``exact`` is for those who see the people of all of these organisations; nothing is hidden from them.
    """

    def __init__(
        self, names: dict[int, str], year: int, *, with_nobodys: bool, exact: bool = False
    ) -> None:
        self.exact = exact
        self.names: dict[int | None, str] = dict(names.items())
        if with_nobodys:
            self.names[NOBODYS] = _("ohne Organisation (Sozialamt)")
        self.year = year

    def tables(self) -> list[Table]:
        applications = self.of_year(Tally.Kind.APPLICATION, "organisation", "entry")
        steps = self._steps()
        requests = self.of_year(Tally.Kind.COMPANION_REQUEST, "outcome")
        tandems, running = self._tandems()
        placed = self.today(Application.objects.filter(status=Application.Status.PLACED), "entry")
        year = {"year": self.year}
        tables = [
            self._by_organisation(applications, placed, running),
            self._of_groups(),
            self._by_month(steps),
            _by_status(_("Anmeldungen %(year)d nach Stand") % year, steps, Application),
            self._by_entry(applications, placed),
            _by_status(_("Tandems mit Beginn %(year)d") % year, tandems, Tandem),
            _by_status(_("Suchen nach Begleitung %(year)d") % year, requests, CompanionRequest),
            self._by_event(),
        ]
        shown = exact_tables(tables) if self.exact else shown_tables(tables)
        return self._with_hours(shown)

    # --- Counting -------------------------------------------------------------------------------

    def of_year(self, kind: str, *by: str) -> Counter[Key]:
        """Records of the year by ``by``, deleted ones included; one query, and that of :attr:`gone`.

        Ask for two keys at most: the rows of the answer are the product of their values.
        """
        source = tally.SOURCES[kind]
        own = Q(source.of_year(self.year), self._own(source.organisation))
        live = source.model._default_manager.filter(own)
        found = self._number_gone(kind, *by)
        for key, one in tally.present(kind, live, *by).items():
            found[key] += one.number
        return found

    @cached_property
    def gone(self) -> dict[tally.Wanted, dict[Key, tally.Counted]]:
        """The deleted records of the year, as the tables need them; one query."""
        return tally.gone(Q(self._own("organisation"), month__year=self.year), GONE)

    def _number_gone(self, kind: str, *by: str) -> Counter[Key]:
        return Counter({key: one.number for key, one in self.gone[kind, by].items()})

    def today(
        self, records: QuerySet[Any], *by: str, number: Aggregate | None = None
    ) -> Counter[Key]:
        """Present records, or the ``number`` of something in them, by organisation and ``by``; one query."""
        rows = records.filter(self._own("organisation")).order_by().values_list("organisation", *by)
        return Counter({tuple(key): n for *key, n in rows.annotate(n=number or Count("*"))})

    def _steps(self) -> Counter[Key]:
        """Sign-ups of the year by month and status, deleted ones included."""
        source = tally.SOURCES[Tally.Kind.APPLICATION]
        own = Q(source.of_year(self.year), self._own("organisation"), **source.only)
        rows = Application.objects.filter(own).order_by()
        by_month = rows.values_list(_month_in(self.year, "submitted_at"), "status")
        found = self._number_gone(Tally.Kind.APPLICATION, "month", "outcome")
        for month, status, n in by_month.annotate(n=Count("*")):
            found[datetime.date(self.year, month, 1), status] += n
        return found

    def _tandems(self) -> tuple[Counter[Key], Counter[Key]]:
        """Those of the year by outcome, deleted ones included, and by organisation those that run today."""
        begun, runs = tally.SOURCES[Tally.Kind.TANDEM].of_year(self.year), Q(status=RUNS)
        rows = Tandem.objects.filter(begun | runs, self._own("organisation")).order_by()
        grouped = rows.values_list("organisation", "status").annotate(
            of_year=Count("pk", filter=begun), now=Count("pk", filter=runs)
        )
        of_year, running = self._number_gone(Tally.Kind.TANDEM, "outcome"), Counter[Key]()
        for organisation, status, number, now in grouped:
            of_year[status,] += number
            running[organisation,] += now
        return of_year, running

    def hours(self) -> dict[int | None, Shown]:
        """Confirmed hours of the year by organisation.

        Deleted hours add hours but no people, because nobody knows how many people they were from.
        """
        live = HoursEntry.objects.confirmed().filter(
            self._own("application__organisation"), on__year=self.year
        )
        rows = live.order_by().values_list("application__organisation")
        few = Value(0) if self.exact else Count("application__volunteer", distinct=True)
        people = {
            key: (hours, count) for key, hours, count in rows.annotate(sum=Sum("hours"), people=few)
        }
        gone: dict[int | None, Decimal] = defaultdict(Decimal)
        for (key, outcome), one in self.gone[Tally.Kind.HOURS, ("organisation", "outcome")].items():
            gone[key] += one.hours if outcome == tally.CONFIRMED else 0
        found: dict[int | None, Shown] = {}
        for key in {*people, *gone}:
            hours, count = people.get(key, (Decimal(0), 0))
            hours += gone[key]
            found[key] = hours_label(hours) if self.exact else shown_hours(hours, count)
        return found

    def _own(self, lookup: str) -> Q:
        return Q() if NOBODYS in self.names else Q(**{f"{lookup}__in": list(self.names)})

    # --- Tables ---------------------------------------------------------------------------------

    def _by_organisation(
        self, applications: Counter[Key], placed: Counter[Key], running: Counter[Key]
    ) -> Counted:
        looking = self.today(CompanionRequest.objects.open())
        parts = [_summed(one, 0) for one in (applications, placed, running, looking)]
        rows = [(name, [part[pk,] for part in parts]) for pk, name in self.names.items()]
        heads = [_("Anmeldungen %(year)d") % {"year": self.year}, _("heute im Einsatz")]
        heads += [_("laufende Tandems heute"), _("offene Suchen heute")]
        return counted(_("Organisationen"), heads, (SIGNED_UP, PLACED, RUNNING, LOOKING), rows)

    def _of_groups(self) -> Counted:
        """The people of groups, each of which the other tables count as one."""
        year = self.of_year(Tally.Kind.GROUP, "organisation")
        placed = Application.objects.filter(status=Application.Status.PLACED)
        today = self.today(placed.filter(group_size__isnull=False), number=Sum("group_size"))
        parts = [_summed(one, 0) for one in (year, today)]
        rows = [(name, [part[pk,] for part in parts]) for pk, name in self.names.items()]
        heads = [_("angemeldet %(year)d") % {"year": self.year}, _("heute im Einsatz")]
        title = _("Menschen in Gruppen (in den anderen Tabellen zählt eine Gruppe einmal)")
        return counted(title, heads, ("in groups", "groups placed"), rows)

    def _with_hours(self, tables: list[Table]) -> list[Table]:
        """Puts the hours of each organisation into a separate table, without a sum."""
        hours = self.hours()
        rows = [(name, [hours[pk]]) for pk, name in self.names.items() if hours.get(pk)]
        title = _("Bestätigte Stunden %(year)d") % {"year": self.year}
        return [*tables, Table(title, [_("Stunden")], rows)] if rows else tables

    def _by_month(self, steps: Counter[Key]) -> Counted:
        months = _summed(steps, 0)
        rows = [
            (date_format(day, "F Y"), [months[day,]])
            for day in (datetime.date(self.year, month, 1) for month in range(1, 13))
        ]
        title = _("Anmeldungen %(year)d nach Monat") % {"year": self.year}
        return counted(title, [_("eingegangen")], (SIGNED_UP,), rows)

    def _by_entry(self, applications: Counter[Key], placed: Counter[Key]) -> Counted:
        wanted, at_work = _summed(applications, 1), _summed(placed, 1)
        titles: dict[int | None, str] = {None: _("noch offen, was passt")}
        numbers = [pk for (pk,) in {*wanted, *at_work} if pk]
        entries = Entry.objects.filter(pk__in=numbers).order_by("title")
        titles |= dict(entries.values_list("pk", "title"))
        rows = [(title, [wanted[pk,], at_work[pk,]]) for pk, title in titles.items()]
        heads = [_("Anmeldungen %(year)d") % {"year": self.year}, _("heute im Einsatz")]
        return counted(_("Programme und Angebote"), heads, (SIGNED_UP, PLACED), rows)

    def _by_event(self) -> Counted:
        """Places at events by kind; for deleted ones only the outcome is known, not the kind."""
        source = tally.SOURCES[Tally.Kind.REGISTRATION]
        kind_of = dict(
            Event.objects.filter(starts_at__year=self.year).order_by().values_list("pk", "kind")
        )
        live = Registration.objects.filter(
            OneOf("event", list(kind_of)), self._own("organisation"), **source.only
        )
        found: Counter[Key] = Counter()
        grouped = live.order_by().values_list("event", "status", "attended")
        for event, _status, attended, n in grouped.annotate(n=Count("*")):
            found[kind_of[event], ATTENDANCE[attended]] += n
        for (result,), n in self._number_gone(Tally.Kind.REGISTRATION, "outcome").items():
            found["", result if result in ATTENDANCE.values() else "other"] += n
        kinds = [*Event.Kind.choices, ("", _("gelöscht, Art nicht mehr bekannt"))]
        columns = tuple(ATTENDANCE.values())
        rows = [(str(label), [found[kind, c] for c in columns]) for kind, label in kinds]
        heads = [_("teilgenommen"), _("nicht gekommen"), _("ohne Angabe oder abgesagt")]
        title = _("Termine %(year)d nach Art") % {"year": self.year}
        return counted(title, heads, columns, rows)


SIGNED_UP, PLACED, RUNNING, LOOKING = "signed up", "placed", "running", "looking"
"""Columns in several tables that count the same."""
ATTENDANCE = {True: tally.ATTENDED, False: tally.ABSENT, None: "other"}


def counted(
    title: str,
    heads: list[str],
    figures: tuple[str, ...],
    rows: Iterable[tuple[str, list[int]]],
) -> Counted:
    """A table without empty rows."""
    return Counted(
        title, heads, figures, [(label, counts) for label, counts in rows if any(counts)]
    )


def shown_tables(tables: list[Counted]) -> list[Table]:
    """All tables as they may be shown, by the rule of ``small_groups``; without empty ones.

    If a table has only one row, this row is also a sum, and is rounded like one.
    """
    columns: dict[str, list[list[int]]] = defaultdict(list)
    for table in tables:
        for at, figure in enumerate(table.figures):
            columns[figure].append(table.column(at))
    steps = {figure: step_for(found) for figure, found in columns.items()}
    return [_shown(table, steps) for table in tables if table.rows]


def exact_tables(tables: list[Counted]) -> list[Table]:
    """The tables as they are, with their sums; without empty ones."""
    return [
        Table(
            table.title,
            table.heads,
            [(label, list(counts)) for label, counts in table.rows],
            [sum(table.column(at)) for at in range(len(table.heads))],
        )
        for table in tables
        if table.rows
    ]


def _shown(table: Counted, steps: dict[str, int | None]) -> Table:
    sums = [shown_total(table.column(at), steps[f]) for at, f in enumerate(table.figures)]
    if len(table.rows) == 1:
        (label, _counts) = table.rows[0]
        only = [_("nicht ausgewiesen") if one is None else one for one in sums]
        return Table(table.title, table.heads, [(label, only)])
    rows = [(label, [shown(n) for n in counts]) for label, counts in table.rows]
    return Table(table.title, table.heads, rows, sums)


def _by_status(title: str, counts: Counter[Key], model: Any) -> Counted:
    """``counts`` whose last key is the status."""
    found = _summed(counts, -1)
    rows = [(str(label), [found[status,]]) for status, label in model.Status.choices]
    figure = SIGNED_UP if model is Application else title
    return counted(title, [_("Anzahl")], (figure,), rows)


def _summed(counts: Counter[Key], position: int) -> Counter[Key]:
    found: Counter[Key] = Counter()
    for key, n in counts.items():
        found[key[position],] += n
    return found


def _month_in(year: int, moment: str) -> Func:
    """The month of a ``moment`` in ``year``, 1 to 12; for many rows a fraction of the work of TruncMonth."""
    zone = timezone.get_current_timezone()
    begins = [datetime.datetime(year, month, 1, tzinfo=zone) for month in range(1, 13)]
    months = Value(begins, output_field=ArrayField(DateTimeField()))
    return Func(F(moment), months, function="width_bucket", output_field=IntegerField())


def source() -> str:
    return _("Freiwilligenportal Stuttgart, Vorgänge im Portal")


def as_lines(tables: list[Table], year: int) -> Iterator[list[Any]]:
    """The figures of the page, one in each row, each with its Stand and source."""
    yield [_("Tabelle"), _("Zeile"), _("Größe"), _("Wert"), _("Jahr"), _("Stand"), _("Quelle")]
    as_of = timezone.localdate()
    for table in tables:
        lines: list[tuple[str, Sequence[Shown | None]]] = [*table.rows]
        lines += [(_("Zusammen"), table.total)] if table.total else []
        for label, cells in lines:
            for head, value in zip(table.heads, cells, strict=True):
                text = _("nicht ausgewiesen") if value is None else value
                line = [table.title, label, head, text, year, as_of, source()]
                yield [exported(one) for one in line]
