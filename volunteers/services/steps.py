"""The steps of a preparation: recording, waiving and reopening them, and the check before „startbereit“.

Steps are noted in the history of the application. The certificate of good conduct never is, because
it must be possible to delete its record completely (``services/checks.py``).
"""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.models import Event, ProgrammeStep

from ..errors import DomainError, NotReady
from ..models import Application, ConductCheck, StatusChange, StepRecord, User, Volunteer
from ..models.statuses import CLOSED, Status
from ..reads.preparation import PROGRAMME, Item, Progress, progress_of, progress_of_all
from ..reads.trainings import TRAINING_EVENTS
from .locks import lock_all, lock_own_application
from .moving import record

STAFF = StatusChange.Actor.STAFF


class AlreadyRecorded(DomainError):
    message = gettext_lazy("Dieser Schritt ist schon eingetragen. Bitte laden Sie die Seite neu.")


class TextChanged(DomainError):
    message = gettext_lazy(
        "Der Text hat sich gerade geändert. Bitte lesen Sie ihn noch einmal, bevor Sie zustimmen."
    )


def require_ready(application: Application) -> None:
    """Refuse a start while a step is open, or the certificate is missing, too old or not clear.

    Call it while you hold the application's lock. Locks the inspected certificate, so that it
    cannot be deleted before the caller commits. Raises :class:`NotReady`.
    """
    checks = ConductCheck.objects.filter(
        volunteer=application.volunteer_id, organisation=application.organisation_id
    )
    lock_all(checks)
    if obstacle := progress_of(application).obstacle:
        raise NotReady(obstacle)


def record_step(
    *,
    application: Application,
    step: ProgrammeStep,
    on: datetime.date,
    how: str,
    by: User,
    note: str = "",
) -> StepRecord:
    """A coordinator records that a step was taken, ``on`` that day.

    For a commitment on paper the programme's present text is stored with it. Raises
    ``AlreadyRecorded`` for the second of two requests at once; ``DomainError`` for a day in the
    future, a closed application or a step of another programme.
    """
    with transaction.atomic():
        application, item = _lock(application, step)
        if on > timezone.localdate():
            raise DomainError(_("Dieser Tag liegt in der Zukunft. Eintragen lässt sich, was war."))
        taken = _create(
            application, item, outcome=StepRecord.Outcome.DONE, on=on, how=how, by=by, note=note
        )
        said = _("%(step)s: erledigt am %(day)s, %(how)s.") % {
            "step": step.title,
            "day": f"{on:%d.%m.%Y}",
            "how": taken.get_how_display(),
        }
        record(application, STAFF, by=by, note=f"{said} {note}".strip())
    return taken


def waive_step(
    *, application: Application, step: ProgrammeStep, by: User, reason: str
) -> StepRecord:
    """A coordinator waives a step; the reason is kept in the history.

    A certificate of good conduct cannot be waived. Raises the same errors as :func:`record_step`,
    and ``DomainError`` without a reason.
    """
    with transaction.atomic():
        application, item = _lock(application, step)
        if not reason.strip():
            raise DomainError(_("Bitte schreiben Sie unter „Notiz“, warum der Schritt entfällt."))
        taken = _create(
            application,
            item,
            outcome=StepRecord.Outcome.WAIVED,
            on=timezone.localdate(),
            how=StepRecord.How.TALK,
            by=by,
            note=reason.strip(),
        )
        said = _("%(step)s: erlassen. %(reason)s") % {"step": step.title, "reason": taken.note}
        record(application, STAFF, by=by, note=said)
    return taken


def reopen_step(*, application: Application, step: ProgrammeStep, by: User) -> None:
    """Undo a step that was recorded by mistake; the history still shows it.

    Raises ``DomainError`` when the step is open already or the application closed.
    """
    with transaction.atomic():
        application, item = _lock(application, step)
        if item.record is None:
            raise DomainError(_("Dieser Schritt ist schon offen. Bitte laden Sie die Seite neu."))
        said = _("%(step)s: wieder offen; eingetragen war „%(outcome)s“ am %(day)s.") % {
            "step": step.title,
            "outcome": item.record.get_outcome_display(),
            "day": f"{item.record.on:%d.%m.%Y}",
        }
        item.record.delete()
        record(application, STAFF, by=by, note=said)


