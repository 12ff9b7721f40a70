"""Registrations for events: the list, adding people, cancelling for the organisation."""

import datetime
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from programs.addresses import admin_path
from programs.admin.base import ScopedModelAdmin
from programs.admin.forms import OnlyChangedForm, ScopedModelForm
from programs.admin.present import PresentFilter
from programs.exchange.admin import ExportAdminMixin
from programs.models import Event
from programs.requests import UserRequest

from ..errors import AlreadyRegistered, DomainError
from ..lists.resources import RegistrationResource
from ..models import Registration, User
from ..models.registrations import IS_ON, RegistrationStatus
from ..models.users import normalise_email
from ..services.registrations import (
    Guest,
    add_registration,
    cancel_registration,
    registered_as,
)
from ..validators import validate_text
from . import display
from .applications import ConsentInline
from .attendance import keeps_list
from .filters import StatusFilter
from .group_messages import GroupMessageViews
from .reading import note_about

BADGES = {
    RegistrationStatus.REGISTERED: "ready",
    RegistrationStatus.OFFERED: "new",
    RegistrationStatus.WAITING: "waiting",
    RegistrationStatus.INVITED: "waiting",
}
"""Status → class of its badge; all others are shown as over."""


class AddForm(ScopedModelForm[Registration]):
    """For somebody who asked by phone or in person."""

    user: User
    """Who adds the registration; set by the admin class below."""

    class Meta:
        model = Registration
        fields = ("event", "name", "email", "note")

    def _get_validation_exclusions(self) -> set[str]:
        """Skips the unique check: somebody who cancelled may be added again. :meth:`clean` refuses active ones."""
        kept = super()._get_validation_exclusions()  # type: ignore[misc]  # private in Django
        return {*kept, "email"}

    def clean_email(self) -> str:
        return normalise_email(self.cleaned_data["email"])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        event, name = data.get("event"), data.get("name", "")
        if event is not None and not keeps_list(self.user, event):
            self.add_error("event", _("Die Liste zu diesem Termin führt eine andere Stelle."))
        elif event is not None and name and "email" not in self.errors:
            guest = Guest(name=name, email=data.get("email", ""))
            if event.registrations.filter(registered_as(guest), status__in=IS_ON).exists():
                self.add_error("name", str(AlreadyRegistered()))
        return data


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Grund"),
        help_text=_("Freiwillig. Geht mit der Mail an die Person."),
        max_length=300,
        required=False,
        validators=[validate_text],
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
    )


class EventFilter(PresentFilter):
    """The latest events, each with its day: many have the same title."""

    MOST = 200
    further = _("Weitere Termine: auf der Seite des Termins steht, wer angemeldet ist.")

    def label(self, record: Event) -> str:
        day = date_format(timezone.localtime(record.starts_at), "SHORT_DATE_FORMAT")
        return f"{record.title}, {day}"


