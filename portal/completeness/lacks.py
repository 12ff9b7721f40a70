"""„Wie vollständig ist das Verzeichnis?“: what an entry may lack, and how many lack it where.

Counted are published entries that have not ended, so every number has its list (:func:`lacking`).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    QuerySet,
)
from django.db.models.functions import Coalesce, Length
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from programs.models import District, Entry, EntryQuerySet, Membership, Organisation
from volunteers.periods import add_months
from volunteers.reads.answering import answering_by_link
from welcome_rooms.models import OpeningHours

DECENT_TEXT = 250
"""Characters of summary and description together, about three sentences: what one does, with whom, how often."""

KIND = Entry.Kind
EVERY = Q()
AT_A_PLACE = Q(kind__in=[KIND.CIRCLE, KIND.INITIATIVE, KIND.ROOM, KIND.OPPORTUNITY])
"""A programme or an office works for the whole city, unless it says otherwise."""
JOINABLE = ~Q(kind=KIND.ORGANISATION)
SEEKS_PEOPLE = Q(kind__in=[KIND.CIRCLE, KIND.INITIATIVE]) | Q(
    organisation_entry__type=Organisation.Type.CARRIER
)


def _nobody_there() -> Q:
    present = Membership.objects.present().filter(organisation=OuterRef("owner_pk"))
    return Q(~Exists(present))


def _nobody_answers() -> Q:
    """Neither in the portal nor by mailed links."""
    return _nobody_there() & Q(~Exists(answering_by_link().filter(pk=OuterRef("owner_pk"))))


def _no_place() -> Q:
    somewhere = Entry.districts.through.objects.filter(entry=OuterRef("pk"))
    return Q(~Exists(somewhere), located_at="")


def _no_times() -> Q:
    hours = OpeningHours.objects.filter(room=OuterRef("pk"))
    return Q(~Exists(hours), weekdays=[], dayparts=[], time_note="")


def _no_mail() -> Q:
    known = Organisation.objects.filter(pk=OuterRef("owner_pk")).exclude(contact_email="")
    return Q(~Exists(known)) & _nobody_there()


def _no_opportunity() -> Q:
    offered = Entry.objects.open().filter(organisation=OuterRef("owner_pk"), kind=KIND.OPPORTUNITY)
    return Q(~Exists(offered))


def _unconfirmed() -> Q:
    """For so long that the organisation is asked whether it is still right."""
    limit = add_months(timezone.localdate(), -settings.CONFIRM_EVERY_MONTHS)
    return Q(confirmed_on__isnull=True) | Q(confirmed_on__lt=limit)


@dataclass(frozen=True)
class Lack:
    """One thing that an entry may lack."""

    slug: str
    label: str | Promise
    reason: str | Promise
    """Why it stands at this place of the order."""
    missing: Any
    """Gives the condition; it may name ``owner_pk``, ``owner_phone``, ``owner_website`` and ``text_length``."""
    of: Q = EVERY
    """Which entries need it at all; the others are not counted."""


LACKS = (
    Lack(
        "antwort",
        _("jemand, der antwortet"),
        _(
            "Antwortet die Organisation nicht selbst, landet jede Anmeldung beim Amt, und es dauert länger."
        ),
        _nobody_answers,
    ),
    Lack(
        "telefon",
        _("Telefon"),
        _("Wer wenig Deutsch schreibt oder kein Formular mag, ruft an."),
        lambda: Q(phone="", owner_phone=""),
    ),
    Lack(
        "ort",
        _("Ort oder Stadtbezirk"),
        _("Menschen suchen in ihrer Nähe; ohne Ort findet sie niemand auf der Karte."),
        _no_place,
        AT_A_PLACE,
    ),
    Lack(
        "zeiten",
        _("Zeiten"),
        _("Ob man Zeit hat, entscheidet sich am Wochentag."),
        _no_times,
        JOINABLE,
    ),
    Lack(
        "angebot",
        _("eine Einsatzmöglichkeit"),
        _("Erst eine Aufgabe sagt, was man tun kann; eine Organisation allein sagt es nicht."),
        _no_opportunity,
        SEEKS_PEOPLE,
    ),
    Lack(
        "sprachen",
        _("Sprachen"),
        _("Neuzugewanderte wollen wissen, ob man sie versteht."),
        lambda: Q(languages=[], without_german=False),
        JOINABLE,
    ),
    Lack(
        "text",
        _("ein Text mit drei Sätzen"),
        _("Ein Satz reicht nicht, um sich etwas vorzustellen."),
        lambda: Q(text_length__lt=DECENT_TEXT),
    ),
    Lack(
        "bestaetigt",
        _("frisch bestätigt"),
        _("Alte Angaben schicken Menschen vor verschlossene Türen."),
        _unconfirmed,
    ),
    Lack(
        "mail",
        _("Mailadresse für Rückfragen"),
        _("Ohne Adresse kann niemand fragen, ob der Eintrag noch stimmt."),
        _no_mail,
    ),
    Lack(
        "webseite",
        _("Webseite"),
        _("Hilft beim Nachlesen; wer hier schon Ort, Zeit und Telefon findet, braucht sie selten."),
        lambda: Q(website="", owner_website=""),
    ),
)
"""In the order of what helps citizens most. Tables and charts keep this order."""

BY_SLUG = {lack.slug: lack for lack in LACKS}


def counted(entries: "QuerySet[Any]") -> "QuerySet[Any]":
    """The ``entries`` that citizens see today, with what the conditions of :data:`LACKS` name."""
    shown: QuerySet[Any] = (
        entries.filter(is_published=True)
        .exclude(status=Entry.Status.ENDED)
        .annotate(
            owner_pk=Coalesce("organisation_id", "pk"),
            owner_phone=Coalesce("organisation__phone", "phone"),
            owner_website=Coalesce("organisation__website", "website"),
            text_length=Length("summary") + Length("description"),
        )
    )
    return shown


def lacking(entries: "QuerySet[Any]", lack: Lack) -> "QuerySet[Any]":
    """Those of the counted ``entries`` that lack it."""
    return counted(entries).filter(lack.of, lack.missing())


@dataclass(frozen=True)
class Cell:
    lack: Lack
    missing: int
    of: int

    @property
    def percent(self) -> int:
        """How many of a hundred lack it, rounded; never 0 or 100 where some do and some do not."""
        if not self.of:
            return 0
        rounded = round(100 * self.missing / self.of)
        return min(max(rounded, 1), 99) if 0 < self.missing < self.of else rounded


@dataclass(frozen=True)
class Row:
    """One district; ``None`` is what belongs to no district."""

    district: District | None
    entries: int
    cells: list[Cell]

    @property
    def missing(self) -> int:
        return sum(cell.missing for cell in self.cells)


class Completeness:
    """The numbers for ``entries``; two queries for the numbers and one for the names of the districts."""

    def __init__(self, entries: EntryQuerySet) -> None:
        self.entries = entries

    @cached_property
    def whole(self) -> Row:
        """All entries, each once."""
        return _row(None, self._judged().aggregate(**_numbers()))

    @cached_property
    def districts(self) -> list[Row]:
        """A row for each district with entries, the one that lacks most first; no district comes last.

        An entry of several districts counts in each.
        """
        named = District.objects.in_bulk()
        found = self._judged().order_by().values("districts").annotate(**_numbers())
        rows = [_row(named.get(one["districts"]), one) for one in found]
        return sorted(rows, key=lambda row: (row.district is None, -row.missing, str(row.district)))

    def _judged(self) -> "QuerySet[Any]":
        """Each entry with one column a lack: needed, and missing."""
        rows = counted(Entry.objects.filter(pk__in=self.entries.order_by().values("pk")))
        judged = {
            f"lacks_{lack.slug}": ExpressionWrapper(lack.of & lack.missing(), BooleanField())
            for lack in LACKS
        }
        found: QuerySet[Any] = rows.alias(**judged)
        return found


def _numbers() -> dict[str, Any]:
    numbers: dict[str, Any] = {"entries": Count("pk")}
    for lack in LACKS:
        numbers[f"of_{lack.slug}"] = Count("pk", filter=lack.of) if lack.of else Count("pk")
        numbers[f"missing_{lack.slug}"] = Count("pk", filter=Q((f"lacks_{lack.slug}", True)))
    return numbers


def _row(district: District | None, numbers: dict[str, Any]) -> Row:
    cells = [
        Cell(lack, numbers[f"missing_{lack.slug}"], numbers[f"of_{lack.slug}"]) for lack in LACKS
    ]
    return Row(district, numbers["entries"], cells)
