"""How the tandems are, in their list: what needs attention, last sign, mood, next step."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import F, Prefetch, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from programs.admin.base import ScopedAdminMixin, ScopedModelAdmin

from ..models import CheckIn, Tandem, TandemRule
from ..models.companions import TandemStatus
from ..reads import health
from ..reads.first_weeks import in_trial
from . import display
from .mood import mood

YEAR = datetime.timedelta(days=366)


class HealthColumns(ScopedAdminMixin[Tandem]):
    """Columns and order of the list; mixin for the admin of tandems."""

    show_full_result_count = False  # one count less

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        replied = CheckIn.objects.exclude(reply="").order_by("-replied_at")
        found: Any = super().get_queryset(request)
        found = found.prefetch_related(Prefetch("check_ins", replied, to_attr="replied"))
        found = found.prefetch_related("first_meetings")
        with_attention: QuerySet[Any] = health.with_attention(found)
        return with_attention

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """What needs attention first, of that what waits longest."""
        waits = F("needs_support_since").asc(nulls_last=True)
        return [F("attention").asc(), waits, "-proposed_at", "-pk"]

    def in_parts(self, request: HttpRequest, rows: QuerySet[Tandem]) -> Sequence[QuerySet[Tandem]]:
        """What needs attention follows from the day, so no index keeps that order: the newest first."""
        return (rows.order_by("-pk"),)

    @admin.display(description=_("braucht Aufmerksamkeit"), ordering="attention")
    def attention_mark(self, tandem: Tandem) -> SafeString | str:
        event = health.event_of(tandem)
        if event is None:
            return "–"
        text = __("%(event)s seit %(day)s") % {
            "event": event.label,
            "day": display.day_label(health.since(tandem, event)),
        }
        mark = '<span class="overdue"><span aria-hidden="true">⚠</span> {}</span>'
        return format_html(mark, text)

    @admin.display(description=_("zuletzt gehört"), ordering="last_heard")
    def last_heard_label(self, tandem: Any) -> str:
        """The last answer of either side; before the first one, the start."""
        if tandem.last_heard is None:
            return "–"
        return display.day_label(timezone.localdate(tandem.last_heard))

    @admin.display(description=_("Stimmung"))
    def mood(self, tandem: Tandem) -> SafeString | str:
        return mood(tandem)

    @admin.display(description=_("als Nächstes"))
    def next_step(self, tandem: Tandem) -> str:
        if tandem.status == TandemStatus.PROPOSED:
            return _answers(tandem)
        if tandem.status != TandemStatus.RUNNING:
            return "–"
        if tandem.is_held:
            return __("ruht, bis es weitergeht")
        if tandem.needs_support_since:
            return __("bei den beiden melden")
        if tandem.met_on is None:
            return __("erstes Treffen")
        if tandem.comes_along:
            return __("zweite Person bestätigen")
        return _running(tandem)


def _answers(tandem: Tandem) -> str:
    volunteer = tandem.get_volunteer_answer_display() or __("noch keine")
    newcomer = tandem.get_newcomer_answer_display() or __("noch keine")
    text = __("engagierte Person: %(volunteer)s, begleitete Person: %(newcomer)s")
    return text % {"volunteer": volunteer, "newcomer": newcomer}


def _running(tandem: Tandem) -> str:
    """The end of the trial phase, or the next check-in."""
    if in_trial(tandem) and tandem.trial_until:
        day = display.day_label(tandem.trial_until)
        return __("Schnupperphase bis %(day)s") % {"day": day}
    today = timezone.localdate()
    days = [day for day in tandem.check_in_days(today + YEAR) if day > today]
    if not days:
        return "–"
    return __("Rückfrage am %(day)s") % {"day": display.day_label(min(days))}


@admin.register(TandemRule)
class TandemRuleAdmin(ScopedModelAdmin[TandemRule]):
    """When tandems need attention, and who is told."""

    list_display = ("event", "days", "whom")
    list_filter = ("event", "whom")
    fields = ("event", "days", "whom")
