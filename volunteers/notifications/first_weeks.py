"""Mails of the first weeks to both sides of a tandem, and to those who look after it."""

from django.utils.translation import gettext as _

from ..links import tandems as tandem_links
from ..models import MailKind, Tandem
from ..models.companions import Side
from ..reads.tandems import contact_for
from .speaking import to_side, to_staff
from .tandems import _send, _to_members, is_for_child


@to_side
def have_you_met(tandem: Tandem, side: Side) -> None:
    """„Haben Sie sich schon getroffen?“ with one link for each answer."""
    urls = {
        answer: tandem_links.first_meeting_url(tandem, side, answer) for answer in ("ja", "nein")
    }
    told = {"urls": urls, "name": contact_for(tandem, side).name, "kind": MailKind.CHECK_IN}
    _send(tandem, side, _("Haben Sie sich schon getroffen?"), "tandems/have_you_met", **told)


@to_side
def does_it_fit(tandem: Tandem, side: Side, *, trial_ends: bool = False) -> None:
    """„Passt es?“ with one link for each answer; ``trial_ends`` says that the trial phase ends."""
    answers = {"fits": "passt", "open": "offen", "no_fit": "passt-nicht"}
    urls = {
        fit: tandem_links.first_meeting_url(tandem, side, answer) for fit, answer in answers.items()
    }
    told = {"urls": urls, "name": contact_for(tandem, side).name, "kind": MailKind.CHECK_IN}
    subject = _("Ihre Schnupperphase endet bald: Passt es?") if trial_ends else _("Passt es?")
    _send(tandem, side, subject, "tandems/does_it_fit", trial_ends=trial_ends, **told)


def changed(tandem: Tandem, *, tell_members: bool) -> None:
    """To both sides, who learn neither who said it nor why; and to the members of the organisation."""
    for side in Side:
        _look_on(tandem, side)
    if tell_members:
        _tell_members_of_change(tandem)


@to_side
def _look_on(tandem: Tandem, side: Side) -> None:
    url = tandem_links.page_url_of(tandem, side)
    child = _("Wir suchen weiter für Ihr Kind")
    subject = child if is_for_child(tandem, side) else _("Wir suchen weiter für Sie")
    _send(tandem, side, subject, "tandems/changed", url=url)


@to_staff
def _tell_members_of_change(tandem: Tandem) -> None:
    _to_members(tandem, _("Ein Tandem wechselt"), "tandems/changed_members", "")


@to_side
def agreement_proposed(tandem: Tandem, side: Side) -> None:
    """To the other side; what was written stays in the portal."""
    told = {"url": tandem_links.agreement_url(tandem, side), "name": contact_for(tandem, side).name}
    subject = _("Ein Vorschlag für Ihre Absprache")
    _send(tandem, side, subject, "tandems/agreement_proposed", **told)


@to_side
def agreement_accepted(tandem: Tandem, side: Side) -> None:
    """To the side that proposed."""
    told = {"url": tandem_links.agreement_url(tandem, side), "name": contact_for(tandem, side).name}
    _send(tandem, side, _("Ihre Absprache gilt"), "tandems/agreement_accepted", **told)
