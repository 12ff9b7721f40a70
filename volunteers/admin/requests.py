"""People who look for a companion: the list, entering a request for somebody, handing on, closing."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from programs.addresses import admin_path
from programs.admin.base import ScopedModelAdmin
from programs.admin.forms import OnlyChangedForm
from programs.admin.present import PresentFilter
from programs.admin.timeline import TimelineMixin
from programs.exchange.admin import ExportAdminMixin
from programs.models import Organisation, Programme
from programs.requests import UserRequest, user_of
from programs.timelines import Part

from ..errors import DomainError
from ..forms.guardians import PaperForm
from ..links.tandems import agree_url
from ..lists.tandems import RequestResource
from ..models import CompanionRequest
from ..models.companions import WANTED, RequestStatus
from ..reads.answering import looked_after
from ..services import requests as services
from ..services.guardians import agree_on_paper
from . import display, timelines
from .card import AGREED, card_of_request
from .erasing import ErasingAdmin
from .filters import StatusFilter
from .matching import MatchingViews
from .request_forms import EnterForm, StepForm
from .stepping import SteppingMixin
from .tandem_filters import LapsedFilter, RequestLanguageFilter

REACHED_BY = ("name", "email", "phone")


@admin.register(CompanionRequest)
class CompanionRequestAdmin(
    ErasingAdmin[CompanionRequest],
    SteppingMixin[CompanionRequest],
    MatchingViews,
    TimelineMixin[CompanionRequest],
    ExportAdminMixin,
    ScopedModelAdmin[CompanionRequest],
):
    """The status follows from other actions; only the Portalverwaltung can delete a person."""

    form = OnlyChangedForm[CompanionRequest]
    resource_classes = (RequestResource,)
    change_form_template = "admin/volunteers/companions/change_form.html"
    import_export_change_list_template = "admin/volunteers/companions/change_list.html"
    list_display = (
        "meant",
        "state",
        "since",
        "language_names",
        "district",
        "wished",
        "age_group",
        "organisation_name",
    )
    list_select_related = ("organisation", "district", "programme", "asker")
    list_filter = (
        ("status", StatusFilter),
        LapsedFilter,
        ("organisation", PresentFilter),
        ("programme", PresentFilter),
        RequestLanguageFilter,
        "preferred_language",
        ("district", PresentFilter),
        "wish",
        "age_group",
    )
    period_of = "submitted_at"
    search_fields = ("name", "child_name", "email", "phone")
    search_help_text = _("Name, E-Mail oder Telefon")
    ordering = ("submitted_at", "pk")
    radio_fields = {"wish": admin.VERTICAL, "companions": admin.VERTICAL}
    readonly_fields = (
        "state",
        "programme",
        "organisation_name",
        "submitted_at",
        "confirmed_at",
        "entered_by",
        *AGREED,
        "asked_for",
        "mail_link",
        "phone_link",
    )

    def get_fieldsets(self, request: HttpRequest, obj: CompanionRequest | None = None) -> Any:
        wanted = (
            _("Was die Person braucht"),
            {"fields": [one for one in WANTED if one not in (*REACHED_BY, "asked_for")]},
        )
        if obj is None:
            first = ("programme", "organisation", *REACHED_BY, "consent")
            hint = _(
                "Nur, wenn die Person es möchte. Eine E-Mail-Adresse oder eine Telefonnummer genügt. "
                "Bitte nichts über Aufenthaltsstatus, Gesundheit oder Religion aufschreiben."
            )
            return ((None, {"fields": first, "description": hint}), wanted)
        dates = ("submitted_at", "confirmed_at")
        head = ("state", "asked_for", "programme", "organisation_name", dates, "entered_by")
        person = ("name", "mail_link", "phone_link", "phone")
        groups = [(None, {"fields": head}), (_("Person"), {"fields": person}), wanted]
        if obj.is_for_child or obj.asker_id:
            groups.insert(2, (_("Einwilligung"), {"fields": AGREED}))
        return tuple(groups)

    def get_readonly_fields(self, request: HttpRequest, obj: CompanionRequest | None = None) -> Any:
        return self.readonly_fields if obj is not None else ()

    def get_form(
        self,
        request: HttpRequest,
        obj: CompanionRequest | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> Any:
        if obj is None:
            kwargs["form"] = EnterForm
        return super().get_form(request, obj, change, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Without unconfirmed ones, which nobody may see, not even the Portalverwaltung."""
        return super().get_queryset(request).exclude(status=RequestStatus.UNCONFIRMED)

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> "forms.ModelChoiceField[Any] | None":
        """Only the user's own organisations: a department sees no people of its organisations."""
        if db_field.name == "programme":
            kwargs["queryset"] = Programme.objects.filter(makes_tandems=True)
        if db_field.name == "organisation":
            kwargs |= self._own_organisations(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_choice_field(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> forms.TypedChoiceField | None:
        """Offers „no wish“ as a choice, too."""
        if db_field.name == "wish":
            kwargs["choices"] = [("", _("egal")), *CompanionRequest.Wish.choices]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def _own_organisations(self, request: HttpRequest) -> dict[str, Any]:
        user = request.user
        everything = user.is_superuser
        own = Organisation.objects.with_staff() if everything else Organisation.objects.of(user)
        for_office = everything or own.clearing().exists()
        own = own.order_by("title")
        initial = own.first() if not everything else None
        return {"queryset": own, "required": not for_office, "initial": initial}

    def save_model(
        self, request: HttpRequest, obj: CompanionRequest, form: Any, change: bool
    ) -> None:
        if change:  # the status may be moving
            obj.save(update_fields=form.columns())
            return
        data = form.cleaned_data
        made = services.enter_request(
            programme=data["programme"],
            organisation=data["organisation"],
            answers={name: data[name] for name in WANTED},
            by=user_of(request),
        )
        obj.__dict__.update(made.__dict__)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except DomainError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(request.get_full_path())

    def get_urls(self) -> list[URLPattern]:
        return [*self.matching_urls(), *super().get_urls()]

    def step_view(self, request: UserRequest, object_id: int, step: str) -> HttpResponse:
        """Hand on or close: asks on GET, acts on POST."""
        found = self.changeable(request, object_id)
        if step not in STEPS:
            raise Http404
        data = request.POST if request.method == "POST" else None
        form: forms.Form = StepForm(data, step=step)
        if step == "einwilligung":
            form = PaperForm(data, request=found)
        if request.method == "POST" and form.is_valid():
            return self._take_step(request, found, step, form)
        danger = step == "schliessen"
        return self.step_page(request, found, form, STEPS[step], http_status=200, danger=danger)

    def _take_step(
        self, request: UserRequest, found: CompanionRequest, step: str, form: forms.Form
    ) -> HttpResponse:
        back = admin_path(found)
        try:
            if step == "uebergeben":
                to = form.cleaned_data["organisation"]
                found = services.hand_on_request(request=found, organisation=to, by=request.user)
                note = __("Übergeben an: %(who)s") % {"who": looked_after(found)}
                back = admin_path(CompanionRequest)
            elif isinstance(form, PaperForm):
                found = agree_on_paper(request=found, agreement=form.agreement(), by=request.user)
                note = __("Einwilligung auf Papier eingetragen.")
            else:
                services.close_request(request=found)
                note = __("Suche abgeschlossen.")
        except DomainError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(back)
        text = " ".join(filter(None, [note, form.cleaned_data.get("note")]))
        self.log_change(request, found, text)
        messages.success(request, note)
        return HttpResponseRedirect(back)

    def timeline_of(self, request: UserRequest, record: CompanionRequest) -> list[Part]:
        return timelines.of_request(record, request.user)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        found = context.get("original")
        context["card"] = card_of_request(found) if found is not None else None
        if found is not None and self.has_change_permission(request, found):
            tandems = found.tandems.visible_to(request.user).select_related("application")
            context["tandems"] = list(tandems.order_by("-proposed_at"))
            context["may_propose"] = found.has_room()
            context["history_rows"] = _history(found)
            if found.status == RequestStatus.AWAITING:
                context["agree_url"] = url = agree_url(found)
                context["agree_text"] = __("Bitte sagen Sie hier Ja oder Nein: %(url)s") % {
                    "url": url
                }
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("Status"), ordering="status")
    def state(self, request: CompanionRequest) -> SafeString:
        return display.badge(request.status, request.get_status_display())

    @admin.display(description=_("Name"), ordering="name")
    def meant(self, request: CompanionRequest) -> str:
        """With the guardian, if it is for a child."""
        child = request.child_name
        return f"{child} ({request.name})" if child else request.name

    @admin.display(description=_("wartet seit"), ordering="confirmed_at")
    def since(self, request: CompanionRequest) -> str:
        return timesince(request.confirmed_at or request.submitted_at, timezone.now(), depth=1)

    @admin.display(description=_("Sprachen"))
    def language_names(self, request: CompanionRequest) -> str:
        return ", ".join(request.language_labels) or "–"

    @admin.display(description=_("wünscht sich"), ordering="wish")
    def wished(self, request: CompanionRequest) -> str:
        return request.get_wish_display() if request.wish else __("egal")

    @admin.display(description=_("betreut von"), ordering="organisation__title")
    def organisation_name(self, request: CompanionRequest) -> str:
        return looked_after(request)

    @admin.display(description=_("E-Mail"))
    def mail_link(self, request: CompanionRequest) -> SafeString | str:
        return display.mail_link(request.email)

    @admin.display(description=_("Anrufen"))
    def phone_link(self, request: CompanionRequest) -> str:
        return display.phone_link(request.phone)


STEPS = {
    "uebergeben": _("Suche übergeben"),
    "schliessen": _("Suche abschließen"),
    "einwilligung": _("Einwilligung auf Papier eintragen"),
}


def _history(found: CompanionRequest) -> list[LogEntry]:
    """The admin log of the request: entered, changed, handed on, closed."""
    entries = LogEntry.objects.filter(
        content_type__app_label="volunteers",
        content_type__model="companionrequest",
        object_id=str(found.pk),
    )
    return list(entries.select_related("user", "content_type").order_by("action_time"))
