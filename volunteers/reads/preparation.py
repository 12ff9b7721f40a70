"""The state of a preparation: what a programme requires before the start. Only reads.

The steps are data of the programme; a step without a ``StepRecord`` is open. The certificate of
good conduct has no such record: its state comes from the ``ConductCheck`` of the answering
organisation. Changes are made in ``services/steps.py`` and ``services/checks.py``.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, cast

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.models import Entry, Programme, ProgrammeStep, ProtectionConcept

from ..models import Application, ConductCheck, StepRecord
from ..models.statuses import CLOSED, Status
from ..models.steps import ConductCheckQuerySet

PROGRAMME = Coalesce("entry__opportunity_entry__part_of_id", "entry_id")
"""The key of the programme that an application is for; else the entry itself (a room), or NULL."""
CERTIFICATE = ProgrammeStep.Kind.CONDUCT_CHECK


class State(models.TextChoices):
    OPEN = "open", gettext_lazy("offen")
    DONE = "done", gettext_lazy("erledigt")
    WAIVED = "waived", gettext_lazy("erlassen")


@dataclass(frozen=True, kw_only=True)
class Item:
    """One step of one application. ``step`` is None where the programme has none for it.

    A certificate that is not required matters only for tandems with minors; nothing waits for it.
    """

    kind: str
    title: str
    note: str = ""
    step: ProgrammeStep | None = None
    record: StepRecord | None = None
    check: ConductCheck | None = None
    is_required: bool = True

    @property
    def is_certificate(self) -> bool:
        return self.kind == CERTIFICATE

    @property
    def state(self) -> State:
        if self.is_certificate:
            return State.DONE if self.check and self.check.is_valid else State.OPEN
        return State(self.record.outcome) if self.record else State.OPEN

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN

    @property
    def on(self) -> datetime.date | None:
        if self.check:
            return self.check.seen_on
        return self.record.on if self.record else None

    @property
    def is_expired(self) -> bool:
        """The certificate is clear, but too old by now."""
        return self.check is not None and self.check.is_clear and not self.check.is_valid

    @property
    def is_in_the_way(self) -> bool:
        """A certificate was inspected and does not allow this placement."""
        return self.check is not None and not self.check.is_clear

    @property
    def has_newer_text(self) -> bool:
        """The programme's text has changed since the person agreed to it."""
        return (
            self.record is not None
            and self.step is not None
            and self.record.text_version is not None
            and self.record.text_version != self.step.text_version
        )

    @property
    def lack(self) -> str:
        """What is missing, for the message of a refusal: „Führungszeugnis (Einsicht)“."""
        if not self.is_certificate:
            return self.title
        if self.is_in_the_way:
            return _("%(step)s (lässt diesen Einsatz nicht zu)") % {"step": self.title}
        if self.check:
            day = date_format(self.check.due_on, _("d.m.Y"))
            return _("%(step)s (fällig seit %(day)s)") % {"step": self.title, "day": day}
        return _("%(step)s (Einsicht)") % {"step": self.title}


@dataclass(frozen=True, kw_only=True)
class Progress:
    """The steps of an application in the programme's order; empty when nothing is required."""

    items: tuple[Item, ...] = ()
    protection: ProtectionConcept | None = None
    """The protection concept of the programme."""

    def __bool__(self) -> bool:
        return bool(self.items)

    @property
    def missing(self) -> list[Item]:
        return [item for item in self.items if item.is_open and item.is_required]

    @property
    def asked(self) -> list[Item]:
        """The steps that the person themselves has to do, or did."""
        return [item for item in self.items if item.is_required or item.check]

    @property
    def is_complete(self) -> bool:
        return not self.missing

    @property
    def next(self) -> Item | None:
        return next(iter(self.missing), None)

    @property
    def training(self) -> Item | None:
        """The training that attending an event completes."""
        kind = ProgrammeStep.Kind.TRAINING
        return next((item for item in self.missing if item.kind == kind), None)

    @property
    def certificate(self) -> Item | None:
        return next((item for item in self.items if item.is_certificate), None)

    @property
    def obstacle(self) -> str:
        """What prevents a start, in one sentence; empty when nothing does."""
        if self.is_complete:
            return ""
        names = ", ".join(item.lack for item in self.missing)
        return _(
            "Es fehlt: %(names)s. Eintragen unter „Vorbereitung“ auf der Seite der Anmeldung."
        ) % {"names": names}


