"""Hours: on the page of an application, and as a list to confirm and export."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from programs.addresses import admin_path
from programs.admin.base import ScopedModelAdmin
from programs.admin.forms import ScopedModelForm
from programs.admin.present import PresentFilter
from programs.requests import UserRequest, user_of

from ..errors import DomainError
from ..forms.hours import HoursForm
from ..lists.resources import HoursResource
from ..models import Application, HoursEntry
from ..reads import honours
from ..reads.engaged import is_engaged
from ..sections.thanks import this_year
from ..services import hours as services
from . import display
from .filters import ConfirmedFilter
from .panel import Panel
from .totals import TotalsViews

SHOWN = 12
"""Confirmed entries on the page of an application; unconfirmed ones are all shown."""


def report(request: UserRequest, done: int) -> None:
    text = ngettext(
        "%(count)d Eintrag ist jetzt bestätigt.", "%(count)d Einträge sind jetzt bestätigt.", done
    )
    messages.success(request, text % {"count": done})


class HoursPanel(Panel):
    template = "admin/volunteers/hours/_panel.html"
    permission = "volunteers.view_hoursentry"

    def context(self, request: HttpRequest, application: Application) -> dict[str, Any]:
        if not is_engaged(application):
            return {"engaged": False}
        entries = application.hours.select_related("district")
        may_change = request.user.has_perm("volunteers.change_hoursentry", application)
        return {
            "engaged": True,
            "application": application,
            "open": list(entries.unconfirmed()),
            "confirmed": list(entries.confirmed()[:SHOWN]),
            "sums": this_year(application.hours.all()),
            "may_change": may_change,
            "form": HoursForm() if may_change else None,
            "card": honours.card_known_to(application),
            "all_url": admin_path(HoursEntry, application__id__exact=application.pk),
        }

    def views(self) -> dict[str, Callable[..., HttpResponse]]:
        return {"hours": self.enter, "hours_confirm": require_POST(self.confirm)}

    def enter(self, request: UserRequest, object_id: int) -> HttpResponse:
        """Enter hours for the person; if they are refused, the form is shown on a page of its own."""
        application = self.find(request, object_id)
        form = HoursForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                services.note_hours(application=application, work=form.work(), by=request.user)
            except DomainError as error:
                form.refuse(error)
            else:
                messages.success(request, __("Die Stunden sind eingetragen und bestätigt."))
                return self.back(application)
        template, title = "admin/volunteers/hours/hours.html", __("Stunden eintragen")
        return self.page(request, application, template, title, form=form)

    def confirm(self, request: UserRequest, object_id: int) -> HttpResponse:
        """Confirm one or all, as the page showed them."""
        application = self.find(request, object_id)
        try:
            seen = request.POST.getlist("seen")
            done = services.confirm_hours(application=application, by=request.user, seen=seen)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            report(request, done)
        return self.back(application)


class HoursAdminForm(ScopedModelForm[HoursEntry]):
    """The form for corrections; the service has the rules."""

    class Meta:
        model = HoursEntry
        fields: ClassVar[Any] = ("on", "hours", "what", "district")
        localized_fields: ClassVar[Any] = ("hours",)

    def work(self) -> services.Work:
        data = self.cleaned_data
        return services.Work(on=data["on"], hours=data["hours"], what=data["what"])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                services.check(self.instance.application, self.work(), besides=self.instance)
            except services.HoursRefused as error:
                raise ValidationError({error.field: str(error)}) from error
            except DomainError as error:
                raise ValidationError(str(error)) from error
        return data


@admin.register(HoursEntry)
class HoursEntryAdmin(TotalsViews, ScopedModelAdmin[HoursEntry]):
    """New entries are made on the page of the application."""

    form = HoursAdminForm
    resource_classes = (HoursResource,)
    import_export_change_list_template = "admin/volunteers/hours/change_list.html"
    list_display = ("on", "hours_label", "what", "person", "wish", "district", "state")
    list_select_related = ("application__entry", "application__organisation", "district")
    list_filter = (
        ConfirmedFilter,
        ("application__organisation", PresentFilter),
        ("district", PresentFilter),
    )
    linked_lookups = ("application__id__exact",)
    date_hierarchy = "on"
    search_fields = ("application__name", "what")
    searches_apart = True
    search_help_text = _("Name oder was getan wurde.")
    ordering = ("-on", "-pk")
    fields = ("person", "wish", "on", "hours", "what", "district", "entered", "state")
    readonly_fields = ("person", "wish", "entered", "state")
    actions = ("confirm_selected",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("summen/", view(self.totals_view), name="volunteers_hoursentry_totals"),
            *super().get_urls(),
        ]

    def save_model(self, request: HttpRequest, obj: HoursEntry, form: Any, change: bool) -> None:
        """Saves through the service, which locks and checks again; then the district."""
        services.change_hours(entry=obj, work=form.work(), by=user_of(request))
        if "district" in form.changed_data:
            obj.save(update_fields=["district"])

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """If somebody else changed the entry at the same moment, shows an error and overwrites nothing."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except (DomainError, HoursEntry.DoesNotExist) as error:
            gone = services.HoursHaveChanged() if not isinstance(error, DomainError) else error
            messages.error(request, str(gone))
            return HttpResponseRedirect(admin_path(HoursEntry))

    @admin.action(description=_("Bestätigen"), permissions=["change"])
    def confirm_selected(self, request: UserRequest, queryset: QuerySet[HoursEntry]) -> None:
        """As the list showed them; with „alle auswählen“ as they are now, since no page shows all."""
        shown = None if request.POST.get("select_across") == "1" else request.POST.getlist("seen")
        try:
            done = services.confirm_chosen(entries=queryset, by=request.user, seen=shown)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            report(request, done)

    def action_checkbox(self, obj: HoursEntry) -> SafeString:
        """Django's, and what the row shows."""
        checkbox = super().action_checkbox(obj)
        return format_html('{}<input type="hidden" name="seen" value="{}">', checkbox, obj.seen)

    @admin.display(description=_("Stunden"), ordering="hours")
    def hours_label(self, entry: HoursEntry) -> str:
        return entry.hours_label

    @admin.display(description=_("Person"), ordering="application__name")
    def person(self, entry: HoursEntry) -> SafeString:
        url = admin_path(Application, "change", entry.application_id)
        return format_html('<a href="{}"><bdi>{}</bdi></a>', url, entry.application.name)

    @admin.display(description=_("Engagement"))
    def wish(self, entry: HoursEntry) -> str:
        return entry.application.wish

    @admin.display(description=_("eingetragen"))
    def entered(self, entry: HoursEntry) -> str:
        day = display.day_label(entry.entered_at.date())
        who = entry.entered_by or __("von der Person selbst")
        return f"{day}, {who}"

    @admin.display(description=_("Stand"), ordering="confirmed_at")
    def state(self, entry: HoursEntry) -> str:
        if entry.confirmed_at is None:
            return __("noch nicht bestätigt")
        return __("bestätigt am %(day)s") % {"day": display.day_label(entry.confirmed_at.date())}
