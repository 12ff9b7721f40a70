"""The questions of the first weeks on the page of one side of a running tandem."""

from typing import Any

from django.utils.translation import gettext as _

from ..links import tandems as tandem_links
from ..models import Fit, Tandem
from ..models.companions import Side
from ..reads.agreements import agreements_of
from ..reads.first_weeks import in_trial, is_fresh, said_by


def of_side(tandem: Tandem, side: Side) -> dict[str, Any]:
    """Which question is open: until it has met, later until this side has said that it fits."""
    said = said_by(tandem, side)
    fit = said.fit if said else ""
    asks = is_fresh(tandem) and tandem.met_on is not None
    return {
        "trial_until": tandem.trial_until if in_trial(tandem) else None,
        "has_met": tandem.met_on is not None,
        "asks_met": tandem.met_on is None,
        "asks_fit": asks and fit in {"", Fit.OPEN},
        "is_asked": asks and not fit,
        "met": _links(tandem, side, (("ja", _("Ja")), ("nein", _("Nein, noch nicht")))),
        "fit": _links(
            tandem,
            side,
            (
                ("passt", _("Ja, es passt")),
                ("offen", _("Noch offen")),
                ("passt-nicht", _("Es passt nicht")),
            ),
        ),
        "agreement": _agreement(tandem, side),
        "url": tandem_links.first_meeting_path(tandem, side, "frage"),
    }


def _agreement(tandem: Tandem, side: Side) -> dict[str, Any]:
    now = agreements_of(tandem)
    return {
        "since": now.accepted.accepted_at if now.accepted else None,
        "waits_for_me": now.waiting is not None and now.waiting.proposed_by != side,
        "url": tandem_links.agreement_path(tandem, side),
    }


def _links(
    tandem: Tandem, side: Side, answers: tuple[tuple[str, str], ...]
) -> list[tuple[str, str]]:
    return [
        (label, tandem_links.first_meeting_path(tandem, side, answer)) for answer, label in answers
    ]
