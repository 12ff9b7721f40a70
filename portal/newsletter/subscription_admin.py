"""„Newsletter-Bestellungen“: who gets it."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from programs.models.choices import labels
from volunteers.admin.filters import StatusFilter
from volunteers.admin.standing_orders import StandingOrderAdmin

from .models import Subscription, Topic
from .texts import TEXTS


@admin.register(Subscription)
class SubscriptionAdmin(StandingOrderAdmin[Subscription]):
    texts = TEXTS
    ended = _("Abbestellt. An diese Adresse geht keine Ausgabe mehr.")
    list_display = ("email", "about", "language", "state", "confirmed_at", "hard_bounces")
    list_filter = (
        ("status", StatusFilter),
        "language",
        ("stopped_at", admin.EmptyFieldListFilter),
    )
    search_fields = ("email",)
    search_help_text = _("Teil der E-Mail-Adresse")
    fields = (
        *("email", "state", "about", "chosen_districts", "language"),
        *("submitted_at", "confirmed_at", "agreed", "changed_at", "ended_at"),
        *("hard_bounces", "late_bounces", "stopped_at"),
    )
    readonly_fields = fields

    @admin.display(description=_("Themen"))
    def about(self, subscription: Subscription) -> str:
        return ", ".join(labels(Topic, subscription.topics))

    @admin.display(description=_("Stadtbezirke"))
    def chosen_districts(self, subscription: Subscription) -> str:
        return ", ".join(map(str, subscription.districts.all())) or "–"
