"""Why two people cannot be proposed to each other: every condition, met or missing.

The conditions are those of the suggestions and of ``services.tandems.propose``.
"""

from django.utils.translation import gettext as _

from programs.addresses import admin_path

from ..models import Application, CompanionRequest
from ..reads.starting import Line
from . import conditions
from .conditions import is_taken, pair_of
from .rules import current
from .suggestions import Verdict, for_tandems, judged


def explain(request: CompanionRequest, application: Application) -> tuple[list[Line], Verdict]:
    """The conditions, ``CONDITIONS`` in their order among them; and what speaks for and against the pair."""
    seeker, helper = pair_of(request, application)
    rules = current()
    lines = [_is_free(request), _counts_for_tandems(application)]
    for condition in conditions.conditions_of(rules):
        obstacle = condition.words(seeker, helper)
        path = admin_path(application) if obstacle and obstacle.can_be_mended else ""
        lines.append(Line(str(condition.title), obstacle.text if obstacle else "", path))
    return lines, judged(seeker, helper, rules)


def _is_free(request: CompanionRequest) -> Line:
    text = _("Für diese Suche gibt es schon einen Vorschlag oder ein Tandem, oder sie ist beendet.")
    missing = (text, admin_path(request)) if is_taken(request) else ()
    return Line(_("Die Suche ist offen und ohne Vorschlag"), *missing)


def _counts_for_tandems(application: Application) -> Line:
    text = _("Diese Person ist in einem Einsatz, der kein Tandem ist, zum Beispiel in einem Café.")
    title = _("Die Anmeldung kann zu einem Tandem führen")
    return Line(title, "" if for_tandems(application) else text)
