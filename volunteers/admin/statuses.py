"""Changing statuses in the admin: one by button, several by action, with the same page for both.

The page shows which applications can take the step, and why others cannot. It asks for what the
step needs, and calls ``services.change_status`` for each, which locks, checks, writes the history
and mails. If somebody else has changed the status since the page was opened, there is an error message.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.text import format_lazy
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from programs.addresses import admin_path
from programs.admin.base import ScopedAdminMixin
from programs.requests import UserRequest
from programs.seeing import seen_with

from ..errors import DomainError, TransitionNotAllowed
from ..models import Application, Tandem
from ..models.statuses import KEEPS_TANDEM, Status
from ..notifications.applications import TEMPLATES
from ..reads.preparation import Progress, progress_of_all
from ..services.applications import STARTS, change_status
from ..validators import validate_text
from .chosen import MOST_AT_ONCE, posted_keys
from .reading import note_about

STEP_NAMES = {
    Status.NEW: _("Platz anbieten"),
    Status.IN_CONTACT: _("Im Gespräch"),
    Status.IN_TRAINING: _("In Vorbereitung"),
    Status.READY: _("Startbereit"),
    Status.PLACED: _("Im Einsatz"),
    Status.PAUSED: _("Pausieren"),
    Status.COMPLETED: _("Abschließen"),
    Status.DECLINED: _("Absagen"),
}


BY_STAFF = tuple(STEP_NAMES)
"""Statuses that staff can set; only the person can confirm and withdraw."""


class StatusForm(forms.Form):
    """The input of a step: for declining a reason, which the person reads; else nothing."""

    reason = forms.CharField(
        label=_("Grund der Absage"),
        help_text=_(
            "Geht mit der Mail an die Person. Bitte freundlich und ohne Angaben zu Dritten."
        ),
        max_length=1000,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 5, "cols": 60}),
        error_messages={"required": _("Bitte nennen Sie den Grund der Absage.")},
    )
    note = forms.CharField(
        label=_("Notiz für den Verlauf"),
        help_text=_(
            "Freiwillig. Die Person sieht sie nicht. Geht die Anmeldung an eine andere Stelle, liest "
            "diese die Notiz mit."
        ),
        max_length=1000,
        required=False,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
    )

    def __init__(self, *args: Any, status: Status, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if status != Status.DECLINED:
            del self.fields["reason"]


@dataclass(frozen=True)
class Row:
    application: Application
    obstacle: str
    """Why the step is not possible; empty when it is."""


def plan(applications: list[Application], status: Status) -> list[Row]:
    """Which of ``applications`` can become ``status``; those that can come first."""
    progress = progress_of_all(applications) if status in STARTS else {}
    paired = _paired(applications) if status not in KEEPS_TANDEM else set()
    rows = [
        Row(a, _obstacle(a, status, a.pk in paired) or _lack(progress.get(a.pk)))
        for a in applications
    ]
    return sorted(rows, key=lambda row: bool(row.obstacle))


def _paired(applications: list[Application]) -> set[int]:
    """Those with a proposal or a running tandem, which ends first."""
    alive = Tandem.objects.alive().filter(application__in=[a.pk for a in applications])
    return set(alive.values_list("application", flat=True))


def _lack(progress: Progress | None) -> str:
    return progress.obstacle if progress else ""


def _obstacle(application: Application, status: Status, is_paired: bool) -> str:
    if application.may_become(status):
        if is_paired:
            return __("zuerst muss das Tandem oder der Vorschlag enden")
        return ""
    if application.status == status:
        return __("ist schon „%(status)s“") % {"status": status.label}
    if application.is_closed:
        return __("ist schon beendet („%(status)s“)") % {"status": application.get_status_display()}
    return __("von „%(from)s“ führt kein Schritt zu „%(to)s“") % {
        "from": application.get_status_display(),
        "to": status.label,
    }


def bulk_action(status: Status) -> Callable[..., HttpResponse | None]:
    words = format_lazy(_("Status ändern: {step}"), step=STEP_NAMES[status])

    @admin.action(description=words, permissions=["change"])
    def action(
        views: "StatusViews", request: UserRequest, queryset: QuerySet[Application]
    ) -> HttpResponse | None:
        return views.bulk_page(request, queryset, status)

    action.__name__ = f"to_{status.value}"
    return action


class StatusViews(ScopedAdminMixin[Application]):
    """Views and actions; mixin for the admin of applications."""

    actions = [bulk_action(status) for status in BY_STAFF]

    def offered(self, application: Application) -> list[Status]:
        return [status for status in BY_STAFF if application.may_become(status)]

    def status_view(self, request: UserRequest, object_id: str, status: str) -> HttpResponse:
        """The page behind a button of one application; asks on GET, changes on POST."""
        application = self.get_object(request, object_id)
        if not self.has_change_permission(request, application):
            raise PermissionDenied
        back = admin_path(application)
        target = self._status(status)
        form = StatusForm(request.POST if request.method == "POST" else None, status=target)
        if request.method == "POST" and form.is_valid():
            refused = self._apply(request, [application], target, form.cleaned_data)
            found = self.get_queryset(request).filter(pk=application.pk).first()
            if not refused or found is None or not found.may_become(target):
                self._tell(request, refused)
                return HttpResponseRedirect(back)
            application = found
            form.add_error(None, self._why(application, refused[0][1]))
        return self._page(request, target, plan([application], target), form, back)

    def _why(self, application: Application, error: DomainError) -> str:
        """What was typed is still there, so „laden Sie die Seite neu“ would be the wrong advice."""
        if not isinstance(error, TransitionNotAllowed):
            return str(error)
        text = __(
            "Der Status hat sich inzwischen geändert und ist jetzt „%(status)s“. "
            "Passt der Schritt noch? Dann schicken Sie ihn noch einmal ab."
        )
        return text % {"status": application.get_status_display()}

    def bulk_page(
        self, request: UserRequest, queryset: QuerySet[Application], status: Status
    ) -> HttpResponse | None:
        """The first page of an action for several rows."""
        chosen = list(queryset.select_related("entry", "organisation")[: MOST_AT_ONCE + 1])
        if len(chosen) > MOST_AT_ONCE:
            text = __("Bitte wählen Sie höchstens %(count)d Anmeldungen auf einmal.")
            messages.error(request, text % {"count": MOST_AT_ONCE})
            return None
        back = request.get_full_path()
        return self._page(request, status, plan(chosen, status), StatusForm(status=status), back)

    def bulk_status_view(self, request: UserRequest) -> HttpResponse:
        """Handles the submitted page of :meth:`bulk_page`."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        status = self._status(request.POST.get("status", ""))
        chosen = self._chosen(request)
        form = StatusForm(request.POST, status=status)
        back = admin_path(Application)
        if not form.is_valid():
            return self._page(request, status, plan(chosen, status), form, back)
        able = [a for a in chosen if a.may_become(status)]
        self._tell(request, self._apply(request, able, status, form.cleaned_data))
        return HttpResponseRedirect(back)

    def _chosen(self, request: UserRequest) -> list[Application]:
        """The applications with the posted primary keys that the user may change."""
        allowed = self.permission_to("change")
        changeable = seen_with(self.get_queryset(request), request.user, allowed)
        found = changeable.filter(pk__in=posted_keys(request))
        if not found:
            raise Http404
        return list(found.select_related("entry", "organisation"))

    def _status(self, value: str) -> Status:
        if value not in BY_STAFF:
            raise Http404
        return Status(value)

    def _apply(
        self,
        request: UserRequest,
        applications: list[Application],
        status: Status,
        data: dict[str, Any],
    ) -> list[tuple[Application, DomainError]]:
        """Change each one separately and return those that were refused; one does not stop the others."""
        refused: list[tuple[Application, DomainError]] = []
        shown = dict(
            zip(posted_keys(request), request.POST.get("seen", "").split(","), strict=False)
        )
        for application in applications:
            try:
                change_status(
                    application=application,
                    status=status,
                    by=request.user,
                    note=data.get("note", ""),
                    reason=data.get("reason", ""),
                    seen=shown.get(application.pk, ""),
                )
            except DomainError as error:
                refused.append((application, error))
        if done := len(applications) - len(refused):
            self._report(request, done, status)
        elif not applications:
            text = __("Keine der gewählten Anmeldungen kann diesen Schritt gehen.")
            messages.warning(request, text)
        return refused

    def _tell(self, request: UserRequest, refused: list[tuple[Application, DomainError]]) -> None:
        for application, error in refused:
            messages.error(request, f"{application.name}: {error}")

    def _report(self, request: UserRequest, done: int, status: Status) -> None:
        text = ngettext(
            "%(count)d Anmeldung ist jetzt „%(status)s“. Die Person bekommt eine Mail.",
            "%(count)d Anmeldungen sind jetzt „%(status)s“. Die Personen bekommen eine Mail.",
            done,
        )
        messages.success(request, text % {"count": done, "status": status.label})

    def _page(
        self, request: UserRequest, status: Status, rows: list[Row], form: StatusForm, back: str
    ) -> HttpResponse:
        possible = [row.application for row in rows if not row.obstacle]
        if form.is_bound and not possible:
            # What was typed stays, to be sent again once nothing stands in the way any more.
            possible = [row.application for row in rows]
        single = rows[0].application if len(rows) == 1 else None
        at_one = "/status/" in request.path
        return self.page(
            request,
            "admin/volunteers/applications/status_change.html",
            str(STEP_NAMES[status]),
            subtitle=single or "",
            http_status=200,
            status=status,
            rows=rows,
            possible=possible,
            ids=",".join(str(a.pk) for a in possible),
            seen=",".join(a.status for a in possible),
            form=form,
            back=back,
            action_url=request.path if at_one else admin_path(Application, "bulk_status"),
            declines=status == Status.DECLINED,
            note=note_about(possible, TEMPLATES[status]),
        )
