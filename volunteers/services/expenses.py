"""Expenses: submitted by volunteers, decided by coordinators, marked as paid when the cash office has paid.

Nothing here pays. The cash office gets the list of what is approved (an export, which changes nothing)
and says when it has paid; then a coordinator marks exactly those. The receipt goes with the end of each
expense: paid, declined or withdrawn.
"""

import datetime
import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.models import Programme

from ..errors import DomainError, TransitionNotAllowed
from ..models import Application, Expense, Receipt, User
from ..models.expenses import COUNTS, ExpenseStatus, euro
from ..notifications import expenses as notifications
from ..periods import add_months, months
from ..reads.expenses import is_own, left, refunding
from .locks import lock_expense, lock_expenses


class NothingRefunded(DomainError):
    message = gettext_lazy("Dieses Programm erstattet zurzeit keine Auslagen.")


class ExpenseRefused(DomainError):
    """The message says why; ``field`` is the field of the form that it is about."""

    def __init__(self, text: str, field: str) -> None:
        super().__init__(text)
        self.field = field


class OwnExpense(DomainError):
    message = gettext_lazy(
        "Das ist Ihre eigene Auslage. Bitte lassen Sie jemand anderen darüber entscheiden."
    )


class ReasonForExpenseMissing(DomainError):
    message = gettext_lazy("Bitte schreiben Sie, warum nicht. Die Person bekommt diesen Text.")


@dataclass(frozen=True, kw_only=True)
class Paid:
    """What somebody has paid, with the receipt as it was uploaded and as it is stored."""

    kind: str
    on: datetime.date
    amount: Decimal
    uploaded: bytes
    receipt: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.uploaded).hexdigest()


def submit_expense(*, application: Application, paid: Paid) -> Expense:
    """Locks the application and the volunteer while it adds up, so the limit holds for two at once.

    Idempotent: the same receipt with the same words returns the existing expense. Raises
    ``NothingRefunded`` or ``ExpenseRefused``.
    """
    with transaction.atomic():
        application = lock_expenses(application)
        programme = refunding(application)
        if programme is None:
            raise NothingRefunded
        if (same := _same_receipt(application, paid)) is not None:
            return same
        _check(application, programme, paid)
        expense = Expense.objects.create(
            application=application,
            kind=paid.kind,
            on=paid.on,
            amount=paid.amount,
            digest=paid.digest,
        )
        Receipt.objects.create(expense=expense, data=paid.receipt)
        return expense


def _same_receipt(application: Application, paid: Paid) -> Expense | None:
    """The same expense sent twice. Raises ``ExpenseRefused`` for another one with the same receipt."""
    own = Expense.objects.filter(application=application)
    if application.volunteer_id is not None:
        own = Expense.objects.filter(application__volunteer=application.volunteer_id)
    found = own.filter(digest=paid.digest, status__in=COUNTS).order_by("pk").first()
    if found is None:
        return None
    is_same = (found.kind, found.on, found.amount) == (paid.kind, paid.on, paid.amount)
    if is_same and found.application_id == application.pk:
        return found
    raise ExpenseRefused(_("Mit diesem Beleg haben Sie schon etwas eingereicht."), "receipt")


def _check(application: Application, programme: Programme, paid: Paid) -> None:
    today = timezone.localdate()
    if paid.on > today:
        text = _("Dieser Tag liegt in der Zukunft. Bitte wählen Sie einen bis heute.")
        raise ExpenseRefused(text, "on")
    first = timezone.localdate(application.submitted_at)
    if paid.on < first:
        text = _("Dieser Tag liegt vor der Anmeldung am %(day)s.") % {
            "day": date_format(first, _("j. F Y"))
        }
        raise ExpenseRefused(text, "on")
    if paid.on < add_months(today, -settings.EXPENSE_MONTHS):
        text = _("Das ist zu lange her. Auslagen können Sie %(period)s lang eintragen.")
        raise ExpenseRefused(text % {"period": months(settings.EXPENSE_MONTHS)}, "on")
    room = left(application, programme, paid.on)
    if paid.amount > room:
        text = _("Für %(year)s sind noch %(left)s übrig. Mehr erstattet das Programm nicht.")
        raise ExpenseRefused(text % {"year": paid.on.year, "left": euro(room)}, "amount")


def withdraw_expense(*, expense: Expense) -> None:
    """By the person, until somebody has decided. Raises ``TransitionNotAllowed``."""
    with transaction.atomic():
        expense = _waiting(expense)
        _close(expense, ExpenseStatus.WITHDRAWN)


def approve_expense(*, expense: Expense, by: User) -> Expense:
    """The person gets a mail. Raises ``TransitionNotAllowed`` or ``OwnExpense``."""
    with transaction.atomic():
        expense = _decided(expense, by)
        expense.status = ExpenseStatus.APPROVED
        expense.save(update_fields=["status", "decided_at", "decided_by"])
        notifications.approved(expense)
    return expense


def decline_expense(*, expense: Expense, reason: str, by: User) -> Expense:
    """The person gets a mail with the reason. Raises as above, or ``ReasonForExpenseMissing``."""
    if not reason.strip():
        raise ReasonForExpenseMissing
    with transaction.atomic():
        expense = _decided(expense, by)
        expense.reason = reason.strip()
        expense.save(update_fields=["reason", "decided_at", "decided_by"])
        _close(expense, ExpenseStatus.DECLINED)
        notifications.declined(expense)
    return expense


def mark_paid(*, expenses: Collection[Expense], by: User) -> int:
    """Mark those that are still approved, each once, with one mail each; returns how many.

    Raises ``OwnExpense`` if one of them is the user's own; then none is marked.
    """
    done = 0
    with transaction.atomic():
        for one in sorted(expenses, key=lambda expense: (expense.application_id, expense.pk)):
            expense = lock_expense(one)
            if expense.status != ExpenseStatus.APPROVED:
                continue
            if is_own(expense.application, by):
                raise OwnExpense
            expense.paid_by = by
            expense.save(update_fields=["paid_by"])
            _close(expense, ExpenseStatus.PAID)
            notifications.paid(expense)
            done += 1
    return done


def _waiting(expense: Expense) -> Expense:
    expense = lock_expense(expense)
    if not expense.is_waiting:
        raise TransitionNotAllowed
    return expense


def _decided(expense: Expense, by: User) -> Expense:
    expense = _waiting(expense)
    if is_own(expense.application, by):
        raise OwnExpense
    expense.decided_at, expense.decided_by = timezone.now(), by
    return expense


def _close(expense: Expense, status: ExpenseStatus) -> None:
    expense.status, expense.closed_at = status, timezone.now()
    expense.save(update_fields=["status", "closed_at"])
    Receipt.objects.filter(expense=expense).delete()
