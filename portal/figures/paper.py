"""„Bericht für den Sozialausschuss“ as PDF/UA: every figure with Stand and source, and the head of the chain."""

from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as __

from volunteers import papers

from .hiding import rule
from .measures import SPLITS
from .report import Part, Report, Row

TEMPLATE = Path(__file__).with_name("report.typ")
MOST_COLUMNS = 6
"""So many columns of a split have room on a page; the newest ones."""


def report_pdf(report: Report, *, inside: bool) -> bytes:
    """Raises ``CannotPrint`` for characters that no font has."""
    now = timezone.localtime()
    return papers.render(
        TEMPLATE,
        title=__("Bericht für den Sozialausschuss"),
        subtitle=__("Bürgerschaftliches Engagement in der Flüchtlingsarbeit und Integration"),
        period=report.chosen.period,
        made=__("Erstellt am %(day)s") % {"day": date_format(now, "j. F Y, H:i")},
        rule=__("Nur für das Haus: Zahlen der eigenen Organisation sind genau.")
        if inside
        else rule(),
        funnel_title=__("Von der Anmeldung zum Einsatz"),
        funnel=_rows(report.funnel),
        funnel_chart=_drawn("bars", report.funnel_chart),
        stated_title=__("Was die Stadt gezählt hat"),
        stated=[[f"{one.label} ({one.stand_label})", str(one.value)] for one in report.stated],
        stated_sources=[f"{one.label}: {one.source}" for one in report.stated],
        parts=[_part(report, part) for part in report.parts],
        chain_title=__("Prüfsumme"),
        chain=__(
            "Stand der Zahlenkette: Nummer %(number)s. Wer diesen Bericht aufhebt, kann damit später prüfen "
            "lassen, dass keine der Zahlen nachträglich geändert wurde."
        )
        % {"number": report.head.number},
        head=report.head.digest,
    )


def _part(report: Report, part: Part) -> dict[str, Any]:
    return {
        "title": str(part.measure.label),
        "what": str(part.measure.what),
        "stand": __("Stand: %(stand)s. Quelle: %(source)s")
        % {"stand": part.stand, "source": part.source},
        "trend": _drawn("line", part.trend) if part.trend else "",
        "trend_text": __("%(what)s im Lauf der Zeit, Zahlen in der Tabelle darunter")
        % {"what": part.measure.label},
        "months": _rows(part.months),
        "by": str(SPLITS[report.chosen.split]),
        "heads": part.heads[-MOST_COLUMNS:],
        "rows": [[row.label, *row.texts[-MOST_COLUMNS:]] for row in part.rows],
        "corrections": part.corrections,
        "nothing": __("Für diesen Zeitraum gibt es noch keine Zahl."),
    }


def _rows(rows: list[Row]) -> list[list[str]]:
    return [[row.label, *row.texts] for row in rows]


def _drawn(kind: str, chart: object) -> str:
    return render_to_string(f"admin/reports/_{kind}.html", {"chart": chart}).strip()
