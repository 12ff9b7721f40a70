"""Volunteers, as far as an organisation knows them (``volunteers/reads/known.py``)."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from programs.addresses import admin_path
from programs.admin.base import ReadOnlyInline, ScopedModelAdmin
from programs.admin.searching import wanted_of
from programs.admin.timeline import TimelineMixin
from programs.exchange.admin import ExchangeAdminMixin
from programs.requests import UserRequest, user_of
from programs.timelines import Part

from ..lists.people import VolunteerResource
from ..models import Application, Volunteer
from ..models.questions import VOLUNTEER, Section
from ..reads import known
from . import display, timelines
from .asked import asked_in, in_model_order
from .card import card_of_volunteer
from .doubles import DoublesMixin
from .erasing import ErasingAdmin
from .filters import DistrictFilter, FieldFilter, LanguageFilter


class ApplicationsInline(ReadOnlyInline[Application, Volunteer]):
    model = Application
    fk_name = "volunteer"
    fields = ("wish", "organisation", "status", "submitted_at")
    readonly_fields = fields
    show_change_link = True
    classes = ()
    verbose_name_plural = _("Anmeldungen")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Application]:
        return Application.objects.visible_to(request.user).select_related("entry", "organisation")

    @admin.display(description=_("Angebot"))
    def wish(self, application: Application) -> str:
        return application.wish


@admin.register(Volunteer)
class VolunteerAdmin(
    DoublesMixin,
    ErasingAdmin[Volunteer],
    TimelineMixin[Volunteer],
    ExchangeAdminMixin,
    ScopedModelAdmin[Volunteer],
):
    """The list of people for all staff; the records themselves for the Portalverwaltung only."""

    change_form_template = "admin/volunteers/people/change_form.html"
    import_export_change_list_template = "admin/volunteers/people/change_list.html"
    resource_classes = (VolunteerResource,)
    list_display = (
        "person",
        "email_link",
        "phone_number",
        "language_names",
        "district_names",
        "known_from",
    )
    list_display_links = None
    list_filter = (LanguageFilter, DistrictFilter, FieldFilter, "preferred_language")
    search_help_text = _("Name oder E-Mail; Umlaute und Akzente sind egal.")
    search_fields = known.SEARCHED
    ordering = ("email",)
    inlines = (ApplicationsInline,)
    readonly_fields = ("created_at", "updated_at")
    autocomplete_fields = ("user",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    *asked_in(VOLUNTEER, Section.FIRST),
                    *asked_in(VOLUNTEER, Section.LAST),
                    "user",
                )
            },
        ),
        (_("Was sie mitbringt"), {"fields": in_model_order(VOLUNTEER, Section.MORE)}),
        (_("Zeiten"), {"fields": ("created_at", "updated_at")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        queryset = known.with_applications(super().get_queryset(request), user_of(request))
        return (
            queryset.prefetch_related("districts") if known.sees_records(request.user) else queryset
        )

    def find_words(
        self, request: HttpRequest, queryset: QuerySet[Any], words: list[str]
    ) -> QuerySet[Any]:
        return known.find_people(queryset, user_of(request), words, wanted=wanted_of(request))

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        if not known.sees_records(request.user):
            raise Http404
        return super().get_object(request, object_id, from_field)

    def opens(self, request: HttpRequest, record: Volunteer) -> bool:
        return known.sees_records(request.user) and super().opens(request, record)

    def offers_action(self, request: HttpRequest, name: str) -> bool:
        """Actions select rows by the record's primary key, so only users who may see records have actions."""
        return known.sees_records(request.user) and super().offers_action(request, name)

    def timeline_of(self, request: UserRequest, record: Volunteer) -> list[Part]:
        return timelines.of_volunteer(record, request.user)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        context["card"] = card_of_volunteer(context["original"])
        return super().render_change_form(request, context, *args, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        """Columns that show each person with the data that the user may see."""
        user = user_of(request)

        def column(name: str) -> Any:
            @admin.display(description=COLUMNS[name])
            def read(volunteer: Volunteer) -> Any:
                return getattr(self, name)(volunteer, known.known_as(volunteer, user))

            read.__name__ = name
            return read

        return tuple(column(name) for name in COLUMNS)

    def person(self, volunteer: Volunteer, record: Application | Volunteer) -> SafeString:
        return format_html('<a href="{}">{}</a>', admin_path(record), record.name)

    def email_link(self, volunteer: Volunteer, record: Application | Volunteer) -> SafeString | str:
        return display.mail_link(record.email)

    def phone_number(self, volunteer: Volunteer, record: Application | Volunteer) -> str:
        return display.phone_link(record.phone)

    def language_names(self, volunteer: Volunteer, record: Application | Volunteer) -> str:
        return ", ".join(record.language_labels) or "–"

    def district_names(self, volunteer: Volunteer, record: Application | Volunteer) -> str:
        return display.names(record.districts)

    def known_from(self, volunteer: Volunteer, record: Application | Volunteer) -> SafeString | str:
        return display.rows(
            [
                (
                    admin_path(application),
                    f"{application.wish} ({application.get_status_display()})",
                )
                for application in known.in_sight(volunteer)
            ]
        )


COLUMNS = {
    "person": _("Name"),
    "email_link": _("E-Mail"),
    "phone_number": _("Telefon"),
    "language_names": _("Sprachen"),
    "district_names": _("Stadtbezirke"),
    "known_from": _("Anmeldungen"),
}
