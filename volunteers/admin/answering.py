"""For departments: applications that wait too long below them; and handing an application on."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from programs.addresses import admin_path
from programs.admin.base import ScopedAdminMixin
from programs.models import Organisation
from programs.requests import UserRequest

from ..errors import DomainError
from ..models import Application
from ..periods import weeks_in_words
from ..reads import escalations
from ..services.answering import (
    HANDED_ON_FROM,
    hand_on_application,
    remind_organisation,
    take_over_application,
)
from ..validators import validate_text

PAGE = 50


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


class AnsweringViews(ScopedAdminMixin[Application]):
    """Mixin for the admin of applications."""

    def answering_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        name = "volunteers_application"
        one = "<int:object_id>"
        return [
            path("wartet/", view(self.escalated_view), name=f"{name}_escalated"),
            path(f"{one}/erinnern/", view(require_POST(self.remind_view)), name=f"{name}_remind"),
            path(
                f"{one}/uebernehmen/",
                view(require_POST(self.take_over_view)),
                name=f"{name}_take_over",
            ),
            path(f"{one}/weitergeben/", view(self.hand_on_view), name=f"{name}_hand_on"),
        ]

    def hand_on_url(self, application: Application) -> str:
        """The page that hands ``application`` on; empty where that is not possible."""
        if application.status not in HANDED_ON_FROM:
            return ""
        return admin_path(application, "hand_on")

    def escalated_view(self, request: UserRequest) -> HttpResponse:
        """All applications that wait too long and that offices of the user may take over, without names."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        paginator = Paginator(escalations.waiting_for(request.user), PAGE)
        page = paginator.get_page(request.GET.get("seite"))
        return self.page(
            request,
            "admin/volunteers/answering/escalated.html",
            __("Wartet zu lange in Ihrem Bereich"),
            page_obj=page,
            rows=escalations.rows(page.object_list),
            count=paginator.count,
            period=weeks_in_words(settings.ESCALATION_DAYS),
        )

    def remind_view(self, request: UserRequest, object_id: int) -> HttpResponse:
        """A button of the list."""
        application = self._escalated(request, object_id)
        try:
            sent = remind_organisation(application=application, by=request.user)
        except DomainError as error:
            messages.error(request, f"{application.organisation}: {error}")
        else:
            text = ngettext(
                "%(name)s ist erinnert (%(count)d Mail).",
                "%(name)s ist erinnert (%(count)d Mails).",
                sent,
            )
            values = {"name": application.organisation, "count": sent}
            messages.success(request, text % values)
        return HttpResponseRedirect(admin_path(Application, "escalated"))

    def take_over_view(self, request: UserRequest, object_id: int) -> HttpResponse:
        application = self._escalated(request, object_id)
        try:
            taken = take_over_application(application=application, by=request.user)
        except DomainError as error:
            messages.error(request, f"{application.organisation}: {error}")
            return HttpResponseRedirect(admin_path(Application, "escalated"))
        text = __("Jetzt antwortet %(name)s. Die Person bekommt eine Mail darüber.")
        messages.success(request, text % {"name": taken.organisation})
        return HttpResponseRedirect(admin_path(taken))

    def _escalated(self, request: UserRequest, object_id: int) -> Application:
        if not self.has_change_permission(request):
            raise PermissionDenied
        limited = request.user.limited_to(self.permission_to("change"))
        return get_object_or_404(escalations.waiting_for(limited), pk=object_id)

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