NOTHING_ASKED = Progress()
"""Of an application for something that belongs to no programme."""


def progress_of(application: Application) -> Progress:
    return progress_of_all([application])[application.pk]


class Preparing(Protocol):
    """An application, or as much of it as the state of its preparation follows from."""

    @property
    def pk(self) -> int: ...
    @property
    def entry_id(self) -> int | None: ...
    @property
    def volunteer_id(self) -> int | None: ...
    @property
    def organisation_id(self) -> int: ...


def progress_of_all(applications: Iterable[Preparing]) -> dict[int, Progress]:
    """Primary key of the application → its progress, in at most five queries for any number."""
    applications = list(applications)
    programme_of = _programmes(applications)
    asking = [one for one in applications if one.entry_id in programme_of]
    records = _records(asking) if asking else {}
    checks = _checks(asking) if asking else {}
    return {
        one.pk: Progress(
            items=_items(
                programme_of.get(one.entry_id),
                records.get(one.pk, {}),
                checks.get((one.volunteer_id, one.organisation_id)),
            ),
            protection=getattr(programme_of.get(one.entry_id), "protection", None),
        )
        for one in applications
    }


def _programmes(applications: list[Preparing]) -> dict[int | None, Programme]:
    """Primary key of the entry → its programme with its steps and its protection concept."""
    entries = {one.entry_id for one in applications if one.entry_id}
    part_of = F("opportunity_entry__part_of_id")
    in_programmes = Q(kind=Entry.Kind.PROGRAMME) | Q(
        opportunity_entry__part_of__kind=Entry.Kind.PROGRAMME
    )
    keys = Entry.objects.filter(in_programmes, pk__in=entries).order_by()
    programme_of = dict(keys.values_list("pk", Coalesce(part_of, "pk")))
    if not programme_of:
        return {}
    programmes = cast("QuerySet[Programme]", Programme.objects.select_related("protection"))
    programmes = programmes.prefetch_related("steps").order_by()
    found = {one.pk: one for one in programmes.filter(pk__in=set(programme_of.values()))}
    return {entry: found[key] for entry, key in programme_of.items() if key in found}


def _records(applications: list[Preparing]) -> dict[int, dict[int, StepRecord]]:
    """Primary key of the application → key of the step → record."""
    found: dict[int, dict[int, StepRecord]] = {}
    keys = [one.pk for one in applications]
    for record in StepRecord.objects.filter(application__in=keys).select_related("by"):
        found.setdefault(record.application_id, {})[record.step_id] = record
    return found


def _checks(applications: list[Preparing]) -> dict[tuple[int | None, int], ConductCheck]:
    """Person and organisation → the inspection."""
    people = {one.volunteer_id for one in applications if one.volunteer_id}
    organisations = {one.organisation_id for one in applications}
    checks = ConductCheck.objects.filter(volunteer__in=people, organisation__in=organisations)
    return {
        (check.volunteer_id, check.organisation_id): check
        for check in checks.select_related("seen_by")
    }


def _items(
    programme: Programme | None, records: dict[int, StepRecord], check: ConductCheck | None
) -> tuple[Item, ...]:
    if programme is None:
        return ()
    items = [
        Item(
            kind=step.kind,
            title=step.said("title"),
            note=step.said("note"),
            step=step,
            record=records.get(step.pk),
            check=check if step.kind == CERTIFICATE else None,
        )
        for step in programme.steps.all()
    ]
    listed = any(item.is_certificate for item in items)
    if not listed and (programme.requires_conduct_check or programme.makes_tandems):
        required, title = programme.requires_conduct_check, str(CERTIFICATE.label)
        items.append(Item(kind=CERTIFICATE, title=title, check=check, is_required=required))
    return tuple(items)


