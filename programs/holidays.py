"""Public holidays in Baden-Württemberg (§ 1 Feiertagsgesetz Baden-Württemberg)."""

import datetime

from dateutil.easter import easter
from django.utils.translation import gettext_lazy as _

FIXED = {
    (1, 1): _("Neujahr"),
    (1, 6): _("Heilige Drei Könige"),
    (5, 1): _("Tag der Arbeit"),
    (10, 3): _("Tag der Deutschen Einheit"),
    (11, 1): _("Allerheiligen"),
    (12, 25): _("Weihnachten"),
    (12, 26): _("Weihnachten"),
}
"""(month, day) → name."""

AFTER_EASTER = {
    -2: _("Karfreitag"),
    1: _("Ostermontag"),
    39: _("Christi Himmelfahrt"),
    50: _("Pfingstmontag"),
    60: _("Fronleichnam"),
}
"""Days after Easter Sunday → name."""


def holiday_on(day: datetime.date) -> str:
    """The name of the public holiday; empty if ``day`` is none."""
    after_easter = (day - easter(day.year)).days
    return str(FIXED.get((day.month, day.day)) or AFTER_EASTER.get(after_easter) or "")