def accept_commitment(*, application: Application, step: ProgrammeStep, version: int) -> StepRecord:
    """The person agrees to the text of a commitment; version and text are stored as they are now.

    ``version`` is the one that the page showed. A second click changes nothing. Raises
    ``TextChanged`` when the programme's text has changed since, otherwise the same errors as
    :func:`record_step`.
    """
    with transaction.atomic():
        application, item = _lock(application, step)
        if item.record is not None:
            return item.record
        if item.kind != ProgrammeStep.Kind.COMMITMENT or item.step is None:
            raise DomainError
        if item.step.text_version != version:
            raise TextChanged
        taken = _create(
            application,
            item,
            outcome=StepRecord.Outcome.DONE,
            on=timezone.localdate(),
            how=StepRecord.How.PORTAL,
        )
        said = _("%(step)s: zugestimmt im Portal, Fassung %(version)d.")
        values = {"step": item.title, "version": version}
        record(application, StatusChange.Actor.APPLICANT, note=said % values)
    return taken


def complete_training(*, volunteer: Volunteer, event: Event, on: datetime.date) -> int:
    """Somebody attended: completes the first open training step of each of their applications.

    Counts for open applications for the programme to which ``event`` (a training or an
    introduction) belongs, directly or through an opportunity. Idempotent for the same attendance.
    Locks the applications, by primary key; call it with the event locked, or with no lock at all.
    Returns how many steps were completed.
    """
    programme = event.part_of.programme if event.part_of else None
    if programme is None or event.kind not in TRAINING_EVENTS:
        return 0
    with transaction.atomic():
        found = Application.objects.alias(programme_key=PROGRAMME).filter(
            volunteer=volunteer, programme_key=programme.pk
        )
        keys = list(
            found.exclude(status__in=(*CLOSED, Status.UNCONFIRMED)).values_list("pk", flat=True)
        )
        applications = [
            one for one in lock_all(Application.objects.filter(pk__in=keys)) if not one.is_closed
        ]
        progress = progress_of_all(applications)
        return sum(_train(one, progress[one.pk], event, on) for one in applications)


def _train(application: Application, progress: Progress, event: Event, on: datetime.date) -> bool:
    outcome, how = StepRecord.Outcome.DONE, StepRecord.How.EVENT
    taken = {(i.record.how, i.record.on, i.record.note) for i in progress.items if i.record}
    trainings = [i for i in progress.missing if i.kind == ProgrammeStep.Kind.TRAINING]
    if not trainings or (how, on, event.title) in taken:
        return False
    _create(application, trainings[0], outcome=outcome, on=on, how=how, note=event.title)
    said = _("%(step)s: erledigt am %(day)s durch Teilnahme an „%(event)s“.") % {
        "step": trainings[0].title,
        "day": f"{on:%d.%m.%Y}",
        "event": event.title,
    }
    record(application, StatusChange.Actor.SYSTEM, note=said)
    return True


def _lock(application: Application, step: ProgrammeStep) -> tuple[Application, Item]:
    """The locked application as it is now, and the present state of the step."""
    locked = lock_own_application(application.pk)
    if locked.is_closed or locked.status == Status.UNCONFIRMED:
        raise DomainError(_("Diese Anmeldung ist beendet oder noch nicht bestätigt."))
    items = (i for i in progress_of(locked).items if i.step and i.step.pk == step.pk)
    item = next(items, None)
    if item is None:
        raise DomainError(_("Dieser Schritt gehört nicht (mehr) zu diesem Programm."))
    if item.is_certificate:
        raise DomainError(
            _("Ein Führungszeugnis tragen Sie unter „Vorbereitung“ mit „Einsicht eintragen“ ein.")
        )
    return locked, item


def _create(
    application: Application,
    item: Item,
    *,
    outcome: StepRecord.Outcome,
    on: datetime.date,
    how: str,
    by: User | None = None,
    note: str = "",
) -> StepRecord:
    """Create the record of a step; the application's lock makes sure that there is only one."""
    if item.record is not None:
        raise AlreadyRecorded
    assert item.step is not None  # noqa: S101 - only the certificate has none
    agreed = item.kind == ProgrammeStep.Kind.COMMITMENT and outcome == StepRecord.Outcome.DONE
    return StepRecord.objects.create(
        application=application,
        step=item.step,
        outcome=outcome,
        on=on,
        how=how,
        by=by,
        note=note[:300],
        text_version=item.step.text_version if agreed else None,
        text=item.step.text if agreed else "",
    )
