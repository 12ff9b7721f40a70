"""Administration of events."""

import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from programs.exchange.admin import ExchangeAdminMixin
from programs.models import Event, Organisation
from programs.resources import EventResource

from .base import ScopedModelAdmin
from .forms import OnlyChangedForm
from .present import PresentFilter
from .slugs import SlugMixin


def start_of_week(day: datetime.date) -> datetime.datetime:
    """Monday 0:00 local time in the week of ``day``. Also correct if the clocks change in that week."""
    monday = day - datetime.timedelta(days=day.weekday())
    return timezone.make_aware(datetime.datetime.combine(monday, datetime.time.min))


def this_week() -> tuple[datetime.datetime, datetime.datetime]:
    """This week, from Monday 0:00 to the next Monday 0:00 (local time, end excluded)."""
    today = timezone.localdate()
    return start_of_week(today), start_of_week(today + datetime.timedelta(days=7))


class WhenFilter(admin.SimpleListFilter):
    title = _("Zeit")
    parameter_name = "zeit"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("woche", _("diese Woche")), ("kommend", _("kommende")), ("vorbei", _("vorbei"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "woche":
                start, end = this_week()
                return queryset.filter(starts_at__lt=end, ends_at__gte=start)
            case "kommend":
                return queryset.filter(ends_at__gte=timezone.now())
            case "vorbei":
                return queryset.filter(ends_at__lt=timezone.now())
        return queryset


@admin.register(Event)
class EventAdmin(ExchangeAdminMixin, SlugMixin[Event], ScopedModelAdmin[Event]):
    form = OnlyChangedForm[Event]
    resource_classes = (EventResource,)
    own_organisation_fields = ("organisation",)
    list_display: tuple[str, ...] = (
        "title",
        "kind",
        "starts_at",
        "place",
        "organisation",
        "is_published",
        "is_cancelled",
    )
    list_select_related = ("organisation",)
    list_filter: ClassVar[tuple[Any, ...]] = (
        WhenFilter,
        "kind",
        ("organisation", PresentFilter),
        ("district", PresentFilter),
        "takes_registrations",
        "is_published",
        "is_cancelled",
    )
    date_hierarchy = "starts_at"
    search_fields = ("title", "place", "summary")
    autocomplete_fields = ("organisation", "part_of", "district")
    ordering = ("-starts_at",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "title",
                    "slug",
                    "kind",
                    "organisation",
                    "part_of",
                    "summary",
                    "description",
                )
            },
        ),
        (_("Wann"), {"fields": ("starts_at", "ends_at")}),
        (_("Wo"), {"fields": ("place", "street", "district", "online_url", "access_note")}),
        (
            _("Teilnahme"),
            {
                "fields": (
                    "languages",
                    "childcare_note",
                    "takes_registrations",
                    ("capacity", "registration_until"),
                    "only_invited",
                    "asks_again",
                ),
            },
        ),
        (
            _("Qualifikation"),
            {
                "fields": (("qualification", "qualification_months"),),
                "description": _(
                    "Wer auf der Teilnahmeliste angehakt wird, hat diese Qualifikation."
                ),
            },
        ),
        (_("Zu sehen"), {"fields": ("is_published", "is_cancelled")}),
    )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Preselects the user's organisation if there is exactly one."""
        own = list(Organisation.objects.of(request.user)[:2])
        initial: dict[str, Any] = dict(super().get_changeform_initial_data(request))
        return {"organisation": own[0].pk, **initial} if len(own) == 1 else initial
