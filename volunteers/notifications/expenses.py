"""Mails about expenses: to the person what was decided, to the coordination what waits."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programs.addresses import admin_url
from programs.models import Organisation

from ..links.applications import status_token
from ..links.signing import url_of
from ..models import Expense
from ..models.expenses import ExpenseStatus
from .applications import offer_of
from .in_german import by_hand
from .people import send_to_members
from .sending import send
from .speaking import to_person, to_staff


def _send(expense: Expense, subject: str, template: str) -> None:
    application = expense.application
    send(
        application.email,
        subject,
        template,
        offer=offer_of(application),
        application=application,
        expense=expense,
        reason=by_hand(expense.reason),
        url=url_of("expenses", status_token(application)),
    )


@to_person("application")
def approved(expense: Expense) -> None:
    _send(expense, _("Ihre Auslage ist genehmigt"), "expenses/approved")


@to_person("application")
def declined(expense: Expense) -> None:
    _send(expense, _("Ihre Auslage ist nicht genehmigt"), "expenses/declined")


@to_person("application")
def paid(expense: Expense) -> None:
    _send(expense, _("Ihre Auslage ist ausgezahlt"), "expenses/paid")


@to_staff
def waiting(organisation: Organisation, count: int) -> int:
    """How many wait for a decision, without anything about them."""
    subject = ngettext(
        "Eine Auslage wartet auf Ihre Entscheidung",
        "%(count)d Auslagen warten auf Ihre Entscheidung",
        count,
    )
    return send_to_members(
        organisation,
        subject % {"count": count},
        "expenses/waiting",
        count=count,
        url=admin_url(Expense, status__exact=ExpenseStatus.SUBMITTED.value),
    )
