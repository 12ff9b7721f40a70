"""The retention report, for the Portalverwaltung: what the job deleted, and by which rules."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from programs.admin.base import ScopedModelAdmin
from programs.admin.pages import ReadOnlyMixin

from ..models import RetentionRun
from ..privacy.retention import ALL
from ..privacy.rules import RULES


def label_of(key: str) -> str:
    """The name of a rule; the key itself if the rule no longer exists."""
    if key == ALL:
        return str(_("Alle Regeln durchlaufen; gelöscht zusammen"))
    return next((str(rule.label) for rule in RULES if rule.key == key), key)


class RuleFilter(admin.SimpleListFilter):
    title = _("Regel")
    parameter_name = "rule"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(key, label_of(key)) for key in (ALL, *_keys())]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(rule=self.value()) if self.value() else queryset


def _keys() -> list[str]:
    return [rule.key for rule in RULES]


@admin.register(RetentionRun)
class RetentionRunAdmin(ReadOnlyMixin[RetentionRun], ScopedModelAdmin[RetentionRun]):
    """Written by the job, read by the Portalverwaltung; the rules are shown above the list."""

    list_display = ("at", "rule_label", "count")
    list_filter = (RuleFilter,)
    date_hierarchy = "at"
    change_list_template = "admin/volunteers/retention/change_list.html"
    fields = readonly_fields = ("at", "rule_label", "count")

    @admin.display(description=_("Regel"), ordering="rule")
    def rule_label(self, run: RetentionRun) -> str:
        return label_of(run.rule)

    @admin.display(description=_("Anzahl"), ordering="deleted")
    def count(self, run: RetentionRun) -> int:
        return run.deleted

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        latest = RetentionRun.objects.filter(rule=ALL).order_by("-at").first()
        rules = [(rule.label, rule.period()) for rule in RULES]
        context = {"rules": rules, "latest": latest, **(extra_context or {})}
        return super().changelist_view(request, context)