@admin.register(Registration)
class RegistrationAdmin(
    GroupMessageViews[Registration], ExportAdminMixin, ScopedModelAdmin[Registration]
):
    """The status changes only through the services; this form corrects name and note."""

    form = OnlyChangedForm[Registration]
    actions = ("write_to_all",)
    resource_classes = (RegistrationResource,)
    change_form_template = "admin/volunteers/registrations/change_form.html"
    list_display = ("name", "status_badge", "event", "starts_at", "email_link", "note", "attended")
    list_select_related = ("event", "organisation")
    list_filter = (
        ("status", StatusFilter),
        "attended",
        "preferred_language",
        ("event", EventFilter),
        ("organisation", PresentFilter),
    )
    search_fields = ("name", "email")
    search_help_text = _("Name oder E-Mail; Umlaute und Akzente sind egal.")
    date_hierarchy = "event__starts_at"
    ordering = ("-event__starts_at", "name__folded", "pk")
    inlines = (ConsentInline,)
    readonly_fields = (
        "event",
        "organisation",
        "status_badge",
        "offer_until",
        "attended",
        "email_link",
        "submitted_at",
        "confirmed_at",
    )
    fieldsets = (
        (None, {"fields": ("event", ("status_badge", "offer_until"), "attended", "organisation")}),
        (_("Person"), {"fields": ("name", "email_link", "preferred_language", "note")}),
        (_("Zeiten"), {"fields": (("submitted_at", "confirmed_at"),)}),
    )
    add_fieldsets = (
        (
            None,
            {
                "fields": ("event", "name", "email", "preferred_language", "note"),
                "description": _(
                    "Für Menschen, die Sie darum gebeten haben. Sie bekommen eine Mail mit ihrem "
                    "Platz oder, wenn nichts frei ist, mit ihrem Platz auf der Warteliste."
                ),
            },
        ),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Registration | None = None) -> Any:
        return super().get_fieldsets(request, obj) if obj else self.add_fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Registration | None = None) -> Any:
        return self.readonly_fields if obj else ()

    def get_inlines(self, request: HttpRequest, obj: Registration | None) -> Any:
        return self.inlines if obj else ()

    def get_form(
        self,
        request: HttpRequest,
        obj: Registration | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> Any:
        if obj is None:
            kwargs["form"] = type("AddForm", (AddForm,), {"user": request.user})
        return super().get_form(request, obj, change, **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "event":
            kwargs["queryset"] = Event.objects.visible_to(request.user).ahead()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Registration, form: Any, change: bool) -> None:
        """Save only the form's fields: somebody else may change the status at the same time."""
        if change:
            obj.save(update_fields=form.changed_data)
            return
        guest = Guest(
            name=obj.name,
            email=obj.email,
            note=obj.note,
            preferred_language=obj.preferred_language,
        )
        made = add_registration(event=obj.event, guest=guest)
        obj.__dict__.update(made.__dict__)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except DomainError as error:  # it was valid when the form was checked
            messages.error(request, str(error))
            return HttpResponseRedirect(request.get_full_path())

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.cancel_view)
        name = "volunteers_registration_cancel"
        return [
            path("<path:object_id>/absagen/", view, name=name),
            *self.group_message_urls(),
            *super().get_urls(),
        ]

    def cancel_view(self, request: UserRequest, object_id: str) -> HttpResponse:
        """Asks on GET, cancels on POST; the person gets a mail."""
        registration = self.get_object(request, object_id)
        if not self.has_change_permission(request, registration):
            raise PermissionDenied
        form = ReasonForm(request.POST if request.method == "POST" else None)
        back = admin_path(registration)
        if request.method == "POST" and form.is_valid():
            self._cancel(request, registration, form.cleaned_data["reason"])
            return HttpResponseRedirect(back)
        return self.page(
            request,
            "admin/volunteers/registrations/cancel.html",
            __("Anmeldung zurücknehmen"),
            subtitle=registration,
            registration=registration,
            form=form,
            note=note_about([registration], "registrations/cancelled"),
            back=back,
        )

    def _cancel(self, request: UserRequest, registration: Registration, reason: str) -> None:
        try:
            cancel_registration(registration=registration, by=request.user, reason=reason)
        except DomainError as error:
            messages.error(request, str(error))
            return
        text = __("Abgemeldet. Die Person bekommt eine Mail, und wer wartet, rückt nach.")
        messages.success(request, text)

    @admin.display(description=_("Status"), ordering="status")
    def status_badge(self, registration: Registration) -> SafeString:
        kind = BADGES.get(RegistrationStatus(registration.status), "withdrawn")
        label = registration.get_status_display()
        return format_html('<span class="badge badge-{}">{}</span>', kind, label)

    @admin.display(description=_("Beginn"), ordering="event__starts_at")
    def starts_at(self, registration: Registration) -> datetime.datetime:
        return registration.event.starts_at

    @admin.display(description=_("E-Mail"), ordering="email")
    def email_link(self, registration: Registration) -> SafeString | str:
        return display.mail_link(registration.email)
