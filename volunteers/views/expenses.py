"""Expenses of one application, for the person with its status link."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from programs.models import Programme

from ..errors import DomainError, TransitionNotAllowed
from ..forms.expenses import ExpenseForm
from ..links.signing import path_of
from ..models import Application, Expense
from ..models.expenses import euro
from ..reads.expenses import left, refunding
from ..services import expenses as services
from .applications import by_status_token
from .by_link import Elsewhere, by_link, only_posts
from .outcomes import Link, Outcome


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def expenses(request: HttpRequest, token: str) -> HttpResponse:
    """What was entered so far, what is left, and the form for one more."""
    application = by_status_token(token)
    programme = refunding(application)
    if programme is None and not application.expenses.exists():
        raise Elsewhere(path_of("status", token))
    is_sent = request.method == "POST"
    form = ExpenseForm(request.POST, request.FILES) if is_sent else ExpenseForm()
    if is_sent and form.is_valid():
        try:
            services.submit_expense(application=application, paid=form.paid())
        except DomainError as error:
            form.refuse(error)
        else:
            return redirect(f"{path_of('expenses', token)}?danke")
    return _page(request, application, token, form, programme)


def _page(
    request: HttpRequest,
    application: Application,
    token: str,
    form: ExpenseForm,
    programme: Programme | None,
) -> HttpResponse:
    context = {
        "application": application,
        "token": token,
        "form": form,
        "thanks": "danke" in request.GET and not form.is_bound,
        "expenses": application.expenses.all(),
        "programme": programme,
        "limit": programme.expenses_a_year if programme else 0,
        "left": euro(left(application, programme)) if programme else "",
    }
    status = 422 if form.errors else 200
    return render(request, "volunteers/expenses/expenses.html", context, status=status)


@by_link
@never_cache
@only_posts("expenses")
def withdraw_expense(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    expense = by_status_token(token).expenses.filter(pk=pk).first()
    if expense is None:
        raise Elsewhere(path_of("expenses", token))
    try:
        services.withdraw_expense(expense=expense)
    except TransitionNotAllowed:
        return _decided(request, token)
    except Expense.DoesNotExist as error:
        raise Elsewhere(path_of("expenses", token)) from error
    return redirect("volunteers:expenses", token)


def _decided(request: HttpRequest, token: str) -> HttpResponse:
    return Outcome(
        title=_("Darüber ist schon entschieden"),
        text=_(
            "Zurückziehen können Sie eine Auslage nur, solange niemand darüber entschieden hat."
        ),
        links=[Link(_("Zu Ihren Auslagen"), path_of("expenses", token))],
    ).page(request, status=410)
