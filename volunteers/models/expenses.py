"""Expenses of volunteers: tickets and coffee, with a receipt until they are paid."""

import datetime
from decimal import Decimal
from typing import Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from programs.history import tracked
from programs.models.choices import listed

from ..periods import over_before
from ..validators import validate_text
from .applications import OfApplicationQuerySet

CENT = Decimal("0.01")


class ExpenseStatus(models.TextChoices):
    SUBMITTED = "submitted", _("eingereicht")
    APPROVED = "approved", _("genehmigt")
    DECLINED = "declined", _("abgelehnt")
    WITHDRAWN = "withdrawn", _("zurückgezogen")
    PAID = "paid", _("ausgezahlt")


COUNTS = (ExpenseStatus.SUBMITTED, ExpenseStatus.APPROVED, ExpenseStatus.PAID)
"""What counts for the limit of the programme."""
CLOSED = (ExpenseStatus.DECLINED, ExpenseStatus.WITHDRAWN, ExpenseStatus.PAID)
"""Nothing follows any more, so there is no receipt either."""


def euro(amount: Decimal) -> str:
    """„12,50 €“"""
    return f"{number_format(amount, decimal_pos=2)} €"


class ExpenseQuerySet(OfApplicationQuerySet["Expense"]):
    def waiting(self) -> Self:
        return self.filter(status=ExpenseStatus.SUBMITTED)

    def total(self) -> Decimal:
        """All amounts together; 0 without a row."""
        found: Decimal | None = self.aggregate(total=Sum("amount"))["total"]
        return found or Decimal(0)

    def over(self) -> Self:
        """Those whose retention period is over."""
        limit = over_before(settings.KEEP_EXPENSES_MONTHS)
        return self.filter(status__in=CLOSED, closed_at__lt=limit)


@tracked(fields=("id", "status"))
class Expense(models.Model):
    """What somebody paid on one day for one thing. There is no free text: it would name others.

    Amount and day never change; who typed them wrong withdraws it and enters it again. So what was
    approved is what is paid.
    """

    Status = ExpenseStatus

    class Kind(models.TextChoices):
        TICKET = "ticket", _("Fahrkarte")
        COFFEE = "coffee", _("Kaffee oder Essen")
        ENTRANCE = "entrance", _("Eintritt")

    application = models.ForeignKey(
        "volunteers.Application",
        verbose_name=_("Anmeldung"),
        on_delete=models.CASCADE,
        related_name="expenses",
    )
    status = models.CharField(
        _("Status"), max_length=9, choices=ExpenseStatus.choices, default=ExpenseStatus.SUBMITTED
    )
    kind = models.CharField(_("Wofür"), max_length=8, choices=Kind.choices)
    on = models.DateField(_("Datum"))
    amount = models.DecimalField(
        _("Betrag"), max_digits=7, decimal_places=2, validators=[MinValueValidator(CENT)]
    )
    digest = models.CharField(_("Prüfwert des Belegs"), max_length=64, editable=False)
    submitted_at = models.DateTimeField(_("eingereicht"), default=timezone.now, editable=False)
    decided_at = models.DateTimeField(_("entschieden"), null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("entschieden von"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    reason = models.TextField(
        _("Grund der Ablehnung"), max_length=500, blank=True, validators=[validate_text]
    )
    paid_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("als ausgezahlt eingetragen von"),
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    closed_at = models.DateTimeField(_("abgeschlossen"), null=True, blank=True, editable=False)

    objects = ExpenseQuerySet.as_manager()

    class Meta:
        verbose_name = _("Auslage")
        verbose_name_plural = _("Auslagen")
        ordering = ["-on", "-pk"]
        indexes = [
            models.Index(  # what waits, and whose it is
                fields=["status", "submitted_at"],
                include=["application"],
                name="expense_by_status",
            ),
            models.Index(fields=["submitted_at", "id"], name="expense_in_order"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="expense_of_more_than_nothing",
                violation_error_message=_("Bitte geben Sie einen Betrag über 0 Euro an."),
            ),
            models.CheckConstraint(
                condition=~Q(status="declined") | ~Q(reason=""),
                name="expense_declined_with_a_reason",
                violation_error_message=_("Zu einer Ablehnung gehört ein Grund."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=CLOSED, closed_at__isnull=False)
                | Q(status__in=["submitted", "approved"], closed_at__isnull=True),
                name="expense_closed_has_its_time",
                violation_error_message=_("Zu einer abgeschlossenen Auslage gehört der Zeitpunkt."),
            ),
        ]

    def __str__(self) -> str:
        return listed((self.get_kind_display(), f"{self.on:%d.%m.%Y}", self.amount_label))

    @property
    def amount_label(self) -> str:
        return euro(self.amount)

    @property
    def is_waiting(self) -> bool:
        return self.status == ExpenseStatus.SUBMITTED

    @property
    def waits_since(self) -> datetime.date:
        return timezone.localdate(self.submitted_at)


class Receipt(models.Model):
    """The photograph, made anew on upload. It goes when the expense is closed."""

    expense = models.OneToOneField(
        Expense,
        verbose_name=_("Auslage"),
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="receipt",
    )
    data = models.BinaryField(_("Foto"))

    class Meta:
        verbose_name = _("Beleg")
        verbose_name_plural = _("Belege")

    def __str__(self) -> str:
        return f"{self.pk}"
