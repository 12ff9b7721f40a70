"""For departments: applications that wait too long below them; and handing an application on."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from programs.addresses import admin_path
from programs.models import Organisation
from programs.requests import UserRequest

from ..errors import DomainError
from ..models import Application
from ..reads import escalations
from ..services.answering import (
    HANDED_ON_FROM,
    hand_on_application,
    remind_organisation,
    take_over_application,
)
from ..validators import validate_text
from .escalated import Escalation, EscalationViews


class HandOnForm(forms.Form):
    """The new organisation, and why."""

    to = forms.ModelChoiceField(
        label=_("Neue Stelle"),
        queryset=Organisation.objects.none(),
        help_text=_("Organisationen, bei denen im Portal jemand antworten kann."),
        empty_label=_("Bitte wählen"),
        error_messages={"required": _("Bitte wählen Sie, wer antworten soll.")},
    )
    note = forms.CharField(
        label=_("Notiz für die neue Stelle"),
        help_text=_("Freiwillig, zum Beispiel was Sie schon besprochen haben."),
        max_length=1000,
        required=False,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
    )

    def __init__(self, *args: Any, offered: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[Organisation]", self.fields["to"]).queryset = offered


def _waiting_text(count: int) -> str:
    text = ngettext(
        "%(count)d Anmeldung wartet zu lange auf eine erste Antwort.",
        "%(count)d Anmeldungen warten zu lange auf eine erste Antwort.",
        count,
    )
    more = __(
        "Wer die Person ist, sehen Sie erst, wenn Sie übernehmen: Dann antworten Sie, und die Person "
        "bekommt eine Mail darüber."
    )
    return f"{text % {'count': count}} {more}"


class AnsweringViews(EscalationViews[Application]):
    """Mixin for the admin of applications."""

    escalation = Escalation(
        waiting_for=escalations.waiting_for,
        rows=escalations.rows,
        remind=lambda one, by: remind_organisation(application=one, by=by),
        take_over=lambda one, by: take_over_application(application=one, by=by),
        text=_waiting_text,
        taken=_("Jetzt antwortet %(name)s. Die Person bekommt eine Mail darüber."),
    )

    def answering_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.hand_on_view)
        name = "volunteers_application_hand_on"
        return [
            *self.escalation_urls(),
            path("<int:object_id>/weitergeben/", view, name=name),
        ]

    def hand_on_url(self, application: Application) -> str:
        """The page that hands ``application`` on; empty where that is not possible."""
        if application.status not in HANDED_ON_FROM:
            return ""
        return admin_path(application, "hand_on")

    def hand_on_view(self, request: UserRequest, object_id: int) -> HttpResponse:
        """Asks for the new organisation and shows the consequences; the button on this page hands on."""
        application = self.get_object(request, str(object_id))
        if not self.has_change_permission(request, application):
            raise PermissionDenied
        data = request.POST if request.method == "POST" else None
        offered = Organisation.objects.with_staff().exclude(pk=application.organisation_id)
        form = HandOnForm(data, offered=offered.order_by("title"))
        if form.is_valid():
            try:
                self._hand_on(request, application, form)
            except DomainError as error:
                form.add_error(None, str(error))
            else:
                return HttpResponseRedirect(admin_path(Application))
        return self.page(
            request,
            "admin/volunteers/answering/hand_on.html",
            __("Weitergeben"),
            subtitle=application,
            application=application,
            form=form,
            possible=bool(self.hand_on_url(application)),
        )

    def _hand_on(self, request: UserRequest, application: Application, form: HandOnForm) -> None:
        to = form.cleaned_data["to"]
        hand_on_application(
            application=application,
            to=to,
            by=request.user,
            note=form.cleaned_data["note"],
        )
        text = __("%(person)s ist weitergegeben. Jetzt antwortet: %(name)s.")
        messages.success(request, text % {"person": application.name, "name": to})
