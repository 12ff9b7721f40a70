"""Inspections of certificates of good conduct: recorded, and deleted when no longer needed.

§ 72a Abs. 5 SGB VIII allows to keep only three facts: that and when a certificate was inspected,
its date, and whether it is free of the offences of Abs. 1. The record has to be deleted at once
when no activity follows the inspection, otherwise at the latest six months after the activity was
last exercised. The city's lawyers confirm periods and wording (``CONDUCT_CHECK_YEARS``,
``CONDUCT_CHECK_KEEP_MONTHS``).

For the same reason nothing here writes to the history of an application: the history is kept
longer.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from ..errors import DomainError
from ..models import Application, ConductCheck, StatusChange, User
from ..models.statuses import CLOSED, Status
from ..periods import add_months, add_years
from ..reads.preparation import keeping_certificate, progress_of
from .locks import lock_all, lock_own_application
from .rounds import batches, each, keys_of

NOT_IN_WORK = (*CLOSED, Status.UNCONFIRMED)


def record_inspection(
    *,
    application: Application,
    seen_on: datetime.date,
    issued_on: datetime.date,
    is_clear: bool,
    by: User,
) -> ConductCheck:
    """Note that ``by`` inspected the certificate of the person; replaces an older record.

    Locks the application, then the row, so that two requests at once make one row. Raises
    ``DomainError`` when the application is closed or unconfirmed; when the programme needs no
    certificate (the law then forbids to keep one); for days in the future or in the wrong order;
    and when the certificate is too old to count.
    """
    with transaction.atomic():
        application = lock_own_application(application.pk)
        _require_need(application)
        today = timezone.localdate()
        if seen_on > today:
            raise DomainError(_("Der Tag der Einsicht liegt in der Zukunft."))
        if issued_on > seen_on:
            raise DomainError(_("Ausgestellt wurde das Zeugnis nicht erst nach der Einsicht."))
        if add_years(issued_on, settings.CONDUCT_CHECK_YEARS) <= today:
            raise DomainError(
                _("Dieses Zeugnis ist zu alt. Bitte lassen Sie sich ein neues zeigen.")
            )
        values = {
            "seen_on": seen_on,
            "issued_on": issued_on,
            "is_clear": is_clear,
            "seen_by": by,
        }
        check, _made = ConductCheck.objects.update_or_create(
            volunteer=application.volunteer,
            organisation=application.organisation,
            defaults=values,
        )
    return check


def _require_need(application: Application) -> None:
    if application.is_closed or application.volunteer is None:
        raise DomainError(_("Diese Anmeldung ist beendet oder noch nicht bestätigt."))
    if progress_of(application).certificate is None:
        raise DomainError(
            _(
                "Für dieses Angebot ist kein Führungszeugnis vorgesehen; dann darf auch keins "
                "vermerkt werden. Ob es nötig ist, steht am Programm unter „Mitmachen“."
            )
        )


def forget_if_unneeded(application: Application) -> None:
    """Delete the inspection of an application that has just ended, unless something else needs it.

    Call it in the transaction that ends the application. Locks the row: when two applications end
    at once, the second one sees that the first has ended.
    """
    if application.volunteer_id is None:
        return
    checks = ConductCheck.objects.filter(
        volunteer=application.volunteer_id, organisation=application.organisation_id
    )
    _delete(checks)


def delete_unneeded_checks() -> int:
    """Delete every inspection that is no longer needed; returns how many.

    This is the safety net. It looks only at the present state, so it may run at any time and after
    any break.
    """
    here = {"volunteer": OuterRef("volunteer"), "organisation": OuterRef("organisation")}
    in_work = keeping_certificate(Application.objects.exclude(status__in=NOT_IN_WORK)).filter(
        **here
    )
    placed_once = StatusChange.objects.filter(
        status=Status.PLACED, **{f"application__{name}": ref for name, ref in here.items()}
    )
    candidates = ConductCheck.objects.filter(
        ~Exists(in_work.filter(status=Status.PLACED)), ~Exists(in_work) | Exists(placed_once)
    )
    due = [
        check.pk
        for keys in batches(keys_of(candidates))
        for check in _unneeded(ConductCheck.objects.filter(pk__in=keys))
    ]
    return each(batches(due), _delete_those)


def _delete_those(keys: list[int]) -> int:
    return _delete(ConductCheck.objects.filter(pk__in=keys))


def _delete(checks: QuerySet[ConductCheck]) -> int:
    """Lock, check again, delete. It waits for a placement that holds the lock, and then sees it."""
    with transaction.atomic():
        due = _unneeded(checks.filter(pk__in=[check.pk for check in lock_all(checks)]))
        return ConductCheck.objects.filter(pk__in=[check.pk for check in due]).delete()[0]


def _unneeded(checks: Iterable[ConductCheck]) -> list[ConductCheck]:
    """Those of ``checks`` that may not be kept any longer today; three queries."""
    checks = list(checks)
    applications = keeping_certificate(
        Application.objects.filter(
            volunteer__in={check.volunteer_id for check in checks},
            organisation__in={check.organisation_id for check in checks},
        ).exclude(status=Status.UNCONFIRMED)
    ).prefetch_related("changes")
    needing: dict[tuple[int | None, int], list[Application]] = defaultdict(list)
    for one in applications:
        needing[one.volunteer_id, one.organisation_id].append(one)
    today = timezone.localdate()
    return [
        check
        for check in checks
        if not _is_needed(check, needing[check.volunteer_id, check.organisation_id], today)
    ]


def _is_needed(check: ConductCheck, applications: list[Application], today: datetime.date) -> bool:
    """Whether the row may stay.

    It may while a placement runs; for ``CONDUCT_CHECK_KEEP_MONTHS`` after the last one ended; and,
    when nobody was placed with it yet, while an application is open.
    """
    ended = []
    for application in applications:
        is_running, ends = _placements(application)
        if is_running:
            return True
        ended += [day for day in ends if day >= check.seen_on]
    if ended:
        return today < add_months(max(ended), settings.CONDUCT_CHECK_KEEP_MONTHS)
    return any(not application.is_closed for application in applications)


def _placements(application: Application) -> tuple[bool, list[datetime.date]]:
    """Whether a placement runs now, and the days on which earlier ones ended, in Stuttgart's time.

    A placement runs while the status is „im Einsatz“. A pause ends it, too: the law counts from the
    day on which the activity was last exercised, whatever is planned for later.
    """
    is_running, ends = False, []
    for change in sorted(application.changes.all(), key=lambda change: (change.at, change.pk)):
        if change.status == Status.PLACED:
            is_running = True
        elif is_running:
            is_running = False
            ends.append(timezone.localdate(change.at))
    return is_running or application.status == Status.PLACED, ends
