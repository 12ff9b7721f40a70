"""The person's own part of the preparation: accepting a commitment, downloading the letter."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from programs.models import ProgrammeStep

from .. import papers
from ..errors import DomainError
from ..forms.preparation import CommitmentForm
from ..links import applications as application_links
from ..links.signing import path_of
from ..models import Application
from ..papers import letters
from ..reads.preparation import Item, progress_of
from ..services import steps
from .applications import by_status_token
from .by_link import Elsewhere, by_link
from .outcomes import Link, Outcome


@by_link
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def commitment(request: HttpRequest, token: str, step_id: int) -> HttpResponse:
    """The text, one checkbox and one button; the status link is the only authentication."""
    application = by_status_token(token)
    item, step = _commitment(application, step_id)
    if item.record is not None or application.is_closed:
        return redirect("volunteers:status", token)
    initial = {"version": step.text_version}
    form = CommitmentForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"]
            steps.accept_commitment(application=application, step=step, version=version)
        except steps.TextChanged as changed:
            form = CommitmentForm({"version": step.text_version, "agreed": ""})
            form.add_error(None, str(changed))
        except DomainError:
            return redirect("volunteers:status", token)
        else:
            return redirect("volunteers:status", token)
    context = {"application": application, "token": token, "step": step, "form": form}
    context["is_translated"] = step.said("text") != step.text
    status = 422 if form.errors else 200
    return render(request, "volunteers/preparation/commitment.html", context, status=status)


def _commitment(application: Application, step_id: int) -> tuple[Item, ProgrammeStep]:
    for item in progress_of(application).items:
        if item.step and item.step.pk == step_id and item.kind == ProgrammeStep.Kind.COMMITMENT:
            return item, item.step
    raise Elsewhere(application_links.status_path(application))


@by_link
@never_cache
@require_safe
def conduct_check_letter(request: HttpRequest, token: str) -> HttpResponse:
    """The letter for the Meldebehörde, once the organisation has begun to work on the application."""
    application = by_status_token(token)
    if not letters.is_offered_to_person(application):
        raise Elsewhere(path_of("status", token))
    try:
        return letters.conduct_check_letter(application)
    except papers.CannotPrint as error:
        return Outcome(
            title=_("Der Brief lässt sich nicht drucken"),
            text=str(error),
            more=_("Ihren Namen können Sie unter „Angaben ändern“ berichtigen."),
            links=[Link(_("Zurück zu Ihrer Anmeldung"), path_of("status", token))],
        ).page(request, status=422)