# --- Lists --------------------------------------------------------------------------------


def programmes_with_certificate() -> QuerySet[Programme]:
    """Programmes that require a valid inspection before the start: by their flag, or by a step."""
    steps = ProgrammeStep.objects.filter(programme=OuterRef("pk"), kind=CERTIFICATE)
    found = Programme.objects.filter(Q(requires_conduct_check=True) | Exists(steps))
    return cast("QuerySet[Programme]", found)


def entries_of(programmes: "QuerySet[Programme]") -> list[int]:
    """The keys of ``programmes`` and of their opportunities.

    As numbers, in conditions on applications: PostgreSQL knows how many each entry has.
    """
    part_of = Entry.objects.alias(programme_key=Coalesce("opportunity_entry__part_of_id", "pk"))
    return list(
        part_of.filter(programme_key__in=programmes.values("pk")).values_list("pk", flat=True)
    )


def needing_certificate(applications: QuerySet[Application]) -> QuerySet[Application]:
    return applications.filter(entry__in=entries_of(programmes_with_certificate()))


def keeping_certificate(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Those for which an inspection may be kept: it is required, or there is a tandem with a minor."""
    programmes = Q(pk__in=programmes_with_certificate().values("pk")) | Q(makes_tandems=True)
    wanted = Programme.objects.filter(programmes).values("pk")
    return applications.alias(programme_key=PROGRAMME).filter(programme_key__in=wanted)


def is_certified() -> Exists:
    """Condition on an application: there is a valid inspection."""
    valid = ConductCheck.objects.valid().filter(
        volunteer=OuterRef("volunteer"), organisation=OuterRef("organisation")
    )
    return Exists(valid)


def without_valid_certificate(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Those that need a certificate and have no valid one: none, too old, or not clear."""
    return needing_certificate(applications).filter(~is_certified())


def placed_without_certificate(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Placed ones whose certificate is missing, too old or not clear."""
    return without_valid_certificate(applications).filter(status=Status.PLACED)


def with_steps(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Those whose programme requires anything."""
    return applications.filter(entry__in=entries_with_steps())


def entries_with_steps() -> list[int]:
    """The keys of programmes that require anything, and of their opportunities."""
    steps = Exists(ProgrammeStep.objects.filter(programme=OuterRef("pk")))
    asking = Programme.objects.filter(Q(steps) | Q(requires_conduct_check=True))
    return entries_of(cast("QuerySet[Programme]", asking))


def with_open_steps(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Those with a missing step; the same rule as :attr:`Progress.is_complete`, in two queries."""
    return with_steps(applications).alias(programme_key=PROGRAMME).filter(lacks_a_step())


def with_all_steps(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Those that have behind them all that their programme requires."""
    return with_steps(applications).alias(programme_key=PROGRAMME).exclude(lacks_a_step())


def lacks_a_step() -> Q:
    """Condition on an application with its ``programme_key``."""
    taken = StepRecord.objects.filter(step=OuterRef("pk"), application=OuterRef(OuterRef("pk")))
    steps = ProgrammeStep.objects.filter(programme=OuterRef("programme_key"))
    lacking = steps.exclude(kind=CERTIFICATE).filter(~Exists(taken))
    needed = Q(programme_key__in=programmes_with_certificate().values("pk"))
    return Q(Exists(lacking)) | (needed & ~Q(is_certified()))


def soon_due(
    checks: ConductCheckQuerySet, day: datetime.date | None = None
) -> ConductCheckQuerySet:
    """Clear inspections that are still needed and are overdue, or due within ``CONDUCT_CHECK_REMINDER_DAYS``."""
    ahead = datetime.timedelta(days=settings.CONDUCT_CHECK_REMINDER_DAYS)
    in_work = Application.objects.exclude(status__in=(*CLOSED, Status.UNCONFIRMED))
    needed = keeping_certificate(in_work).filter(
        volunteer=OuterRef("volunteer"), organisation=OuterRef("organisation")
    )
    due = checks.filter(is_clear=True).due_by((day or timezone.localdate()) + ahead)
    return due.filter(Exists(needed))
