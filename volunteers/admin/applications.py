"""Applications: the worklist, the page of one application, and its changes of status."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Case, Exists, F, OuterRef, QuerySet, When
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from programs.addresses import admin_path
from programs.admin.base import ReadOnlyInline, ScopedModelAdmin
from programs.admin.pages import ComesAndStaysMixin
from programs.admin.present import PresentFilter
from programs.admin.timeline import TimelineMixin
from programs.exchange.admin import ExportAdminMixin
from programs.requests import UserRequest
from programs.timelines import Part

from ..lists.resources import ApplicationResource
from ..models import Application, Consent, OutgoingMail, Tandem
from ..models.profile import MORE
from ..models.questions import APPLICATION, Section
from ..models.statuses import Status
from ..reads import known, timeline
from ..services import groups
from . import display, timelines
from .answering import AnsweringViews
from .application_form import ApplicationForm
from .asked import asked_in, in_model_order
from .card import card_of_application
from .filters import (
    DistrictFilter,
    FieldFilter,
    LanguageFilter,
    MessageFilter,
    OverdueFilter,
    PreparationFilter,
    ReachedFilter,
    StatusFilter,
    WaitingFilter,
    WishKindFilter,
)
from .group_messages import GroupMessageViews
from .panel import Panel, there_is
from .panels import PANELS
from .statuses import STEP_NAMES, StatusViews

PERSON = asked_in(APPLICATION, Section.FIRST)
GROUP = asked_in(APPLICATION, Section.GROUP)


THERE_IS = {
    "has_tandems": Exists(Tandem.objects.filter(application=OuterRef("pk"))),
    "has_refused_mail": Exists(OutgoingMail.objects.that_show_a_dead_address(OuterRef("email"))),
    "shares_mailbox": Exists(
        Application.objects.filter(email=OuterRef("email")).exclude(pk=OuterRef("pk"))
    ),
}
"""What most applications do not have, so their page need not read it; asked with the application itself."""


class ConsentInline(ReadOnlyInline[Consent, Application]):
    model = Consent
    fields = ("purpose", "text_version", "given_at", "withdrawn_at")
    readonly_fields = fields


@admin.register(Application)
class ApplicationAdmin(
    StatusViews,
    AnsweringViews,
    GroupMessageViews[Application],
    TimelineMixin[Application],
    ExportAdminMixin,
    ComesAndStaysMixin[Application],
    ScopedModelAdmin[Application],
):
    """Applications are neither added nor deleted here, and the status changes by its table only."""

    form = ApplicationForm
    actions = [*StatusViews.actions, "write_to_all"]
    resource_classes = (ApplicationResource,)
    change_form_template = "admin/volunteers/applications/change_form.html"
    list_display = (
        "who",
        "status_badge",
        "answer_mark",
        "wish",
        "district_names",
        "since",
        "organisation",
    )
    list_select_related = ("entry", "organisation")
    list_filter = (
        ("status", StatusFilter),
        OverdueFilter,
        WaitingFilter,
        MessageFilter,
        PreparationFilter,
        ReachedFilter,
        ("organisation", PresentFilter),
        WishKindFilter,
        FieldFilter,
        DistrictFilter,
        LanguageFilter,
        "preferred_language",
    )
    period_of = "submitted_at"
    search_fields = ("name", "email", "group_name")
    search_help_text = _("Name, Gruppe oder E-Mail; Umlaute und Akzente sind egal.")
    ordering = ("-submitted_at", "-pk")
    kept_in_order = ("who", "since")
    also_read = ("entry__programme_entry", "entry__opportunity_entry__part_of__programme_entry")
    inlines = (ConsentInline,)
    readonly_fields = (
        "wish",
        "organisation",
        "status_badge",
        "answer_mark",
        "submitted_at",
        "confirmed_at",
        "mail_link",
        "phone_link",
        "age",
        "message",
        "decline_reason",
    )
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("status_badge", "answer_mark"),
                    "wish",
                    "organisation",
                    *asked_in(APPLICATION, Section.LAST),
                    "decline_reason",
                    ("submitted_at", "confirmed_at"),
                )
            },
        ),
        (
            _("Person"),
            {
                "fields": ("name", "mail_link", "phone_link", *PERSON[2:], GROUP),
                "description": _(
                    "Korrigieren Sie hier, was die Person Ihnen mitteilt. Die Adresse ändert nur sie selbst."
                ),
            },
        ),
        (
            _("Was sie mitbringt"),
            {
                "fields": (
                    *in_model_order(APPLICATION, Section.MORE),
                    in_model_order(APPLICATION, Section.TANDEM),
                )
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        if request.resolver_match and "object_id" in request.resolver_match.kwargs:
            return rows.annotate(**THERE_IS)  # its form reads districts with what can be chosen
        return rows.prefetch_related("districts")

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """Overdue ones first, the longest waiting at the top; then the newest."""
        overdue = Case(
            When(status=Status.NEW, answer_by__lt=timezone.localdate(), then=F("answer_by"))
        )
        return [overdue.asc(nulls_last=True), *self.ordering]

    def in_parts(self, request: HttpRequest, rows: QuerySet[Any]) -> Sequence[QuerySet[Any]]:
        """The same order for any number: overdue ones by one index, then all others by another."""
        overdue = {"status": Status.NEW, "answer_by__lt": timezone.localdate()}
        late = rows.filter(**overdue).order_by("answer_by", *self.ordering)
        return late, rows.exclude(**overdue).order_by(*self.ordering)

    def save_model(self, request: HttpRequest, obj: Application, form: Any, change: bool) -> None:
        """Save only the form's fields: somebody else may change the status at the same time."""
        if not {one.name for one in MORE}.isdisjoint(form.changed_data):
            Application.objects.filter(pk=obj.pk).update(more_asked=True)
        obj.save(update_fields=form.columns())
        if "group_size" in form.changed_data:
            groups.resized(application=obj, were=form.initial["group_size"] or 1)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        prefix = "volunteers_application"
        return [
            path(
                "status/", view(require_POST(self.bulk_status_view)), name=f"{prefix}_bulk_status"
            ),
            path(
                "<path:object_id>/status/<slug:status>/",
                view(self.status_view),
                name=f"{prefix}_status",
            ),
            *self.answering_urls(),
            *self.group_message_urls(),
            *(url for panel in self.panels() for url in panel.urls()),
            *super().get_urls(),
        ]

    def timeline_of(self, request: UserRequest, record: Application) -> list[Part]:
        return timelines.of_application(record, request.user)

    def panels(self) -> list[Panel]:
        return [panel(self) for panel in PANELS]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        application: Application = context["original"]
        timeline.read_all(application)
        context["card"] = card_of_application(application)
        if self.has_change_permission(request, application):
            context["next_steps"] = [
                (
                    status,
                    STEP_NAMES[status],
                    admin_path(application, "status", status.value),
                )
                for status in self.offered(application)
            ]
            context["hand_on_url"] = self.hand_on_url(application)
        if there_is(application, "has_refused_mail"):
            refused = OutgoingMail.objects.that_show_a_dead_address(application.email)
            context["refused_mail"] = refused.first()
        if there_is(application, "shares_mailbox"):
            context["same_mailbox"] = known.others_at(application, request.user)
        context["panels"] = [
            {"template": panel.template, **panel.context(request, application)}
            for panel in self.panels()
            if request.user.has_perm(panel.permission, application)
        ]
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("Name"), ordering="name")
    def who(self, application: Application) -> str:
        return display.with_group(application)

    @admin.display(description=_("Angebot"), ordering="entry__title")
    def wish(self, application: Application) -> str:
        return application.wish

    @admin.display(description=_("Stadtbezirke"))
    def district_names(self, application: Application) -> str:
        return display.names(application.districts)

    @admin.display(description=_("Status"), ordering="status")
    def status_badge(self, application: Application) -> SafeString:
        return display.status_badge(application.status)

    @admin.display(description=_("Antwort bis"), ordering="answer_by")
    def answer_mark(self, application: Application) -> str:
        return display.answer_mark(application)

    @admin.display(description=_("seit"), ordering="submitted_at")
    def since(self, application: Application) -> str:
        return timesince(
            application.confirmed_at or application.submitted_at, timezone.now(), depth=1
        )

    @admin.display(description=_("E-Mail"))
    def mail_link(self, application: Application) -> SafeString | str:
        return display.mail_link(application.email)

    @admin.display(description=_("Anrufen"))
    def phone_link(self, application: Application) -> str:
        return display.phone_link(application.phone)
