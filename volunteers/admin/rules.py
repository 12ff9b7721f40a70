"""„Was wäre, wenn“: the rules of the matching, rehearsed and switched; the list says which held when."""

import dataclasses
from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from programs.addresses import admin_path
from programs.admin.base import ScopedModelAdmin
from programs.requests import UserRequest

from ..figures import small_groups
from ..matching.rules import Rules, current
from ..models import MatchingRules
from ..services import rules as services
from ..validators import validate_single_line

LABELS = {
    "language": _("Punkte für eine gemeinsame Sprache außer Deutsch"),
    "german_only": _("Punkte, wenn nur Deutsch gemeinsam ist"),
    "same_district": _("Punkte für den gleichen Stadtbezirk"),
    "next_district": _("Punkte für den Nachbarbezirk"),
    "field": _("Punkte für jedes gemeinsame Thema (höchstens drei)"),
    "slot": _("Punkte für jede gemeinsame Zeit (höchstens vier)"),
    "waiting": _("Punkte für jede volle Woche Wartezeit"),
    "waiting_weeks": _("So viele Wochen Wartezeit zählen höchstens"),
    "needs_language": _("Nur mit gemeinsamer Sprache"),
    "needs_near": _("Nur im gleichen oder im Nachbarbezirk"),
}
MOST_POINTS = 100


class RulesForm(forms.Form):
    """The values of ``Rules``, one field each."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in dataclasses.fields(Rules):
            self.fields[field.name] = self._field(field.name, LABELS[field.name])

    def _field(self, name: str, label: Any) -> forms.Field:
        if isinstance(getattr(Rules, name), bool):
            return forms.BooleanField(label=label, required=False)
        return forms.IntegerField(label=label, min_value=0, max_value=MOST_POINTS)

    def rules(self) -> Rules:
        names = [field.name for field in dataclasses.fields(Rules)]
        return Rules(**{name: self.cleaned_data[name] for name in names})


class RehearsalForm(RulesForm):
    """Also a deadline for answers, which is rehearsed only."""

    days = forms.IntegerField(
        label=_("Tage, um auf einen Vorschlag zu antworten"), min_value=1, max_value=90
    )


class SwitchForm(RulesForm):
    note = forms.CharField(label=_("Warum"), max_length=300, validators=[validate_single_line])


def name_of(view: str) -> str:
    return f"volunteers_matchingrules_{view}"


@admin.register(MatchingRules)
class MatchingRulesAdmin(ScopedModelAdmin[MatchingRules]):
    """A log that nobody edits: a row is added by switching, after a rehearsal."""

    list_display = ("since", "by", "note")
    list_select_related = ("by",)
    fields = readonly_fields = ("since", "by", "note", "values")
    change_list_template = "admin/volunteers/rules/change_list.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Not by the form of Django's admin."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: MatchingRules | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: MatchingRules | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("probe/", wrap(self.rehearse_view), name=name_of("rehearse")),
            path("umstellen/", wrap(require_POST(self.switch_view)), name=name_of("switch")),
            *super().get_urls(),
        ]

    @admin.display(description=_("Regeln"))
    def values(self, kept: MatchingRules) -> str:
        rules = Rules.read(kept.rules).as_dict()
        return "\n".join(f"{LABELS[name]}: {_shown(value)}" for name, value in rules.items())

    def rehearse_view(self, request: UserRequest) -> HttpResponse:
        """Other rules beside the current ones. Only reads."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        now = current()
        initial = {**now.as_dict(), "days": settings.PROPOSAL_DAYS}
        asked = RehearsalForm(request.GET) if "days" in request.GET else None
        shown = asked or RehearsalForm(initial=initial)
        context: dict[str, Any] = {"form": shown, "may_switch": may_switch(request)}
        if asked is not None and asked.is_valid():
            tried, days = asked.rules(), asked.cleaned_data["days"]
            told = services.rehearse(tried=tried)
            shown_as = _exact if request.user.is_superuser else small_groups.shown
            answered, late = services.answered_after(days)
            context |= {"told": told, "sums": _counts(told, shown_as)}
            context |= {"answered": shown_as(answered), "late": shown_as(late)}
            context["is_rounded"] = not request.user.is_superuser
            context |= {"tried": tried.as_dict(), "days": days, "is_same": tried == now}
            context["set_days"] = settings.PROPOSAL_DAYS
        page = "admin/volunteers/rules/rehearse.html"
        return self.page(request, page, __("Was wäre, wenn …?"), **context)

    def switch_view(self, request: UserRequest) -> HttpResponse:
        """From now on other rules hold; logged with who and why."""
        if not may_switch(request):
            raise PermissionDenied
        form = SwitchForm(request.POST)
        if not form.is_valid():
            errors = " ".join(str(error) for found in form.errors.values() for error in found)
            messages.error(request, __("Nicht umgestellt. %(errors)s") % {"errors": errors})
            return HttpResponseRedirect(admin_path(MatchingRules, "rehearse"))
        if form.rules() == current():
            messages.info(request, __("Diese Regeln gelten schon."))
            return HttpResponseRedirect(admin_path(MatchingRules))
        note = form.cleaned_data["note"]
        made = services.switch(rules=form.rules(), note=note, by=request.user)
        self.log_addition(request, made, note)
        messages.success(request, __("Umgestellt. Die neuen Regeln gelten ab jetzt."))
        return HttpResponseRedirect(admin_path(MatchingRules))


def may_switch(request: UserRequest) -> bool:
    return request.user.has_perm("volunteers.add_matchingrules")


def _exact(count: int) -> small_groups.Shown:
    return count


def _counts(told: services.Rehearsal, shown: Callable[[int], small_groups.Shown]) -> dict[str, Any]:
    """The counts of people as the user may read them; days of few people are left out."""
    both = {
        name: {key: shown(value) for key, value in dataclasses.asdict(sums).items()}
        for name, sums in (("current", told.current), ("tried", told.tried))
    }
    for sums, cells in zip((told.current, told.tried), both.values(), strict=True):
        if shown is not _exact and sums.pairs < settings.SMALL_GROUP:
            cells["waiting_days"] = "–"
    return {**both, **{name: shown(getattr(told, name)) for name in ("gain", "lose", "other")}}


def _shown(value: int | bool) -> str:
    if isinstance(value, bool):
        return __("ja") if value else __("nein")
    return str(value)
