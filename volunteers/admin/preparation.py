"""The panel „Vorbereitung“: the steps of one application, and recording them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from programs.models import ProgrammeStep
from programs.requests import UserRequest

from ..errors import DomainError
from ..forms.preparation import InspectionForm, StepForm
from ..models import Application
from ..papers import letters
from ..reads.preparation import NOTHING_ASKED, Item, progress_of
from ..services import checks, steps
from .panel import Panel


class PreparationPanel(Panel):
    template = "admin/volunteers/preparation/_panel.html"
    permission = "volunteers.view_steprecord"

    def context(self, request: HttpRequest, application: Application) -> dict[str, Any]:
        entry = application.entry
        progress = progress_of(application) if entry and entry.programme else NOTHING_ASKED
        return {
            "application": application,
            "progress": progress,
            "may_change": not application.is_closed
            and self.admin.has_change_permission(request, application),
            "may_print": letters.is_offered(application, progress),
        }

    def views(self) -> dict[str, Callable[..., HttpResponse]]:
        return {
            "conduct_check": self.conduct_check_view,
            "conduct_check_letter": self.letter_view,
        }

    def urls(self) -> list[URLPattern]:
        view = self.admin.admin_site.admin_view(self.step_view)
        one = "<int:object_id>/step/<int:step_id>/"
        return [*super().urls(), path(one, view, name="volunteers_application_step")]

    def step_view(self, request: UserRequest, object_id: int, step_id: int) -> HttpResponse:
        """Record that a step was taken or waived; it can be undone."""
        application = self.find(request, object_id)
        item, step = _find(application, step_id)
        form = StepForm(request.POST if request.method == "POST" else None, step=step)
        names = {"step": item.title}
        if request.method == "POST" and "reopen" in request.POST:
            done = _("„%(step)s“ ist wieder offen.") % names
            return self._do(
                request,
                application,
                done,
                lambda: steps.reopen_step(application=application, step=step, by=request.user),
            )
        if request.method == "POST" and item.record is None and form.is_valid():
            done = _("„%(step)s“ ist eingetragen.") % names
            return self._do(
                request, application, done, lambda: _enter(request, application, step, form)
            )
        template = "admin/volunteers/preparation/step_form.html"
        more = {"form": form, "item": item, "step": step}
        return self.page(request, application, template, item.title, **more)

    def conduct_check_view(self, request: UserRequest, object_id: int) -> HttpResponse:
        """Record an inspection of a certificate; it replaces an earlier one."""
        application = self.find(request, object_id)
        item = progress_of(application).certificate
        if item is None:
            raise Http404
        form = InspectionForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            return self._do(
                request,
                application,
                _("Die Einsicht ist vermerkt. Das Papier bleibt bei der Person."),
                lambda: checks.record_inspection(
                    application=application,
                    by=request.user,
                    **form.cleaned_data,
                ),
            )
        return self.page(
            request,
            application,
            "admin/volunteers/preparation/inspection_form.html",
            _("Führungszeugnis eingesehen"),
            form=form,
            item=item,
        )

    def letter_view(self, request: UserRequest, object_id: int) -> HttpResponse:
        """The letter for the Meldebehörde; reading only."""
        application = self.find(request, object_id)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        if not letters.is_offered(application):
            raise Http404
        try:
            return letters.conduct_check_letter(application)
        except DomainError as error:
            messages.error(request, str(error))
            return self.back(application)

    def _do(
        self,
        request: UserRequest,
        application: Application,
        done: str,
        action: Callable[[], object],
    ) -> HttpResponse:
        """Call the service and show a message; an error, such as a faster colleague, is shown as well."""
        try:
            action()
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, done)
        return self.back(application)


def _find(application: Application, step_id: int) -> tuple[Item, ProgrammeStep]:
    """The step of this application's programme; 404 for any other, and for the certificate."""
    for item in progress_of(application).items:
        if item.step is not None and item.step.pk == step_id and not item.is_certificate:
            return item, item.step
    raise Http404


def _enter(
    request: UserRequest, application: Application, step: ProgrammeStep, form: StepForm
) -> None:
    data, by = form.cleaned_data, request.user
    if form.is_waived:
        steps.waive_step(application=application, step=step, by=by, reason=data["note"])
        return
    taken = {name: data[name] for name in ("on", "how", "note")}
    steps.record_step(application=application, step=step, by=by, **taken)
